"""The rows of a common table that one block of a recipe makes from one source."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma.harmonize.column_origin import raw_columns
from ipdma.harmonize.fill_column import FilledColumn, fill_column
from ipdma.harmonize.fill_score import fill_score
from ipdma.harmonize.gather import Gatherer, Place
from ipdma.harmonize.kept_rows import kept_rows
from ipdma.harmonize.missing_reasons import MAPPED
from ipdma.harmonize.piece import Piece, VariableStatus, keep_rows, no_absent
from ipdma.harmonize.prepared import Prepared, some_rows
from ipdma.harmonize.reads import keyed_gaps
from ipdma.harmonize.rows_from import count_rows
from ipdma.harmonize.unit_column import convert_unit
from ipdma.schemas.recipe import Block, ColumnRule, ReportedRule, ScoreRule
from ipdma.schemas.scale import Scale
from ipdma.schemas.tables import Table
from ipdma.schemas.template import fill_template


@dataclass(frozen=True, kw_only=True, eq=False)
class Filling:
    """What filling a block needs beside its rows."""

    recipe: str
    block: Block
    table: Table
    scales: Mapping[str, Scale]
    gatherer: Gatherer

    def place(self, column: str, line: int, prepared: Prepared) -> Place:
        """Return where failures of a column belong."""
        return Place(recipe=self.recipe, line=line, file=prepared.source.file, table=self.table.name, column=column)


def fill_block(filling: Filling, prepared: Prepared) -> Piece:
    """Return the block's rows; a row without any value, and an assessment without its value, is none."""
    parts = [_one_part(filling, prepared, key, gaps) for key, gaps in keyed_gaps(filling.block)]
    order = np.argsort(np.concatenate([part.positions for part in parts]), kind="stable")
    held = np.concatenate([part.held for part in parts])[order]
    return _without_empty_rows(filling, _together(filling, prepared, parts, order), held)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """The columns of one value of ``long`` (the only one where there is none), and where its rows stand.

    ``held`` tells rows of sessions for which the file holds something, though nothing may have come of it.
    """

    columns: Mapping[str, FilledColumn]
    positions: np.ndarray
    held: np.ndarray


def _one_part(filling: Filling, prepared: Prepared, key: str, gaps: Mapping[str, str]) -> _Part:
    block, table = filling.block, filling.table
    where = {fill_template(column, gaps): codes for column, codes in block.where.items()}
    positions = np.flatnonzero(kept_rows(prepared.values, where))
    rows = some_rows(prepared, positions)
    numbered: dict[str, FilledColumn] = {}
    if block.rows_from is not None:
        counted = count_rows(block.rows_from, rows)
        filling.gatherer.add(filling.place(block.rows_from.over, block.rows_from.line, rows), counted.failures, rows)
        positions, rows = positions[counted.places], some_rows(rows, counted.places)
        numbered = {block.rows_from.over: FilledColumn(values=counted.number)}
    columns = {"trial": FilledColumn(values=pd.Series(rows.trial, dtype="string"))}
    if "participant_id" in table.columns and rows.participant_id is not None:
        columns["participant_id"] = FilledColumn(values=pd.Series(rows.participant_id, dtype="string"))
    rules = [*block.columns, *_key_rule(block, key), *_score_rules(block, filling.scales)]
    for rule in rules:
        columns.update(_filled(filling, rule, rows, gaps))
    columns.update(numbered)
    if block.score is not None:
        columns |= _score_columns(filling, block.score, rows, gaps)
    return _Part(columns=columns, positions=positions, held=_held(filling, rows, columns, gaps))


def _held(filling: Filling, rows: Prepared, columns: Mapping[str, FilledColumn], gaps: Mapping[str, str]) -> np.ndarray:
    """Return which rows of a long table of sessions have a raw value that no map makes nothing of.

    A dose that was given counts, also where its time or day cannot be told.
    """
    held = np.zeros(len(rows.rows), dtype=bool)
    if filling.table.name != "sessions" or filling.block.long is None:
        return held
    for rule in filling.block.columns:
        if rule.column in filling.table.primary_key or rule.kind in ("const", "nothing"):
            continue
        reasons = columns[rule.column].reasons
        mapped = np.zeros(len(held), dtype=bool) if reasons is None else np.asarray(reasons == MAPPED, dtype=bool)
        for name in raw_columns(rule, gaps):
            held |= rows.values[name].notna().to_numpy(dtype=bool) & ~mapped
    return held


def _filled(filling: Filling, rule: ColumnRule, rows: Prepared, gaps: Mapping[str, str]) -> dict[str, FilledColumn]:
    """Return a rule's column, and that of its unit where the table has one."""
    column = fill_column(rule, rows, kind=filling.table.columns[rule.column].type, gaps=gaps)
    columns = {rule.column: column, **convert_unit(rule, column, filling.table, rows, gaps)}
    failures = [*column.failures]
    if columns[rule.column] is not column:
        failures += [f for f in columns[rule.column].failures if f not in failures]
    filling.gatherer.add(filling.place(rule.column, rule.line, rows), failures, rows)
    return columns


