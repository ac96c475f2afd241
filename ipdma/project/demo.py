"""The worked consortium: simulated raw files, recipes and an analysis, run to its report."""

import shutil
from pathlib import Path

from ipdma._paths import data_schemas
from ipdma.project.folder import Project, empty_folder
from ipdma.project.reply import Reply
from ipdma.project.run import TRUTH, run
from ipdma.simulate.worked import simulate_raw

_SEED = 1


def demo(folder: Path, *, quiet: bool = False, only_files: bool = False) -> Reply:
    """Copy the worked consortium into ``folder``, simulate the trials' raw files, and run unless ``only_files``.

    Raises
    ------
    ProjectError
        If the folder holds anything.
    """
    place, worked = empty_folder(folder, what="the demo"), data_schemas() / "worked_consortium"
    place.mkdir(exist_ok=True)
    shutil.copytree(worked / "recipes", place / "recipes", copy_function=shutil.copyfile)
    for name in ("analysis.yaml", "trials.csv", TRUTH):
        shutil.copyfile(worked / name, place / name)
    project = Project(place)
    project.write_private()
    simulate_raw(worked / "designs", worked / TRUTH, project.raw, seed=_SEED, corrections=project.corrections)
    if only_files:
        lines = (
            f"{place.name} holds recipes, an analysis and the simulated raw files; nothing is estimated yet:",
            f"  ipdma run {folder}",
        )
        return Reply(lines=lines, data={"folder": str(place)})
    return run(place, quiet=quiet)
