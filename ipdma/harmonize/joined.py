"""Columns of one source beside the rows of another, by the participants' ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column
from ipdma.harmonize.duplicates import find_repeated
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.kept_rows import kept_rows
from ipdma.harmonize.missing_codes import decode
from ipdma.harmonize.raw_table import JoinedColumn, RawTable
from ipdma.harmonize.row_keys import joined_ids
from ipdma.harmonize.step import counted
from ipdma.schemas.recipe import Join, Recipe, Source, StackedTrial

NOT_IN_SOURCE = "not_in_source"
_SEVERAL = (
    "source '{other}' has several rows of one participant in {n}, so which of them belongs beside source '{name}' is "
    "unknown. Narrow it by 'where', or say which counts by 'duplicates'."
)
_UNMATCHED = (
    "{n} of source '{name}' have no partner in source '{other}'. Correct the ids, or write 'unmatched: missing', which "
    "leaves the columns missing in them."
)


def join_tables(recipe: Recipe, raws: Mapping[str, RawTable]) -> tuple[dict[str, RawTable], list[Finding]]:
    """Return the raw tables with the columns they take from each other, and what is wrong with that.

    A joined column keeps its labels, missing codes and formats. A table that cannot be joined stays as it is.
    """
    done: dict[str, RawTable] = {}
    findings: list[Finding] = []

    def table(name: str) -> RawTable | None:
        if name not in done and name in raws:
            done[name] = raws[name]  # a circle of joins is refused when the recipe is read
            for join in recipe.sources[name].joins:
                other = table(join.source)
                if other is not None:
                    both = _Pair(recipe=recipe, join=join, source=recipe.sources[name], raw=done[name], other=other)
                    done[name], found = _joined(both)
                    findings.extend(found)
        return done.get(name)

    for name in raws:
        table(name)
    return {name: done[name] for name in raws}, findings


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pair:
    """A source, what it takes, and the table it takes it from."""

    recipe: Recipe
    join: Join
    source: Source
    raw: RawTable
    other: RawTable

    @property
    def other_source(self) -> Source:
        return self.recipe.sources[self.join.source]

    def finding(self, code: str, message: str, rows: Sequence[int] = (), file: str = "") -> Finding:
        trial = self.recipe.trial if isinstance(self.recipe.trial, str) else ""
        text = message.replace("{name}", self.source.name).replace("{other}", self.join.source)
        return Finding(
            code=code,
            message=text.replace("{n}", counted(len(rows), "row")),
            trial=trial,
            file=file or self.raw.file,
            recipe=self.recipe.name,
            line=self.join.line,
            rows=tuple(rows),
            count=max(len(rows), 1),
        )


def _joined(pair: _Pair) -> tuple[RawTable, list[Finding]]:
    wrong = _names_taken(pair)
    if wrong or not _is_complete(pair):
        return pair.raw, wrong
    keys, others, keep = _keys(pair)
    several = _repeated(others, keep)
    if several.any():
        rows = pair.other.rows[several].tolist()
        return pair.raw, [pair.finding("join_several_rows", _SEVERAL, rows, pair.other.file)]
    places = np.flatnonzero(keep)
    at = np.append(places, -1)[pd.Index(others[places]).get_indexer(pd.Index(keys))]  # -1: no partner
    own = _decoded(pair.recipe, pair.source, pair.raw)
    counts = kept_rows(own, {name: codes for name, codes in pair.source.where.items() if name in own})
    lost = (at < 0) & counts & (keys != "")
    if lost.any() and pair.join.unmatched == "error":
        return pair.raw, [pair.finding("join_without_partner", _UNMATCHED, pair.raw.rows[lost].tolist())]
    return _with_columns(pair, at), []


def _repeated(keys: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Return which keys stand in several rows that count."""
    repeated = np.zeros(len(keys), dtype=bool)
    repeated[keep] = pd.Series(keys[keep]).duplicated(keep=False).to_numpy(dtype=bool)
    return repeated


