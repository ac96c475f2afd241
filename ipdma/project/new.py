"""A commented project for one's own data, which runs as it is."""

import shutil
from pathlib import Path

from ipdma._paths import data_schemas
from ipdma.project.folder import Project, empty_folder
from ipdma.project.reply import Reply


def new(folder: Path) -> Reply:
    """Make a project with a recipe for each of two tiny simulated trials.

    Raises
    ------
    ProjectError
        If the folder holds anything.
    """
    place = empty_folder(folder, what="a new project")
    shutil.copytree(data_schemas() / "scaffold", place, dirs_exist_ok=True, copy_function=shutil.copyfile)
    Project(place).write_private()
    files = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    lines = (
        f"{place.name} holds a project with two tiny simulated trials; it runs as it is:",
        f"  ipdma run {folder}",
        "Then replace it bit by bit: your files into raw/, a recipe for each in recipes/ (start from 'ipdma scan'",
        "and 'ipdma draft'; recipe_words.yaml explains every word), your instruments in scales/ where ipdma has none,",
        "your trials in trials.csv, your question in analysis.yaml; 'ipdma check' tests them.",
    )
    return Reply(lines=lines, data={"folder": str(place), "files": files})
