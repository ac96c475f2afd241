"""What can be said of an analysis before any row is read."""

import shutil
from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma.project.check import check_folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(data_schemas() / "scaffold", tmp_path / "review")
    return tmp_path / "review"


def codes(folder: Path) -> list[str]:
    return [finding.code for finding in check_folder(folder).findings]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_project_in_order_has_no_findings(project: Path) -> None:
    assert codes(project) == []


def test_errors_of_recipes_and_analyses_are_reported_together(project: Path) -> None:
    edit(project / "analysis.yaml", "visit: post", "visit: {days: [1, 9]}")
    edit(project / "recipes" / "trial_a.yaml", "age_years: age", "age_years: agge")
    assert "analysis_file" in codes(project)
    assert len(codes(project)) == 2