def _is_complete(pair: _Pair) -> bool:
    """Return whether all columns are there; the check of the recipe against the headers says which are not."""
    here, there = pair.raw.values.columns, pair.other.values.columns
    return {*pair.join.columns.values(), *pair.other_source.id} <= {*there} and {*pair.source.id} <= {*here}


def _names_taken(pair: _Pair) -> list[Finding]:
    twice = [new for new in pair.join.columns if new in pair.raw.values.columns]
    if not twice:
        return []
    message = f"source '{{name}}' has a column '{twice[0]}' already. Take it under another name: {{new: {twice[0]}}}."
    return [pair.finding("join_name_taken", message)]


def _decoded(recipe: Recipe, source: Source, raw: RawTable) -> pd.DataFrame:
    columns = [name for name in (*source.where, *source.id) if name in raw.values.columns]
    return decode(raw, dict.fromkeys(columns), recipe, source.name).values


def _keys(pair: _Pair) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the keys of this source's rows and of the other's, and which of the other's count.

    In a stacked file they are trial and id, unless the trial itself is taken over.
    """
    keys = joined_ids(pair.raw.values, pair.source.id)
    others = joined_ids(pair.other.values, pair.other_source.id)
    trial = pair.recipe.trial
    if isinstance(trial, StackedTrial) and {trial.column} <= {*pair.raw.values.columns} & {*pair.other.values.columns}:
        keys = _within(pair.raw.values[trial.column], keys)
        others = _within(pair.other.values[trial.column], others)
    decoded = _decoded(pair.recipe, pair.other_source, pair.other)
    keep = kept_rows(decoded, {k: v for k, v in pair.other_source.where.items() if k in decoded}) & (others != "")
    rule = pair.other_source.duplicates
    if rule is not None:
        wanted = [name for name in (*rule.by, rule.order) if name is not None and name in pair.other.values.columns]
        values = decode(pair.other, dict.fromkeys(wanted), pair.recipe, pair.join.source).values
        if len(values.columns) == len(set(wanted)):
            repeated = find_repeated(
                rule, pair.other, values, [others], keep, decimal=str(pair.other_source.options.get("decimal", "."))
            )
            keep &= ~repeated.dropped
    return keys, others, keep


def _within(trial: pd.Series, ids: np.ndarray) -> np.ndarray:
    column = code_column(trial)  # in one spelling, as the map of trials reads them
    codes = np.array([*column.codes, ""], dtype=object)[column.index]
    both = np.array([f"{code}\n{one}" for code, one in zip(codes, ids, strict=True)], dtype=object)
    return np.where(ids == "", "", both)


def _with_columns(pair: _Pair, at: np.ndarray) -> RawTable:
    raw, other = pair.raw, pair.other
    names = pair.join.columns
    values = raw.values.copy(deep=False)
    for new, old in names.items():
        values[new] = other.values[old].take(np.maximum(at, 0)).mask(at < 0, pd.NA).set_axis(values.index)
    lost = {int(place): NOT_IN_SOURCE for place in np.flatnonzero(at < 0)}
    reasons = {**raw.missing_reasons}
    for new, old in names.items():
        known = other.missing_reasons.get(old, {})
        found = {place: known[int(row)] for place, row in enumerate(at) if int(row) in known} if known else {}
        reasons |= {new: {**found, **lost}} if found or lost else {}
    rows = np.where(at < 0, 0, other.rows[np.maximum(at, 0)])
    sign = {old: taken.decimal for old, taken in other.joined.items()}  # itself taken from a third file
    own = str(pair.other_source.options.get("decimal", "."))
    columns = {
        new: JoinedColumn(source=pair.join.source, column=old, rows=rows, decimal=sign.get(old, own))
        for new, old in names.items()
    }
    return replace(
        raw,
        values=values,
        labels={**raw.labels, **_renamed(other.labels, names)},
        value_labels={**raw.value_labels, **_renamed(other.value_labels, names)},
        missing_codes={**raw.missing_codes, **_renamed(other.missing_codes, names)},
        missing_reasons=reasons,
        formats={**raw.formats, **_renamed(other.formats, names)},
        joined={**raw.joined, **columns},
    )


def _renamed(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {new: said[old] for new, old in names.items() if old in said}
