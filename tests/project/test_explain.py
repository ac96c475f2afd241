"""A cell of a project explained on the terminal."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.errors import ProjectError, SchemaError
from ipdma.project.explain import explain_cell
from ipdma.project.tables import harmonize_folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain") / "project"
    shutil.copytree(data_schemas() / "scaffold", folder)
    harmonize_folder(folder, quiet=True)
    return folder


def test_a_cell_of_a_project_shows_its_file_line_and_value(project: Path) -> None:
    people = pd.read_csv(project / "private" / "harmonized" / "participants.csv", dtype="string")
    trial, person, age = people.loc[0, ["trial", "participant_id", "age_years"]]
    reply = explain_cell(
        project, table="participants", column="age_years", keys=[f"trial={trial}", f"participant_id={person}"]
    )
    assert reply.lines[0].startswith(f"participants.age_years of trial={trial} participant_id={person}: ")
    assert float(reply.lines[0].rsplit(" ", 1)[1]) == float(age)
    assert "file trial_a.csv, row 2" in reply.lines[1]
    assert "trial_a.yaml line " in reply.lines[2]


def test_lineage_lies_in_the_private_folder(project: Path) -> None:
    assert sorted(path.name for path in (project / "private" / "lineage").iterdir()) == [
        "events.csv", "origin.csv", "rules.csv"
    ]  # fmt: skip


def test_a_key_that_is_none_and_a_project_that_was_not_harmonized_are_refused(project: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="NAME=VALUE"):
        explain_cell(project, table="participants", column="age_years", keys=["a01"])
    shutil.copytree(data_schemas() / "scaffold", tmp_path / "new")
    with pytest.raises(SchemaError, match="holds no harmonized trials"):
        explain_cell(tmp_path / "new", table="participants", column="age_years", keys=["trial=trial_a"])