def _score_columns(
    filling: Filling, score: ScoreRule, rows: Prepared, gaps: Mapping[str, str]
) -> dict[str, FilledColumn]:
    columns, failures = fill_score(score, filling.scales[score.scale], rows, gaps)
    filling.gatherer.add(filling.place("value", score.line, rows), failures, rows)
    return columns


def _key_rule(block: Block, key: str) -> list[ColumnRule]:
    if block.long is None:
        return []
    return [ColumnRule(column=block.long.over, kind="const", value=key, line=block.long.line)]


def _score_rules(block: Block, scales: Mapping[str, Scale]) -> list[ColumnRule]:
    """What ``score`` and ``reported`` say, as rules of single columns."""
    given: ScoreRule | ReportedRule | None = block.score or block.reported
    if given is None:
        return []
    constants = {
        "instrument": given.scale,
        "score": given.score or scales[given.scale].primary,
        "rater": given.rater or "not_stated",
    }
    rules = [ColumnRule(column=name, kind="const", value=value, line=given.line) for name, value in constants.items()]
    if given.visit is not None:
        rules.append(given.visit)
    if isinstance(given, ReportedRule):
        rules += [given.value, ColumnRule(column="value_source", kind="const", value="reported", line=given.line)]
    return rules


def _together(filling: Filling, prepared: Prepared, parts: list[_Part], order: np.ndarray) -> Piece:
    """Put the parts under each other in this order, which puts a source row's parts next to each other."""
    positions = np.concatenate([part.positions for part in parts])[order]
    names = dict.fromkeys(name for part in parts for name in part.columns)
    frame = {
        name: pd.concat([part.columns[name].values for part in parts], ignore_index=True).iloc[order] for name in names
    }
    reasons = {name: _reasons(name, parts)[order] for name in names if _has_reasons(name, parts)}
    return Piece(
        table=filling.table.name,
        source=prepared.source.name,
        file=prepared.source.file,
        frame=pd.DataFrame(frame).reset_index(drop=True),
        file_rows=prepared.rows[positions],
        reasons=reasons,
        status=_status(filling, tuple(dict.fromkeys(map(str, prepared.trial[np.unique(positions)])))),
    )


def _has_reasons(name: str, parts: list[_Part]) -> bool:
    return any(part.columns[name].reasons is not None for part in parts)


def _reasons(name: str, parts: list[_Part]) -> np.ndarray:
    empty = [np.full(len(part.positions), None, dtype=object) for part in parts]
    known = [part.columns[name].reasons for part in parts]
    return np.concatenate([e if k is None else k for e, k in zip(empty, known, strict=True)])


def _status(filling: Filling, trials: tuple[str, ...]) -> tuple[VariableStatus, ...]:
    """What the recipe says of the block's variables: of those it fills, for the trials it has rows of."""
    block, name = filling.block, filling.table.name
    given = block.score or block.reported
    found = [
        VariableStatus(table=name, column=rule.column, status=rule.status, why=rule.why,
                       trials=None if rule.status == "impossible" else trials)
        for rule in block.columns
    ]  # fmt: skip
    if given is not None:
        score = given.score or filling.scales[given.scale].primary
        column = f"{given.scale}.{score}"
        found.append(VariableStatus(table=name, column=column, status="complete", trials=trials))
    return tuple(found)


def _without_empty_rows(filling: Filling, piece: Piece, held: np.ndarray) -> Piece:
    """Leave out rows that hold nothing: a missed visit or session. Their reasons are kept where they are known."""
    content = _content_columns(filling)
    if not content:
        return piece
    empty = piece.frame[content].isna().all(axis=1).to_numpy(dtype=bool) & ~held
    if not empty.any():
        return piece
    kept = keep_rows(piece, ~empty)
    absent = [_absent(filling, piece, column, empty) for column in content if column in piece.reasons]
    return replace(kept, absent=pd.concat([no_absent(), *absent], ignore_index=True))


def _content_columns(filling: Filling) -> list[str]:
    """Columns whose absence makes a row of nothing: an assessment's value; all but the keys where `long` made rows."""
    if filling.table.name == "assessments":
        return ["value"]
    if filling.block.long is None:
        return []
    key = filling.table.primary_key
    return [rule.column for rule in filling.block.columns if rule.column not in key and rule.kind != "const"]


def _absent(filling: Filling, piece: Piece, column: str, empty: np.ndarray) -> pd.DataFrame:
    reasons = piece.reasons[column]
    known = empty & pd.notna(reasons)
    keys = [name for name in filling.table.primary_key if name != "trial"]
    cells = piece.frame.loc[known, keys].astype("string").fillna("")
    text = [";".join(f"{name}={value}" for name, value in zip(keys, row, strict=True)) for row in cells.to_numpy()]
    absent = {
        "trial": piece.frame.loc[known, "trial"].to_numpy(),
        "column": column,
        "reason": reasons[known],
        "key": text,
    }
    return pd.DataFrame(absent).astype("string")
