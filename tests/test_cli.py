"""The command line: answers, exit codes, and what every misuse gets."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma.cli import main


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A fresh copy of the scaffold: two tiny simulated trials."""
    folder = tmp_path / "review"
    shutil.copytree(data_schemas() / "scaffold", folder)
    return folder


def state(folder: Path) -> dict[str, str]:
    """Every file below a folder with the hash of its bytes, and every folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "/"
        for path in sorted(folder.rglob("*"))
    }


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def nothing(project: Path) -> None:
    """Leave the project as it is."""


def no_recipes(project: Path) -> None:
    shutil.rmtree(project / "recipes")


def no_analysis(project: Path) -> None:
    (project / "analysis.yaml").unlink()


def no_raw_file(project: Path) -> None:
    (project / "raw" / "trial_a.csv").unlink()


def no_project(project: Path) -> None:
    shutil.rmtree(project)
    project.mkdir()


def truncated(project: Path) -> None:
    path = project / "raw" / "trial_a.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:20]))


def unknown_column(project: Path) -> None:
    edit(project, "recipes/trial_a.yaml", "age_years: age", "age_years: agge")


def unknown_recipe_key(project: Path) -> None:
    edit(project, "recipes/trial_a.yaml", "expect_rows: 36", "expct_rows: 36")


def unknown_analysis_key(project: Path) -> None:
    edit(project, "analysis.yaml", "modifiers:", "modifers:")


def unknown_treatment(project: Path) -> None:
    edit(project, "analysis.yaml", "treatment: drug", "treatment: drgu")


def key_of_a_later_version(project: Path) -> None:
    edit(project, "analysis.yaml", "modifiers:", "targets: []\nmodifiers:")


def two_kinds_of_analysis(project: Path) -> None:
    (project / "analyses").mkdir()
    shutil.copy(project / "analysis.yaml", project / "analyses" / "main.yaml")


def other_files(project: Path) -> None:
    (project / "empty.csv").write_text("")
    (project / "text.xlsx").write_text("no workbook")
    (project / "notes.docx").write_text("a letter")


Misuse = tuple[str, Callable[[Path], None], str]
# What is typed (DIR stands for the project), what was done to the project before, and how the sentence goes on.
MISUSES: dict[str, Misuse] = {
    "demo without a folder": ("demo", nothing, "arguments are required: DIR"),
    "demo into a folder with files": ("demo DIR", nothing, "review is not empty, so the demo is not put there"),
    "demo in place of a file": ("demo DIR/analysis.yaml", nothing, "analysis.yaml is a file"),
    "demo in a folder that does not exist": ("demo DIR/a/b", nothing, "the folder a, in which b would be made"),
    "new into a folder with files": ("new DIR", nothing, "review is not empty, so a new project is not put there"),
    "new in place of a file": ("new DIR/trials.csv", nothing, "trials.csv is a file"),
    "new with a second folder": ("new DIR/x DIR/y", nothing, "unrecognized arguments"),
    "run without a project": ("run DIR", no_project, "review is no project"),
    "run in a folder that does not exist": ("run DIR/nowhere", nothing, "the folder nowhere does not exist"),
    "run with an unknown key": (
        "run DIR --quiet",
        unknown_analysis_key,
        "unknown key 'modifers', did you mean 'modifi",
    ),
    "run with a later key": ("run DIR --quiet", key_of_a_later_version, "does not have 'targets' yet; accepted: "),
    "run with an unknown treatment": ("run DIR --quiet", unknown_treatment, "no arm has treatment 'drgu'"),
    "run without analysis": ("run DIR --quiet", no_analysis, "review has no analysis.yaml"),
    "run with two kinds of analysis": (
        "run DIR --quiet",
        two_kinds_of_analysis,
        "has analysis.yaml and files in analy",
    ),
    "run without an unknown trial": (
        "run DIR --quiet --without trial_x",
        nothing,
        "there is no trial 'trial_x' to leave",
    ),
    "run with a wrong option": ("run DIR --drawz 3", nothing, "unrecognized arguments: --drawz"),
    "harmonize without recipes": ("harmonize DIR --quiet", no_recipes, "review has no recipe"),
    "harmonize without a raw file": ("harmonize DIR --quiet", no_raw_file, "trial_a.csv"),
    "harmonize a truncated file": ("harmonize DIR --quiet", truncated, "trial_a.csv"),
    "harmonize with an unknown column": ("harmonize DIR --quiet", unknown_column, "'agge'"),
    "harmonize with an unknown recipe key": (
        "harmonize DIR --quiet",
        unknown_recipe_key,
        "unknown key 'expct_rows', did",
    ),
    "harmonize without any trial": (
        "harmonize DIR --quiet --without trial_a --without trial_b",
        nothing,
        "--without leaves no trial",
    ),
    "check without a project": ("check DIR", no_project, "review is no project"),
    "check an unknown column": ("check DIR", unknown_column, "'agge'"),
    "check an unknown treatment": ("check DIR", unknown_treatment, "no arm has the treatment 'drgu'"),
    "check without a raw file": ("check DIR", no_raw_file, "trial_a.csv"),
    "check an unknown analysis key": ("check DIR", unknown_analysis_key, "unknown key 'modifers'"),
    "scan nothing": ("scan DIR/raw/nothing.csv", nothing, "nothing.csv"),
    "scan a folder": ("scan DIR/raw", nothing, "raw is a folder; name a file"),
    "scan a file of unknown kind": ("scan DIR/notes.docx", other_files, "the ending of notes.docx tells no reader"),
    "scan an empty file": ("scan DIR/empty.csv", other_files, "empty.csv"),
    "scan a workbook that is none": ("scan DIR/text.xlsx", other_files, "text.xlsx"),
    "scan with an unknown reader": ("scan DIR/raw/trial_a.csv --reader csvv", nothing, "csvv"),
    "scan with an option of another reader": ("scan DIR/raw/trial_a.csv --sheet A", nothing, "sheet"),
    "cite what is no project": ("cite DIR", no_project, "review is no project"),
    "cite a folder that does not exist": ("cite DIR/nowhere", nothing, "the folder nowhere does not exist"),
    "cite an analysis in error": ("cite DIR", unknown_analysis_key, "unknown key 'modifers'"),
    "cite without an analysis": ("cite DIR", no_analysis, "review has no analysis.yaml"),
    "a command that does not exist": ("capsule DIR", nothing, "invalid choice: 'capsule'"),
    "no command": ("", nothing, "arguments are required: COMMAND"),
}


@pytest.mark.parametrize(("typed", "before", "sentence"), MISUSES.values(), ids=MISUSES.keys())
def test_a_misuse_gets_one_sentence_and_exit_code_2_and_changes_nothing(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    before: Callable[[Path], None],
    sentence: str,
) -> None:
    before(project)
    was = state(project.parent)
    code = main([part.replace("DIR", str(project)) for part in typed.split()])
    shown = capsys.readouterr()
    assert code == 2
    assert sentence in shown.err
    assert "Traceback" not in shown.err
    assert len(shown.err.strip().splitlines()) == 1, shown.err
    assert state(project.parent) == was


def test_every_command_has_at_least_three_misuses() -> None:
    typed = [line.split()[0] for line, _, _ in MISUSES.values() if line]
    assert all(typed.count(command) >= 3 for command in ("demo", "new", "run", "harmonize", "check", "scan", "cite"))


def test_an_error_is_json_where_json_is_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown_treatment(project)
    assert main(["run", str(project), "--json", "--quiet"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["error"]["kind"] == "DesignError"
    assert "no arm has treatment 'drgu'" in answer["error"]["message"]


def test_a_new_project_is_found_right_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "mine")]) == 0
    assert main(["check", str(tmp_path / "mine"), "--strict"]) == 0
    assert "2 recipes and 1 analysis file: 0 errors, 0 warnings" in capsys.readouterr().out


def test_harmonize_writes_the_common_tables_into_a_folder_that_git_ignores(project: Path) -> None:
    assert main(["harmonize", str(project), "--quiet"]) == 0
    assert (project / "private" / ".gitignore").read_text() == "*\n"
    assert (project / "private" / "harmonized" / "datapackage.json").is_file()
    assert not (project / "results").exists()


def test_unchanged_trials_are_read_back_and_a_changed_file_is_not(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["harmonize", str(project)]) == 0
    first = state(project)
    capsys.readouterr()
    assert main(["harmonize", str(project)]) == 0
    assert "the tables are read back" in capsys.readouterr().err
    assert state(project) == first
    edit(project, "raw/trial_a.csv", "\n101,0,", "\n101,1,")
    assert main(["harmonize", str(project)]) == 0
    assert "read back" not in capsys.readouterr().err


def test_a_trial_left_out_stays_in_the_list_of_trials_with_its_reason(project: Path) -> None:
    edit(project, "recipes/trial_b.yaml", "from: arm", "from: no_such_column")
    assert main(["harmonize", str(project), "--quiet", "--without", "trial_b"]) == 0
    text = (project / "private" / "harmonized" / "trials.csv").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("trial_b,")]
    assert "left out on request" in line


def test_scan_prints_a_codebook_and_the_same_for_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(project / "raw" / "trial_b.csv")
    assert main(["scan", file, "--delimiter", ";"]) == 0
    assert "trial_b.csv: 30 rows, 13 columns (reader csv" in capsys.readouterr().out
    assert main(["scan", file, "--delimiter", ";", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["rows"]) == (True, 30)


def test_cite_names_the_package_and_the_methods_of_a_project(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite"]) == 0
    assert "The ipdma developers" in capsys.readouterr().out
    assert main(["cite", str(project), "--json"]) == 0
    keys = {entry["key"] for entry in json.loads(capsys.readouterr().out)["references"]}
    assert keys >= {"hua2017", "cohen1999"}, "the scaffold has a modifier and the metric pomp"
    edit(project, "analysis.yaml", "modifiers: [baseline_severity]", "")
    main(["cite", str(project), "--json"])
    assert "hua2017" not in {entry["key"] for entry in json.loads(capsys.readouterr().out)["references"]}


def test_a_pipe_that_nobody_reads_on_is_no_error(tmp_path: Path) -> None:
    """As in ``ipdma scan FILE | head``: the reader closes its end first."""
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    command = [sys.executable, "-m", "ipdma.cli", "scan", str(tmp_path / "a.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None and started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
    assert started.returncode == 0


def test_rows_above_and_below_the_table_are_left_out_of_a_scan_and_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "trial.csv"
    file.write_text("id,sex\n(number),(code)\n1,1\n2,2\n,1 = male\n", encoding="utf-8")
    assert main(["scan", str(file), "--first-row", "3", "--last-row", "4"]) == 0
    assert "trial.csv: 2 rows, 2 columns" in capsys.readouterr().out
    assert main(["draft", str(file), "--first-row", "3", "--last-row", "4"]) == 0
    assert "expect_rows: 2, options: {first_row: 3, last_row: 4}}" in capsys.readouterr().out


def test_the_package_itself_can_be_run() -> None:
    done = subprocess.run([sys.executable, "-m", "ipdma", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("ipdma ")
