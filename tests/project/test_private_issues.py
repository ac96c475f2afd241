"""Which codes a map lacks stands in the private folder, and nowhere else."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.cli import main


def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["harmonize", str(folder)]) == 2
    return "".join(capsys.readouterr())


@pytest.fixture
def scaffold(tmp_path: Path) -> Path:
    """The scaffold's two trials."""
    return Path(shutil.copytree(data_schemas() / "scaffold", tmp_path / "review"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_codes_that_a_map_lacks_are_listed_in_the_private_folder(
    scaffold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(scaffold / "raw" / "trial_b.csv", "B01;A;", "B01;strange;")
    said = refused(scaffold, capsys)
    assert "The codes that are meant stand in private/issues.csv." in said
    assert "strange" not in said
    issues = pd.read_csv(scaffold / "private" / "issues.csv", dtype=str).set_index("code")
    assert issues.loc["code_not_in_map", "codes"] == "'strange' (1)"
    assert issues.loc["code_not_in_map", "rows"] == "2"
    assert (scaffold / "private" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert not (scaffold / "results").exists()
    replace(scaffold / "raw" / "trial_b.csv", "B01;strange;", "B01;A;")
    assert main(["harmonize", str(scaffold), "--quiet"]) == 0
    assert "codes" not in pd.read_csv(scaffold / "private" / "issues.csv").columns  # those of the last run


def test_an_error_that_names_all_writes_nothing(scaffold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(scaffold / "recipes" / "trial_b.yaml", "subject", "nobody")
    assert "private/issues.csv" not in refused(scaffold, capsys)
    assert not (scaffold / "private").exists()
