"""Raw files and recipes to a Consortium."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ipdma.errors import HarmonizationError
from ipdma.harmonize.apply import Applied, apply_recipe
from ipdma.harmonize.assemble import assemble, event_rows
from ipdma.harmonize.availability import availability
from ipdma.harmonize.availability_counts import with_counts
from ipdma.harmonize.cache import Cache
from ipdma.harmonize.check_recipe import check_recipe
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.content import Content, own_categories, read_content, unknown_versions
from ipdma.harmonize.corrections_file import never_applied, read_corrections, without_recipe
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.findings_text import findings_text
from ipdma.harmonize.inputs import TableReader
from ipdma.harmonize.lineage import rule_table
from ipdma.harmonize.missing_reasons import complete_reasons
from ipdma.harmonize.read_inputs import read_recipes, recipe_paths
from ipdma.harmonize.trials_file import merge_trials, read_trials
from ipdma.harmonize.validate import validate
from ipdma.schemas.recipe import Recipe

_FILES = {"trial": "string", "file": "string", "sha256": "string", "rows": "Int64"}


def harmonize(
    raw: Path | str,
    *,
    recipes: Path | str,
    trials: Path | str | None = None,
    scales: Path | str | None = None,
    schema: Path | str | None = None,
    corrections: Path | str | None = None,
    without: Sequence[str] = (),
    cache: Cache | None = None,
    progress: Callable[[str], None] | None = None,
) -> Consortium:
    """Return the trials of all recipes in common tables.

    Parameters
    ----------
    raw
        Folder of the trials' files; read, never written.
    recipes
        Folder of recipes (``*.yaml``), or one recipe.
    trials
        ``trials.csv`` or ``.xlsx``: a row a trial; it orders and labels them and adds those without individual data.
    scales
        Folder of the project's own instruments.
    schema
        ``schema.yaml`` with the project's extra columns.
    corrections
        Folder of corrections that trialists confirmed, a file a trial; private, as it holds values and ids.
    without
        Trials to leave out; they keep a row of the trials table with this reason.
    cache
        What each recipe gave the last time: only trials with changed files are read again. ``None``: all are.
    progress
        Told, in a few words, what is being done.

    Raises
    ------
    HarmonizationError
        If anything is wrong; ``findings`` lists every cause with its file, rows and recipe line.
    RecipeError, SchemaError, ScaleError
        If there is no recipe, or the project's ``schema.yaml`` or scale files cannot be read.
    """
    say = progress or (lambda sentence: None)
    content = read_content(scales, schema)
    paths = recipe_paths(Path(recipes))
    known, findings = read_recipes(paths, without)
    wanted = [recipe for recipe in known if recipe.trial not in without]
    findings += unknown_versions(wanted)
    changes, wrong = read_corrections(None if corrections is None else Path(corrections))
    findings += [*wrong, *without_recipe(known, changes, files=len(paths))]
    reader = TableReader.of(Path(raw), changes, say)
    kept = cache or Cache(None)
    kept.begin(Path(raw), content, without, known, changes)
    applied = []
    for recipe in wanted:
        result = _read_back(recipe, kept, say, findings)
        if result is None:
            say(f"harmonizing {recipe.name}")
            result = _harmonize_recipe(recipe, reader, content, without, findings)
            _keep(result, kept)
        applied += [] if result is None else [result]
    listed = _listed(trials, content, findings)
    findings += _claimed_twice(applied)
    _stop_at_errors(findings)
    findings += never_applied(changes, {trial for result in applied for trial in result.trials} | set(without))
    consortium = _together(applied, listed, content, without, findings)
    _stop_at_errors(findings)
    return consortium


def _read_back(recipe: Recipe, kept: Cache, say: Callable[[str], None], findings: list[Finding]) -> Applied | None:
    """Return what a recipe gave the last time, if nothing it depends on has changed."""
    applied = kept.read(recipe)
    if applied is not None:
        say(f"reading back {recipe.name}")
        findings += applied.findings
    return applied


def _harmonize_recipe(
    recipe: Recipe, reader: TableReader, content: Content, without: Sequence[str], findings: list[Finding]
) -> Applied | None:
    """Return what a recipe gives, or nothing if it does not fit its files; what is wrong is added to the findings."""
    read = reader.read(recipe)
    wrong = [*read.findings, *check_recipe(recipe, read.tables, content.schema, content.scales)]
    if _errors(wrong):
        findings += wrong
        return None
    applied = apply_recipe(
        recipe, read.tables, content.schema, content.scales, without=without, corrected=read.corrected
    )
    applied = replace(applied, findings=(*wrong, *applied.findings))
    findings += applied.findings
    return applied


def _keep(applied: Applied | None, kept: Cache) -> None:
    if applied is not None and not _errors(applied.findings):
        kept.keep(applied)


def _listed(trials: Path | str | None, content: Content, findings: list[Finding]) -> pd.DataFrame | None:
    if trials is None:
        return None
    listed, found = read_trials(Path(trials), content.schema["trials"])
    findings += found
    return listed


def _together(
    applied: Sequence[Applied],
    listed: pd.DataFrame | None,
    content: Content,
    without: Sequence[str],
    findings: list[Finding],
) -> Consortium:
    """Return the consortium of all recipes; what is wrong or doubtful in its tables is added to the findings."""
    table = content.schema["trials"]
    trials, contradictions = merge_trials(_said_of_trials(applied), listed, table, without=without)
    findings += contradictions
    pieces = [piece for result in applied for piece in result.pieces if piece.table != "trials"]
    assembled = assemble(pieces, content.schema, list(trials["trial"]))
    tables = {**assembled.tables, "trials": trials}
    found = validate(tables, content.schema, content.scales, origin=assembled.origin)
    told = {finding.trial for finding in findings if finding.code == "trial_without_recipe"}
    findings += [one for one in found if not (one.code == "trial_without_data" and one.trial in told)]
    missing = complete_reasons(tables, content.schema, assembled.missing)
    events = pd.concat([assembled.events, _row_events(findings, applied)], ignore_index=True)
    used = set(tables["assessments"]["instrument"].unique())
    names = [trial for result in applied for trial in result.trials]
    said = [
        (result.trials if status.trials is None else status.trials, status)
        for result in applied
        for status in result.status
    ]
    return Consortium(
        tables=tables,
        scales={code: scale for code, scale in content.scales.items() if code in used},
        schema=_version(applied),
        categories=own_categories(content.schema),
        missing=missing,
        status=with_counts(availability(said, content.schema, names), tables, missing, events),
        origin=assembled.origin,
        rules=rule_table([result.recipe for result in applied], content.scales),
        events=events,
        issues=_issues(findings),
        files=pd.DataFrame(list(_files(applied)), columns=list(_FILES)).astype(_FILES),
    )


def _said_of_trials(applied: Sequence[Applied]) -> dict[str, dict[str, object]]:
    """Return what recipes say of each trial they fill: columns of the trials table."""
    said: dict[str, dict[str, object]] = {}
    for result in applied:
        people = any(piece.table == "participants" for piece in result.pieces)
        for trial in result.trials:
            said[trial] = {"data": "individual" if people else "aggregate"}
            said[trial] |= {"label": result.labels[trial]} if trial in result.labels else {}
        for piece in result.pieces:
            for row in piece.frame.to_dict(orient="records") if piece.table == "trials" else ():
                said[str(row["trial"])] |= {str(name): value for name, value in row.items() if not pd.isna(value)}
    return said


def _claimed_twice(applied: Sequence[Applied]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for result in applied:
        for trial in result.trials:
            other = first.setdefault(trial, result.recipe.name)
            if other != result.recipe.name:
                message = f"{other} fills this trial too. One recipe may have several sources; put them into one."
                yield Finding(code="trial_twice", message=message, trial=trial, recipe=result.recipe.name,
                              line=result.recipe.trial_line)  # fmt: skip


def _files(applied: Sequence[Applied]) -> Iterator[tuple[str, str, str, int]]:
    for result in applied:
        for trial in result.trials:
            for file, sha256, rows in result.files:
                yield trial, file, sha256, rows


def _version(applied: Sequence[Applied]) -> str:
    return max((result.recipe.schema for result in applied), default="ipd 1.0.0")


def _row_events(findings: Sequence[Finding], applied: Sequence[Applied]) -> pd.DataFrame:
    """Return what happened to rows of files on request, and corrections of columns that fill no cell."""
    notes = [(finding.trial, finding.code, f"{finding.file}: {finding.message}") for finding in findings
             if finding.severity == "note"]  # fmt: skip
    notes += [(one.trial, "corrected_raw", f"{one.file} line {one.line}") for result in applied
              for one in result.corrected]  # fmt: skip
    names = [event for _, event, _ in notes]
    frame = event_rows("", trial=pd.Series([trial for trial, _, _ in notes], dtype="string"),
                       detail=[detail for _, _, detail in notes])  # fmt: skip
    return frame.assign(event=pd.Series(names, dtype="string"))


def _issues(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return the warnings as a table; it holds no values."""
    names = ("code", "table", "column", "trial", "file", "count", "message")
    rows = [
        [getattr(finding, name) or pd.NA for name in names] for finding in findings if finding.severity == "warning"
    ]
    types = {name: "Int64" if name == "count" else "string" for name in names}
    return pd.DataFrame(rows, columns=list(names)).astype(types)


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _stop_at_errors(findings: Sequence[Finding]) -> None:
    errors = _errors(findings)
    if errors:
        raise HarmonizationError(findings_text(errors), tuple(findings))
