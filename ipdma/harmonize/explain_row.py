"""The steps from a row of a raw file to one cell, done again one by one and told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma.errors import ExpressionError
from ipdma.harmonize.column_origin import column_origin, raw_columns
from ipdma.harmonize.correct import Corrected
from ipdma.harmonize.fill_column import about_origin, filled_steps, repeated
from ipdma.harmonize.fill_score import item_columns
from ipdma.harmonize.lineage import origin_text, step_text, steps_text
from ipdma.harmonize.perform import perform
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import keyed_gaps, rules_of
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import Block, ColumnRule, Recipe, ScoreRule, Since, UnitColumn
from ipdma.schemas.scale import Scale
from ipdma.schemas.tables import Table
from ipdma.schemas.template import fill_template


@dataclass(frozen=True, kw_only=True, eq=False)
class SourceRow:
    """One row of a source, ready for the recipe's steps, and the files as they were delivered."""

    recipe: Recipe
    rows: Prepared
    delivered: Mapping[str, RawTable]
    corrected: Sequence[Corrected]
    table: Table
    scales: Mapping[str, Scale]


def explain_row(row: SourceRow, block: Block, column: str, cells: pd.Series) -> list[str]:
    """Return where a column of a row came from, a line a step.

    Parameters
    ----------
    block
        The block of the recipe that made the row.
    column
        The column of the common table.
    cells
        The row of the common table.
    """
    raw = row.rows.raw
    sheet = f", sheet '{raw.sheet}'" if raw.sheet else ""
    head = [f"  file {raw.file}{sheet}, row {row.rows.rows[0]} (source {row.rows.source.name})"]
    key, gaps = _gaps(block, cells)
    if column in ("trial", "participant_id"):
        return [*head, *_identity(row, column)]
    if block.long is not None and column == block.long.over:
        return [*head, f"  {row.recipe.name} line {block.long.line}: '{key}' of long"]
    if block.rows_from is not None and column == block.rows_from.over:
        made = block.rows_from
        return [*head, f"  {row.recipe.name} line {made.line}: one of as many rows as '{made.count}' says",
                *_raw_lines(row, (made.count,))]  # fmt: skip
    if block.score is not None and column in ("value", "value_source"):
        return [*head, *_score_lines(row, block.score, gaps, cells)]
    rule = next((rule for rule in rules_of(block) if column in (rule.column, f"{rule.column}_unit")), None)
    if rule is None:
        given = block.score or block.reported
        said = f" line {given.line}: said by the score" if given is not None else ": no line fills it"
        return [*head, f"  {row.recipe.name}{said}"]
    return [*head, *_rule_lines(row, rule, gaps)]


def _gaps(block: Block, cells: pd.Series) -> tuple[str, dict[str, str]]:
    if block.long is None:
        return "", {}
    key = code_text(cells[block.long.over])
    return key, dict(keyed_gaps(block))[key]


def _identity(row: SourceRow, column: str) -> Iterator[str]:
    source, trial = row.rows.source, row.recipe.trial
    if column == "participant_id":
        yield f"  {row.recipe.name} line {source.line}: id {' + '.join(source.id)}"
    elif isinstance(trial, str):
        yield f"  {row.recipe.name} line {row.recipe.trial_line}: trial {trial}"
    else:
        yield f"  {row.recipe.name} line {trial.line}: trial from '{trial.column}'"
        yield from _raw_lines(row, (trial.column,))


