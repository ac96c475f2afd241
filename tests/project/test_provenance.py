"""What the harmonized tables depend on, and nothing else."""

import hashlib
import shutil
from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma.project.folder import Project
from ipdma.project.provenance import inputs, sha256


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(data_schemas() / "scaffold", tmp_path / "review")
    return Project(tmp_path / "review")


@pytest.mark.parametrize("file", ["raw/trial_a.csv", "recipes/trial_b.yaml", "trials.csv", "scales/example_scale.yaml"])
def test_a_change_of_any_input_changes_what_the_tables_depend_on(project: Project, file: str) -> None:
    before = inputs(project)
    path = project.folder / file
    path.write_text(path.read_text() + "\n")
    assert inputs(project) != before


def test_the_analysis_is_no_input_of_the_tables(project: Project) -> None:
    before = inputs(project)
    (project.folder / "analysis.yaml").write_text("changed")
    assert inputs(project) == before


def test_leaving_a_trial_out_is_an_input(project: Project) -> None:
    assert inputs(project, without=["trial_b"]) != inputs(project)


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    assert sha256(tmp_path / "file") == hashlib.sha256(b"abc").hexdigest()
