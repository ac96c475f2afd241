"""The common tables of a project: harmonized, or read back where nothing changed."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import ProjectError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.harmonize import harmonize
from ipdma.harmonize.store import read_consortium, write_consortium
from ipdma.project.folder import Project, open_project
from ipdma.project.progress import Progress
from ipdma.project.provenance import inputs
from ipdma.project.reply import Reply
from ipdma.project.whole import repair, write_whole
from ipdma.project.write_table import write_table
from ipdma.schemas.recipe_file import read_recipe

_INPUTS = "inputs.json"
_LEFT_OUT = "left out on request (--without)"


def harmonize_folder(folder: Path, *, without: Sequence[str] = (), quiet: bool = False) -> Reply:
    """Harmonize a project and write ``private/harmonized``.

    Raises
    ------
    ProjectError, RecipeError, ReadError, HarmonizationError
        If the folder is no project, or files and recipes do not give valid tables; nothing is written then.
    """
    project = open_project(folder)
    consortium = common_tables(project, without=without, progress=Progress(quiet=quiet))
    save_tables(project, consortium, without=without)
    counts = {name: len(table) for name, table in consortium.tables.items() if len(table)}
    rows = ", ".join(f"{name} {count}" for name, count in counts.items())
    lines = [f"{len(consortium.trials)} trials in private/harmonized; rows: {rows}"]
    lines += [f"  {count} x {code}" for code, count in consortium.issues["code"].value_counts(sort=False).items()]
    data = {"trials": list(consortium.trials), "rows": counts, "issues": len(consortium.issues)}
    return Reply(lines=tuple(lines), data=data)


def common_tables(project: Project, *, without: Sequence[str] = (), progress: Progress) -> Consortium:
    """Return the common tables, read back if no input changed since they were written.

    Raises
    ------
    ProjectError, RecipeError, ReadError, HarmonizationError
        As for :func:`harmonize_folder`.
    """
    project.recipe_files()
    repair(project.harmonized)
    with progress.step("harmonize", "harmonizing the raw files"):
        stored = _stored(project, without)
        if stored is not None:
            progress.say("  nothing changed since the last time: the tables are read back")
            return stored
        with _recipes(project, without) as recipes:
            consortium = harmonize(
                project.raw, recipes=recipes, trials=project.trials, scales=project.scales, schema=project.schema
            )
        return leave_out(consortium, without)


def save_tables(project: Project, consortium: Consortium, *, without: Sequence[str] = ()) -> None:
    """Write the common tables into the private folder, if they are not there already."""
    project.write_private()
    if _stored_inputs(project) == _inputs(project, without):
        return

    def write(folder: Path) -> None:
        write_consortium(consortium, folder)
        (folder / _INPUTS).write_text(_inputs(project, without), encoding="utf-8", newline="\n")

    write_whole(project.harmonized, write)
    write_table(consortium.issues, project.private / "issues.csv")


def leave_out(consortium: Consortium, without: Iterable[str]) -> Consortium:
    """Return the consortium with a reason to exclude these trials; one that is not there gets a row of its own."""
    trials = consortium.tables["trials"].copy()
    names = list(dict.fromkeys(without))
    absent = [name for name in names if name not in set(trials["trial"])]
    if absent:
        trials = pd.concat([trials, pd.DataFrame({"trial": pd.array(absent, dtype="string")})], ignore_index=True)
    if "exclude_why" not in trials:
        trials["exclude_why"] = pd.Series(pd.NA, index=trials.index, dtype="string")
    trials.loc[trials["trial"].isin(names), "exclude_why"] = _LEFT_OUT
    return replace(consortium, tables={**consortium.tables, "trials": trials}) if names else consortium


@contextmanager
def _recipes(project: Project, without: Sequence[str]) -> Iterator[Path]:
    """Give the folder of recipes, or a copy of it without those of the trials that are left out."""
    if not without:
        yield project.recipes
        return
    kept, known = [], set()
    for path in project.recipe_files():
        trial = read_recipe(path).trial
        codes = {trial} if isinstance(trial, str) else set((trial.codes or {}).values())
        known |= codes
        if not (isinstance(trial, str) and trial in without):
            kept.append(path)
    listed = set(pd.read_csv(project.trials, dtype=str)["trial"]) if _is_csv(project.trials) else set()
    for name in without:
        if name not in known | listed:
            raise ProjectError(f"there is no trial '{name}' to leave out{did_you_mean(name, sorted(known | listed))}")
    if not kept:
        raise ProjectError("--without leaves no trial: there is nothing to harmonize.")
    with tempfile.TemporaryDirectory() as folder:
        for path in kept:
            shutil.copyfile(path, Path(folder) / path.name)
        yield Path(folder)


def _is_csv(path: Path | None) -> bool:
    return path is not None and path.suffix == ".csv"


def _inputs(project: Project, without: Sequence[str]) -> str:
    return json.dumps(inputs(project, without=without), indent=1, sort_keys=True) + "\n"


def _stored_inputs(project: Project) -> str:
    path = project.harmonized / _INPUTS
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _stored(project: Project, without: Sequence[str]) -> Consortium | None:
    return read_consortium(project.harmonized) if _stored_inputs(project) == _inputs(project, without) else None