def _rule_lines(row: SourceRow, rule: ColumnRule, gaps: Mapping[str, str]) -> Iterator[str]:
    said = " -> ".join(part for part in (origin_text(rule), steps_text(rule)) if part)
    yield f"  {row.recipe.name} line {rule.line}: {rule.column}: {fill_template(said, gaps)}"
    steps = filled_steps(rule.do, gaps)
    if rule.kind == "nothing" or (rule.kind == "const" and not steps):
        return
    try:
        columns = () if rule.kind == "const" else raw_columns(rule, gaps)
    except ExpressionError:  # harmonizing refuses it
        columns = ()
    beside = [step.argument.since for step in steps if isinstance(step.argument, Since)]
    beside += [fill_template(rule.unit.column, gaps)] if isinstance(rule.unit, UnitColumn) else []
    yield from _raw_lines(row, (*columns, *beside))
    origin = repeated(rule, row.rows) if rule.kind == "const" else column_origin(rule, row.rows, gaps)
    values, about = origin.values, about_origin(origin, row.rows)
    if rule.kind != "from":
        yield f"  {rule.kind} gives {_shown(values)}"
    for step in steps:
        done = perform(step, values, about)
        values, about = done.step.values, done.about
        yield (
            f"  after {step_text(step)}: {_shown(values)}"
            if len(step_text(step)) < 60
            else (f"  after {step.name}: {_shown(values)}")
        )


def _shown(values: pd.Series) -> str:
    value = values.iloc[0]
    return "missing" if pd.isna(value) else f"'{value}'" if isinstance(value, str) else code_text(value)


def _raw_lines(row: SourceRow, columns: Sequence[str]) -> Iterator[str]:
    """Yield raw columns of the row: what the file holds, its label, a correction, why it is missing."""
    for column in dict.fromkeys(columns):
        yield f"  raw column '{column}': {_raw_text(row, column)}"


def _raw_text(row: SourceRow, column: str) -> str:
    source, name, number, place = _delivered_at(row, column)
    text = f"{place}{_cell_text(row.delivered[source], name, number)}"
    for change in row.corrected:
        if (source in change.sources) and (change.column, change.row) == (name, number):
            cell = row.rows.raw.values[column][row.rows.raw.rows == row.rows.rows[0]]
            text += f", corrected to {_shown(cell)} ({change.file} line {change.line})"
    reasons = row.rows.reasons.get(column)
    if reasons is not None and reasons[0] is not None:
        text += f", stands for missing: {reasons[0]}"
    return text


def _delivered_at(row: SourceRow, column: str) -> tuple[str, str, int, str]:
    """Return the source, column and row of the file that a column of the row comes from, and words for it."""
    source, name, number, place = row.rows.source.name, column, int(row.rows.rows[0]), ""
    taken = row.rows.raw.joined.get(column)
    if taken is not None:
        at = int(np.flatnonzero(row.rows.raw.rows == number)[0])
        source, name, number = taken.source, taken.column, int(taken.rows[at])
        place = f"from {row.delivered[source].file} row {number}, column '{name}': " if number else "no partner row: "
    return source, name, number, place


def _cell_text(raw: RawTable, column: str, number: int) -> str:
    places = np.flatnonzero(raw.rows == number)
    if not len(places) or column not in raw.values:
        return "nothing"
    value = raw.values[column].iloc[int(places[0])]
    letter = raw.missing_reasons.get(column, {}).get(int(places[0]), "")
    code = letter if pd.isna(value) else code_text(value)
    labels = {code_text(known): label for known, label in raw.value_labels.get(column, {}).items()}
    label = f" = {labels[code]}" if code in labels else ""
    return f"empty{label}" if not code else f"'{code}'{label}" if isinstance(value, str) else f"{code}{label}"


def _score_lines(row: SourceRow, score: ScoreRule, gaps: Mapping[str, str], cells: pd.Series) -> Iterator[str]:
    scale = row.scales[score.scale]
    name = score.score or scale.primary
    yield f"  {row.recipe.name} line {score.line}: score {scale.code} {name}, {scale.scores[name].how} of items"
    rule = scale.scores[name].missing_items
    sets = item_columns(score, scale, gaps)
    for kind, columns in sets.items():
        items = [f"{column} {_raw_text(row, column)}" for column in columns]
        yield f"  items{f' {kind}' if len(sets) > 1 else ''}: {'; '.join(items)}"
    limit = f" {rule.limit:g}" if rule.rule != "complete" else ""
    yield f"  missing items: rule {rule.rule}{limit} ({rule.source}); this value: {cells['value_source']}"
