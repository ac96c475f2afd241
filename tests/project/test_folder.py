"""Where things lie, and what is said when they do not."""

from pathlib import Path

import pytest

from ipdma.errors import ProjectError
from ipdma.project.folder import Project, empty_folder, open_project


def test_a_folder_is_a_project_if_it_holds_recipes_raw_files_or_an_analysis(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is no project: it has no recipes/, raw/ or analysis.yaml"):
        open_project(tmp_path)
    (tmp_path / "recipes").mkdir()
    assert open_project(tmp_path).folder == tmp_path.resolve()


def test_what_is_optional_is_absent_or_found(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert (project.trials, project.scales, project.schema) == (None, None, None)
    (tmp_path / "trials.xlsx").touch()
    (tmp_path / "scales").mkdir()
    assert project.trials == tmp_path / "trials.xlsx"
    assert project.scales == tmp_path / "scales"


def test_one_analysis_file_has_no_name_and_several_have_theirs(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with pytest.raises(ProjectError, match="has no analysis.yaml: two lines are enough"):
        project.analyses()
    (tmp_path / "analyses").mkdir()
    for name in ("main", "adults"):
        (tmp_path / "analyses" / f"{name}.yaml").touch()
    assert list(project.analyses()) == ["adults", "main"]
    (tmp_path / "analysis.yaml").touch()
    with pytest.raises(ProjectError, match="has analysis.yaml and files in analyses/"):
        project.analyses()
    (tmp_path / "analyses" / "main.yaml").unlink()
    (tmp_path / "analyses" / "adults.yaml").unlink()
    assert project.analyses() == {"": tmp_path / "analysis.yaml"}


def test_the_private_folder_is_ignored_by_git_as_a_whole_and_an_own_rule_is_kept(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_private()
    ignore = tmp_path / "private" / ".gitignore"
    assert ignore.read_text() == "*\n"
    ignore.write_text("*\n# ours\n")
    project.write_private()
    assert ignore.read_text() == "*\n# ours\n"


def test_something_new_is_only_put_into_an_empty_folder(tmp_path: Path) -> None:
    assert empty_folder(tmp_path / "new", what="it") == (tmp_path / "new").resolve()
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="is not empty, so it is not put there"):
        empty_folder(tmp_path, what="it")
    with pytest.raises(ProjectError, match="file is a file; name a folder for it"):
        empty_folder(tmp_path / "file", what="it")
    with pytest.raises(ProjectError, match="the folder a, in which b would be made, does not exist"):
        empty_folder(tmp_path / "a" / "b", what="it")
