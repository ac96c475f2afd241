"""A recipe applied to its raw tables: the rows of the common tables it gives."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ipdma.harmonize.correct import Corrected
from ipdma.harmonize.corrected_cells import mark_corrected, reads_by_block
from ipdma.harmonize.fill_block import Filling, fill_block
from ipdma.harmonize.fill_rows import fill_rows
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.gather import Gatherer
from ipdma.harmonize.piece import Piece, VariableStatus
from ipdma.harmonize.prepared import Prepared, prepare, row_findings
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import columns_by_source, join_only, reads
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.scale import Scale
from ipdma.schemas.tables import Table


@dataclass(frozen=True, kw_only=True, eq=False)
class Applied:
    """What a recipe gives.

    Parameters
    ----------
    recipe
        The recipe.
    trials
        Codes of its trials, in the order of the map or the file.
    labels
        Labels of trials that a stacked file holds.
    files
        The raw files that were read: name, sha256 and number of rows.
    pieces
        Rows of common tables.
    status
        What it says of variables, and raw columns that no line reads.
    findings
        What is wrong.
    corrected
        Raw cells that were corrected.
    """

    recipe: Recipe
    trials: tuple[str, ...]
    labels: Mapping[str, str]
    files: tuple[tuple[str, str, int], ...]
    pieces: tuple[Piece, ...]
    status: tuple[VariableStatus, ...]
    findings: tuple[Finding, ...]
    corrected: tuple[Corrected, ...] = ()


def apply_recipe(
    recipe: Recipe,
    raws: Mapping[str, RawTable],
    schema: Mapping[str, Table],
    scales: Mapping[str, Scale],
    *,
    without: Collection[str] = (),
    corrected: Sequence[Corrected] = (),
) -> Applied:
    """Return what a recipe makes of its files; it must have passed :func:`~ipdma.harmonize.check_recipe.check_recipe`.

    Parameters
    ----------
    raws
        The raw table of each source.
    schema, scales
        The common tables and the instruments.
    without
        Trials of a stacked file to leave out.
    corrected
        Cells of the raw tables that were corrected.
    """
    columns = columns_by_source(recipe, scales)
    findings: list[Finding] = []
    prepared: dict[str, Prepared] = {}
    beside = join_only(recipe)
    for name, source in recipe.sources.items():
        if name in beside:
            findings += row_findings(recipe, source, raws[name], np.ones(len(raws[name].rows), dtype=bool))
            continue
        prepared[name], found = prepare(recipe, source, raws[name], columns[name], without=without)
        findings += found
    trials, gatherer = _trials(recipe, prepared), Gatherer()
    pieces: list[Piece] = []
    by_block = reads_by_block(reads(recipe, scales)) if corrected else {}
    for number, block in enumerate(recipe.blocks):
        table = schema[block.table]
        if block.source is None:
            piece, wrong = fill_rows(block, table=table, recipe=recipe.name, trials=trials, without=without)
            findings += wrong
        else:
            filling = Filling(recipe=recipe.name, block=block, table=table, scales=scales, gatherer=gatherer)
            piece = fill_block(filling, prepared[block.source])
            piece = mark_corrected(piece, block, by_block.get(number, ()), raws[block.source], corrected)
        pieces += [] if piece is None else [replace(piece, block=number)]
    findings += _trials_without_rows(recipe, trials, without)
    return Applied(
        recipe=recipe,
        trials=trials,
        files=_files(raws),
        labels={trial: label for source in prepared.values() for trial, label in source.labels.items()},
        pieces=tuple(pieces),
        status=(*(status for piece in pieces for status in piece.status), *_unread(recipe, raws, scales)),
        findings=(*findings, *gatherer.findings()),
        corrected=tuple(corrected),
    )


def _files(raws: Mapping[str, RawTable]) -> tuple[tuple[str, str, int], ...]:
    by_name = {raw.file: raw for raw in raws.values()}
    return tuple((name, raw.sha256, len(raw.values)) for name, raw in by_name.items())


def _trials(recipe: Recipe, prepared: Mapping[str, Prepared]) -> tuple[str, ...]:
    if isinstance(recipe.trial, str):
        return (recipe.trial,)
    found = dict.fromkeys(str(trial) for source in prepared.values() for trial in source.trial)
    if recipe.trial.codes is None:
        return tuple(found)
    return tuple(trial for trial in dict.fromkeys(recipe.trial.codes.values()) if trial in found)


def _trials_without_rows(recipe: Recipe, trials: Sequence[str], without: Collection[str]) -> Iterator[Finding]:
    """Yield trials that the map of a stacked file names and of which no row is kept: they would vanish unsaid."""
    if isinstance(recipe.trial, str) or recipe.trial.codes is None:
        return
    for trial in dict.fromkeys(recipe.trial.codes.values()):
        if trial not in trials and trial not in without:
            message = "the map of trials names this trial, but no kept row is of it. Correct the map or 'where'."
            yield Finding(
                code="trial_without_rows", message=message, trial=trial, recipe=recipe.name, line=recipe.trial.line
            )


def _unread(recipe: Recipe, raws: Mapping[str, RawTable], scales: Mapping[str, Scale]) -> Iterator[VariableStatus]:
    """Yield the raw columns of each file that no line of the recipe reads."""
    by_file: dict[str, tuple[RawTable, set[str]]] = {}
    for source, columns in columns_by_source(recipe, scales).items():
        raw = raws[source]
        by_file.setdefault(raw.file, (raw, set()))[1].update(columns)
    for file, (raw, read) in by_file.items():
        for column in map(str, raw.values.columns):
            if column not in read:
                yield VariableStatus(
                    table=file, column=column, status="undetermined", why="no line of the recipe reads it"
                )
