"""The common tables of a project: harmonized, or read back where nothing changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ipdma._yaml import did_you_mean, plain, read_yaml
from ipdma.errors import HarmonizationError, ProjectError, SchemaError
from ipdma.harmonize.cache import Cache
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.harmonize import harmonize
from ipdma.harmonize.lineage import write_lineage
from ipdma.harmonize.read_raw import read_raw
from ipdma.harmonize.store import read_consortium, write_consortium
from ipdma.project.folder import Project, open_project
from ipdma.project.private_issues import with_codes
from ipdma.project.progress import Progress
from ipdma.project.provenance import inputs
from ipdma.project.reply import Reply, issue_findings
from ipdma.project.whole import repair, write_whole
from ipdma.project.write_table import write_table

_INPUTS = "inputs.json"


@dataclass(frozen=True, kw_only=True, eq=False)
class CommonTables:
    """The consortium, everything it depends on, whether it was read back, and what each recipe gave if not."""

    consortium: Consortium
    inputs: str
    read_back: bool
    cache: Cache | None = None


def harmonize_folder(folder: Path, *, without: Sequence[str] = (), quiet: bool = False) -> Reply:
    """Harmonize a project and write ``private/harmonized``.

    Raises
    ------
    ProjectError, RecipeError, HarmonizationError
        If the folder is no project, or files and recipes do not give valid tables; nothing is written then but, where
        that helps, which codes are meant: ``private/issues.csv``.
    """
    project = open_project(folder)
    tables = common_tables(project, without=without, progress=Progress(quiet=quiet))
    save_tables(project, tables)
    consortium = tables.consortium
    counts = {name: len(table) for name, table in consortium.tables.items() if len(table)}
    rows = ", ".join(f"{name} {count}" for name, count in counts.items())
    lines = (f"{len(consortium.trials)} trials in private/harmonized; rows: {rows}",)
    data = {"trials": list(consortium.trials), "rows": counts, "read_back": tables.read_back}
    return Reply(lines=lines, data=data, findings=issue_findings(consortium))


def common_tables(project: Project, *, without: Sequence[str] = (), progress: Progress) -> CommonTables:
    """Return the common tables, read back if no input changed since they were written.

    If some did, only the trials they belong to are read again (see :class:`~ipdma.harmonize.cache.Cache`).

    Raises
    ------
    ProjectError, RecipeError, HarmonizationError
        As for :func:`harmonize_folder`.
    """
    project.recipe_files()
    _refuse_unknown(project, without)
    repair(project.harmonized)
    with progress.step("harmonize", "harmonizing the raw files"):
        key = json.dumps(inputs(project, without=without), indent=1, sort_keys=True) + "\n"
        stored = _stored(project, key)
        if stored is not None:
            progress.say("  nothing changed since the last time: the tables are read back")
            return CommonTables(consortium=stored, inputs=key, read_back=True)
        cache = Cache(project.cache)
        try:
            consortium = harmonize(
                project.raw,
                recipes=project.recipes,
                trials=project.trials,
                scales=project.scales,
                schema=project.schema,
                corrections=project.corrections,
                without=without,
                cache=cache,
                progress=lambda sentence: progress.say(f"  {sentence}"),
            )
        except HarmonizationError as error:
            raise with_codes(error, project) from None
    return CommonTables(consortium=consortium, inputs=key, read_back=False, cache=cache)


def save_tables(project: Project, tables: CommonTables) -> None:
    """Write the common tables into the private folder, whole or not at all, unless they came from there."""
    project.write_private()
    if tables.read_back:
        return

    def write(folder: Path) -> None:
        write_consortium(tables.consortium, folder)
        (folder / _INPUTS).write_text(tables.inputs, encoding="utf-8", newline="\n")

    write_whole(project.harmonized, write)
    write_lineage(tables.consortium, project.lineage)
    write_table(tables.consortium.issues, project.private / "issues.csv")
    if tables.cache is not None:
        tables.cache.save()


def _stored(project: Project, key: str) -> Consortium | None:
    path = project.harmonized / _INPUTS
    if not path.is_file() or path.read_text(encoding="utf-8") != key:
        return None
    try:
        return read_consortium(project.harmonized)
    except SchemaError:
        return None  # changed by hand: what the raw files and recipes give is written again


def _refuse_unknown(project: Project, without: Sequence[str]) -> None:
    """Refuse trials to leave out that nobody knows; those whose recipe has errors may well be left out."""
    if not without:
        return
    harmonized, listed = _trials_of_recipes(project), _trials_listed(project)
    for name in without:
        if name not in harmonized | listed:
            known = did_you_mean(name, sorted(harmonized | listed))
            raise ProjectError(f"there is no trial '{name}' to leave out{known}")
    if not harmonized - set(without):
        raise ProjectError("--without leaves no trial: there is nothing to harmonize.")


def _trials_of_recipes(project: Project) -> set[str]:
    known: set[str] = set()
    for path in project.recipe_files():
        trial = plain(read_yaml(path).get("trial"))
        known |= {str(code) for code in (trial.get("map") or {}).values()} if isinstance(trial, dict) else {str(trial)}
    return known


def _trials_listed(project: Project) -> set[str]:
    if project.trials is None:
        return set()
    reader = "excel" if project.trials.suffix == ".xlsx" else "csv"
    values = read_raw(project.trials, reader=reader, options={}, name=project.trials.name).values
    return set(values["trial"].astype("string")) if "trial" in values else set()
