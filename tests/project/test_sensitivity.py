"""Sensitivity analyses of a project: which are run, what is written, and what is refused."""

import json
import shutil
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.analysis_file.read import read_analysis
from ipdma.cli import main
from ipdma.project.sensitivity import chosen_by_file, list_sensitivities

pytestmark = pytest.mark.filterwarnings("ignore::ipdma.errors.SamplingWarning")  # few draws on purpose
QUICK = "sampling: {seed: 1, draws: 200, tune: 300}"
NAMED = """
sensitivity:
  - effect_prior
  - metric
  - {name: adults under 50, change: {include: "age_years < 50"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "review"
    shutil.copytree(data_schemas() / "scaffold", folder)
    return folder


def write(project: Path, text: str) -> None:
    path = project / "analysis.yaml"
    said = path.read_text(encoding="utf-8").replace("sampling: {seed: 1}", QUICK)
    path.write_text(said + text, encoding="utf-8", newline="\n")


def test_the_list_names_all_of_them_and_stars_those_of_the_project(project: Path, capsys) -> None:
    assert main(["sensitivity", "--list"]) == 0
    assert "  leave_one_trial_out  each trial left out in turn" in capsys.readouterr().out
    write(project, NAMED)
    lines = list_sensitivities(project).lines
    assert [line[2:].split("  ")[0] for line in lines if line.startswith("* ")][:-1] == [
        "effect_prior",
        "metric",
        "adults under 50",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "tau_priors"], "no sensitivity analysis 'tau_priors', did you mean 'tau_prior'?"),
        ([], "analysis.yaml names no sensitivity analysis. Add sensitivity: "),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(
    project: Path, capsys, arguments: list[str], message: str
) -> None:
    before = sorted(project.rglob("*"))
    assert main(["sensitivity", str(project), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert sorted(project.rglob("*")) == before


def test_without_a_folder_the_command_says_what_is_missing(capsys) -> None:
    assert main(["sensitivity"]) == 2
    assert "name the project's folder, or say --list" in capsys.readouterr().err


def test_a_two_stage_analysis_has_none(project: Path, capsys) -> None:
    write(project, "model: {form: two_stage}\nsensitivity: [tau_prior]\n")
    assert main(["run", str(project), "--quiet"]) == 2
    assert "sensitivity analyses refit a one-stage model" in capsys.readouterr().err
    assert not (project / "results").exists()


def test_a_change_that_is_two_stage_is_refused_by_its_name(project: Path, capsys) -> None:
    write(project, "sensitivity: [{name: classic, change: {model: {form: two_stage}}}]\n")
    assert main(["run", str(project), "--quiet"]) == 2
    assert "the sensitivity analysis 'classic' asks for a two-stage analysis" in capsys.readouterr().err


def test_a_change_is_chosen_for_the_file_that_states_it(project: Path) -> None:
    write(project, NAMED)
    stating = read_analysis(project / "analysis.yaml")
    (project / "other.yaml").write_text(
        (project / "analysis.yaml").read_text(encoding="utf-8").split("\nsensitivity:")[0], encoding="utf-8"
    )
    files = {"a": stating, "b": read_analysis(project / "other.yaml")}
    assert chosen_by_file(files, ["adults under 50", "tau_prior"]) == {
        "a": ["adults under 50", "tau_prior"],
        "b": ["tau_prior"],
    }


@pytest.mark.sampling
def test_a_run_writes_those_of_the_file_and_a_second_one_samples_nothing(
    project: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, NAMED)
    assert main(["run", str(project)]) == 0
    told = capsys.readouterr()
    assert "sensitivity analyses" in told.out
    assert "adults under 50, plain" in told.err, "progress names each refit"
    results = project / "results"
    summary = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    jsonschema.validate(summary, json.loads((data_schemas() / "summary.schema.json").read_text(encoding="utf-8")))
    rows = summary["sensitivity"]
    assert {row["family"] for row in rows} == {"effect_prior", "metric", "stated changes"}
    assert json.loads((results / "sensitivity.json").read_text(encoding="utf-8"))["rows"] == rows
    table = pd.read_csv(results / "tables" / "sensitivity.csv")
    assert list(table["label"][:1]) == ["as stated"]
    assert table["mean"][0] == summary["pooled_effect"]["mean"]
    only = {name: (results / name).read_bytes() for name in ("sensitivity.json", "tables/sensitivity.csv", "fit.nc")}

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("sampled again")

    monkeypatch.setattr("nutpie.sample", refuse)
    assert main(["sensitivity", str(project), "--quiet"]) == 0
    assert {name: (results / name).read_bytes() for name in only} == only
    assert main(["sensitivity", str(project), "--quiet", "--only", "effect_prior"]) == 0
    rows = json.loads((results / "summary.json").read_text(encoding="utf-8"))["sensitivity"]
    assert {row["family"] for row in rows} == {"effect_prior"}
