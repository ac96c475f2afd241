"""The common tables of a project: harmonized as a whole, in part, or read back."""

import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.errors import HarmonizationError
from ipdma.harmonize.consortium import Consortium
from ipdma.project import demo as demo_module
from ipdma.project.folder import open_project
from ipdma.project.progress import Progress
from ipdma.project.reply import Reply
from ipdma.project.tables import common_tables, harmonize_folder, save_tables


@pytest.fixture
def scaffold(tmp_path: Path) -> Path:
    """The scaffold's two trials."""
    return Path(shutil.copytree(data_schemas() / "scaffold", tmp_path / "review"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def steps(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the command says it does with recipes and tables."""
    capsys.readouterr()
    harmonize_folder(folder)
    lines = [line.strip() for line in capsys.readouterr().err.splitlines()]
    return [line for line in lines if line.startswith(("harmonizing trial", "reading back", "nothing changed"))]


def tables(folder: Path, *, save: bool = True) -> Consortium:
    project = open_project(folder)
    found = common_tables(project, progress=Progress(quiet=True))
    if save:
        save_tables(project, found)
    return found.consortium


def assert_same(first: Consortium, second: Consortium) -> None:
    for name, frame in second.tables.items():
        pd.testing.assert_frame_equal(first.tables[name], frame)
    for name in ("missing", "status", "origin", "issues", "files"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))


def test_unchanged_trials_are_read_back(scaffold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert steps(scaffold, capsys) == ["harmonizing trial_a.yaml", "harmonizing trial_b.yaml"]
    assert steps(scaffold, capsys) == ["nothing changed since the last time: the tables are read back"]
    edit(scaffold / "recipes" / "trial_a.yaml", "dose: 50 mg", "dose: 25 mg")
    assert steps(scaffold, capsys) == ["harmonizing trial_a.yaml", "reading back trial_b.yaml"]
    edit(scaffold / "raw" / "trial_b.csv", "B01;A;49;", "B01;A;50;")
    assert steps(scaffold, capsys) == ["reading back trial_a.yaml", "harmonizing trial_b.yaml"]
    edit(scaffold / "trials.csv", "trial_c", "trial_d")
    assert steps(scaffold, capsys) == ["reading back trial_a.yaml", "reading back trial_b.yaml"]


def test_what_is_kept_lies_in_the_private_folder_and_a_refused_run_keeps_nothing(scaffold: Path) -> None:
    edit(scaffold / "raw" / "trial_b.csv", "B01;A;", "B01;Z;")
    with pytest.raises(HarmonizationError, match="code_not_in_map"):
        tables(scaffold)
    assert not (scaffold / "private" / "cache").exists()
    assert not (scaffold / "private" / "harmonized").exists()
    edit(scaffold / "raw" / "trial_b.csv", "B01;Z;", "B01;A;")
    tables(scaffold)
    assert sorted(path.name for path in (scaffold / "private" / "cache").iterdir()) == [
        "trial_a.yaml.json",
        "trial_b.yaml.json",
    ]
    assert (scaffold / "private" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_the_worked_trials_give_the_same_from_the_kept_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "run", lambda folder, *, quiet: Reply())
    demo_module.demo(tmp_path / "demo", quiet=True)
    cold = tables(tmp_path / "demo")
    recipes = sorted(path.name for path in (tmp_path / "demo" / "recipes").glob("*.yaml"))
    kept = sorted(path.name.removesuffix(".json") for path in (tmp_path / "demo" / "private" / "cache").iterdir())
    assert kept == recipes, "every recipe's tables could be kept"
    shutil.rmtree(tmp_path / "demo" / "private" / "harmonized")
    monkeypatch.setattr(sys.modules["ipdma.harmonize.harmonize"], "apply_recipe", None)  # nothing may be read again
    assert_same(tables(tmp_path / "demo", save=False), cold)
