"""A whole project from raw files to report, on the scaffold's two tiny trials."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pandas as pd
import pytest
import xarray as xr

from ipdma._paths import data_schemas
from ipdma.cli import main
from ipdma.errors import DesignError, DesignWarning
from ipdma.project.run import not_analyzed, run

QUICK = "sampling: {seed: 1, draws: 200, tune: 300}"
IDS = ("CANARY_a17", "CANARY_b03")
VALUE = "37.0481"


def scaffold(folder: Path, *, form: str = "one_stage") -> Path:
    """The scaffold with few draws, and with a marked participant in each trial."""
    shutil.copytree(data_schemas() / "scaffold", folder)
    edit(folder / "analysis.yaml", "sampling: {seed: 1}", f"{QUICK}\nmodel: {{form: {form}}}")
    edit(folder / "raw" / "trial_a.csv", "\n101,", f"\n{IDS[0]},")
    edit(folder / "raw" / "trial_b.csv", "\nB01;", f"\n{IDS[1]};")
    lines = (folder / "raw" / "trial_a.csv").read_text().splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:2], VALUE, *cells[3:]])
    (folder / "raw" / "trial_a.csv").write_text("\n".join(lines) + "\n", newline="\n")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def two_stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project run as a two-stage analysis: no sampler, a few seconds."""
    folder = scaffold(tmp_path_factory.mktemp("two_stage") / "review", form="two_stage")
    assert main(["run", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Another working directory."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_the_results_are_those_the_contract_lists(two_stage: Path) -> None:
    found = set(files(two_stage / "results"))
    assert found >= {
        "report.html",
        "summary.json",
        "provenance.json",
        "status.csv",
        "issues_public.csv",
        "tables/trial_effects.csv",
        "tables/flow.csv",
        "figures/forest.svg",
        "figures/forest.pdf",
        "figures/forest.png",
    }
    assert "fit.nc" not in found, "nothing was sampled"


def test_status_is_a_matrix_of_variables_by_trials(two_stage: Path) -> None:
    status = pd.read_csv(two_stage / "results" / "status.csv").set_index(["table", "column"])
    assert list(status.columns) == ["trial_a", "trial_b"]
    assert status.loc[("participants", "arm")].tolist() == ["complete", "complete"]
    stated = status.stack().dropna().astype(str).str.split("[:(]", regex=True).str[0].str.strip()
    assert set(stated) <= {"complete", "partial", "impossible", "undetermined"}


def test_the_summary_has_the_form_of_its_schema(two_stage: Path) -> None:
    schema = json.loads((data_schemas() / "summary.schema.json").read_text(encoding="utf-8"))
    summary = json.loads((two_stage / "results" / "summary.json").read_text(encoding="utf-8"))
    jsonschema.validate(summary, schema)
    assert (summary["trials"], summary["participants"]) == (2, 66)
    assert summary["seconds"]["report"] > 0


def test_a_trial_without_data_is_named_with_its_reason(two_stage: Path) -> None:
    notes = json.loads((two_stage / "results" / "summary.json").read_text(encoding="utf-8"))["notes"]
    assert "Trial C (simulated) gave no individual data: the investigators did not answer." in notes


def test_no_result_holds_a_participants_id_or_value(two_stage: Path) -> None:
    private = b"".join(files(two_stage / "private").values())
    assert all(mark.encode() in private for mark in (*IDS, VALUE)), "the marks did reach the common tables"
    for name, content in files(two_stage / "results").items():
        assert not [mark for mark in (*IDS, VALUE) if mark.encode() in content], name


def test_provenance_holds_versions_and_the_hash_of_every_input(two_stage: Path) -> None:
    provenance = json.loads((two_stage / "results" / "provenance.json").read_text(encoding="utf-8"))
    assert set(provenance["raw"]) == {"trial_a.csv", "trial_b.csv"}
    assert set(provenance["recipes"]) == {"recipes/trial_a.yaml", "recipes/trial_b.yaml"}
    assert set(provenance["trials_and_scales"]) == {"trials.csv", "scales/example_scale.yaml"}
    assert set(provenance["analysis"]) == {"analysis.yaml"}
    assert {"python", "pandas", "pymc"} <= set(provenance["versions"])


def test_the_same_inputs_give_the_same_files_from_any_folder(two_stage: Path, elsewhere: Path) -> None:
    other = elsewhere / "copy"
    for name in ("raw", "recipes", "scales"):
        shutil.copytree(two_stage / name, other / name)
    for name in ("analysis.yaml", "trials.csv"):
        shutil.copy(two_stage / name, other / name)
    assert main(["run", "copy", "--quiet"]) == 0
    first, second = files(two_stage / "results"), files(other / "results")
    assert set(first) == set(second)
    for name in set(first) - {"summary.json"}:
        assert first[name] == second[name], name
    summaries = [json.loads(found["summary.json"]) for found in (first, second)]
    for summary in summaries:
        summary.pop("seconds")
    assert summaries[0] == summaries[1]


def test_raw_files_are_read_and_never_written(two_stage: Path, tmp_path: Path) -> None:
    folder = scaffold(tmp_path / "review", form="two_stage")
    before = files(folder)
    run(folder, quiet=True)
    after = files(folder)
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[0] for name in set(after) - set(before)} == {"private", "results"}


def test_a_refused_run_leaves_the_old_results_as_they_were(two_stage: Path, tmp_path: Path) -> None:
    folder = tmp_path / "review"
    shutil.copytree(two_stage, folder)
    before = files(folder / "results")
    edit(folder / "analysis.yaml", "treatment: drug", "treatment: other")
    with pytest.raises(DesignError, match="no arm has treatment 'other'"):
        run(folder, quiet=True)
    assert files(folder / "results") == before
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_trial_left_out_is_not_analyzed_and_stays_with_its_reason(tmp_path: Path) -> None:
    folder = scaffold(tmp_path / "review", form="two_stage")
    edit(folder / "recipes" / "trial_b.yaml", "from: arm,", "from: no_such_column,")
    assert main(["run", str(folder), "--quiet", "--without", "trial_b"]) == 0
    summary = json.loads((folder / "results" / "summary.json").read_text(encoding="utf-8"))
    assert summary["trials"] == 1
    assert [note for note in summary["notes"] if note.startswith("Trial B (simulated) is not in the analysis: ")]


def test_no_trial_is_left_out_without_a_sentence() -> None:
    trials = pd.DataFrame(
        {
            "trial": ["a", "b", "c", "d", "e"],
            "label": ["Trial A", pd.NA, "Trial C", "Trial D", "Trial E"],
            "exclude_why": [pd.NA, pd.NA, pd.NA, "a pilot", pd.NA],
            "why_none": [pd.NA, pd.NA, pd.NA, pd.NA, "lost"],
        }
    )
    tables = {
        "trials": trials,
        "participants": pd.DataFrame({"trial": ["a", "b", "d"]}),
        "estimates": pd.DataFrame({"trial": ["a", "c", "d"]}),
    }
    consortium: Any = SimpleNamespace(tables=tables)
    design: Any = SimpleNamespace(trials=("a",))
    excluded, none = "Trial D is not in the analysis: a pilot.", "Trial E gave no individual data: lost."
    assert not_analyzed(consortium, design) == [
        "b has participants, but none of them is analyzed: the flow says where they left.",
        "Trial C gives only an estimate, while other trials give participants: it is left out of the one-stage and the "
        "two-stage analysis.",
        excluded,
        none,
    ]
    assert not_analyzed(consortium) == [excluded, none]


def test_several_analyses_share_the_tables_and_get_a_folder_each_and_one_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = scaffold(tmp_path / "review", form="two_stage")
    (folder / "analyses").mkdir()
    (folder / "analysis.yaml").rename(folder / "analyses" / "main.yaml")
    (folder / "analyses" / "final.yaml").write_text(
        "extends: main\nmodel: {form: two_stage, adjustment: final}\n", encoding="utf-8"
    )
    assert main(["run", str(folder), "--quiet"]) == 0
    for name in ("main", "final"):
        assert (folder / "results" / name / "report.html").is_file()
    table = pd.read_csv(folder / "results" / "analyses.csv")
    assert list(table["analysis"]) == ["final", "main"]
    summary = json.loads((folder / "results" / "main" / "summary.json").read_text(encoding="utf-8"))
    assert table["mean"][1] == summary["bayes_two_stage"]["pooled_effect"]["mean"]
    assert table["tau_median"][1] == summary["bayes_two_stage"]["tau"]["median"]
    assert (folder / "results" / table["report"][0]).is_file()
    told = capsys.readouterr().out.splitlines()
    assert told[-4].split() == ["analysis", "trials", "people", "effect", "(95%", "interval)"]
    assert [line.split()[0] for line in told[-3:-1]] == ["final", "main"]
    assert told[-1].endswith("results/analyses.csv")


@pytest.mark.sampling
@pytest.mark.filterwarnings("ignore::ipdma.errors.SamplingWarning")  # 200 draws are few on purpose
def test_a_one_stage_run_keeps_its_draws_without_any_observed_data(tmp_path: Path) -> None:
    folder = scaffold(tmp_path / "review")
    with pytest.warns(DesignWarning, match="compare trials, and 2 trials: more than one for five"):
        run(folder, quiet=True)
    path = folder / "results" / "fit.nc"
    posterior = xr.open_dataset(path, group="posterior", engine="h5netcdf")
    summary = json.loads((folder / "results" / "summary.json").read_text(encoding="utf-8"))
    assert posterior.sizes["draw"] == 200
    assert float(posterior["effect"].mean()) == pytest.approx(summary["pooled_effect"]["mean"], rel=1e-12)
    assert set(xr.open_datatree(path, engine="h5netcdf").children) == {
        "posterior",
        "sample_stats",
        "plain_with_interactions_across_trials",
    }
    for name, content in files(folder / "results").items():
        assert not [mark for mark in (*IDS, VALUE) if mark.encode() in content], name


@pytest.mark.sampling
def test_few_draws_are_a_warning_and_an_exit_code_of_1_under_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = scaffold(tmp_path / "review")
    edit(folder / "analysis.yaml", "draws: 200, tune: 300", "draws: 100, tune: 100, chains: 2")
    assert main(["run", str(folder), "--quiet", "--strict"]) == 1
    assert "warning: plain: Too few effective draws" in capsys.readouterr().err
    first = files(folder / "results")
    assert main(["run", str(folder), "--quiet"]) == 0, "without --strict a warning is no failure"
    second = files(folder / "results")
    changed = [name for name in first if first[name] != second[name]]
    assert changed == ["summary.json"], "the same seed gives the same files, apart from the seconds in the summary"
