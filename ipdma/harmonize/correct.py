"""Corrections applied to raw tables: only where the old value still stands."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.harmonize.corrections_file import Correction
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.kept_rows import kept_rows
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.row_keys import joined_ids
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import ROW_NUMBER, Recipe, Scalar, Source, StackedTrial


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A raw cell that was corrected: the sources that hold it, its column and row, and where that is said."""

    sources: tuple[str, ...]
    column: str
    row: int
    trial: str
    file: str
    line: int


class _RefusedError(Exception):
    """A correction that does not fit; the message holds no value."""


def correct(
    recipe: Recipe, raws: Mapping[str, RawTable], corrections: Sequence[Correction]
) -> tuple[dict[str, RawTable], list[Corrected], list[Finding]]:
    """Return the raw tables after the corrections of a recipe's trials, what was done, and what does not fit.

    A file that several sources read in one way is corrected for all of them.
    """
    tables = dict(raws)
    done: list[Corrected] = []
    findings: list[Finding] = []
    keys: dict[str, np.ndarray] = {}
    for change in corrections:
        if change.source in recipe.sources and change.source not in raws:
            continue  # its file cannot be read, which is reported
        if _of_another(recipe, raws, change.trial):
            continue
        try:
            place = _place(change, recipe, tables, keys)
            same = tuple(name for name, raw in raws.items() if raw is raws[change.source])
            tables |= dict.fromkeys(same, _changed(change, recipe.sources[change.source], tables[change.source], place))
            row = int(tables[change.source].rows[place])
            done.append(Corrected(sources=same, column=change.column, row=row, trial=change.trial,
                                  file=change.file, line=change.line))  # fmt: skip
        except _RefusedError as refusal:
            raw = tables.get(change.source)
            findings.append(
                Finding(code="correction", message=str(refusal), trial=change.trial, recipe=change.file,
                        line=change.line, file="" if raw is None else raw.file)
            )  # fmt: skip
    return tables, done, findings


def _of_another(recipe: Recipe, raws: Mapping[str, RawTable], trial: str) -> bool:
    """Whether a stacked file without a map, which may hold any trial, has no row of this one."""
    at = recipe.trial
    if isinstance(at, str) or at.codes is not None:
        return False
    holding = [raw for raw in raws.values() if at.column in raw.values.columns]
    return bool(holding) and not any(_of_trial(at, raw, trial).any() for raw in holding)


def _place(change: Correction, recipe: Recipe, tables: Mapping[str, RawTable], keys: dict[str, np.ndarray]) -> int:
    """Return the position of the one row that a correction names."""
    if change.source not in tables:
        raise _RefusedError(f"no source '{change.source}'{did_you_mean(change.source, recipe.sources)}")
    raw, source = tables[change.source], recipe.sources[change.source]
    for column in (change.column, *change.where):
        if column not in raw.values.columns:
            raise _RefusedError(f"no column '{column}'. Write it as the file does.")
    if change.row is not None:
        found = raw.rows == change.row
    else:
        if change.source not in keys:
            keys[change.source] = _ids(source, raw)
        found = keys[change.source] == change.participant_id
    found = found & kept_rows(raw.values, change.where) & _of_trial(recipe.trial, raw, change.trial)
    places = np.flatnonzero(found)
    if len(places) != 1:
        many = "no row" if not len(places) else f"{len(places)} rows"
        raise _RefusedError(f"it names {many} of the trial; it must name one, by 'id' and 'where', or by 'row'.")
    return int(places[0])


def _ids(source: Source, raw: RawTable) -> np.ndarray:
    if not source.id or source.id == (ROW_NUMBER,):
        return np.array([str(row) for row in raw.rows], dtype=object)
    absent = [name for name in source.id if name not in raw.values.columns]
    if absent:
        raise _RefusedError(f"no column '{absent[0]}', which is the id.")
    return joined_ids(raw.values, source.id)


def _of_trial(trial: str | StackedTrial, raw: RawTable, wanted: str) -> np.ndarray:
    if isinstance(trial, str) or trial.column not in raw.values.columns:
        return np.ones(len(raw.rows), dtype=bool)
    codes = raw.values[trial.column].map(code_text, na_action="ignore")
    named = codes if trial.codes is None else codes.map(dict(trial.codes))
    return (named == wanted).fillna(False).to_numpy(dtype=bool)


def _changed(change: Correction, source: Source, raw: RawTable, place: int) -> RawTable:
    column = raw.values[change.column]
    if _as_code(column.iloc[place]) != _as_code(change.old):
        raise _RefusedError(
            f"the old value does not stand in row {raw.rows[place]} any more, so the correction is not applied. If the "
            "file is a new delivery that holds the right value, remove the correction; else correct 'old'."
        )
    values, cells = raw.values.copy(deep=False), column.copy()
    cells.iloc[place] = _cell(change.new, cells, str(source.options.get("decimal", ".")))
    values[change.column] = cells
    known = raw.missing_reasons.get(change.column, {})
    reasons = {**raw.missing_reasons, change.column: {at: why for at, why in known.items() if at != place}}
    return replace(raw, values=values, missing_reasons={name: found for name, found in reasons.items() if found})


def _as_code(value: object) -> str:
    """Return a cell in one spelling; an empty one, and one of blanks, as nothing."""
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return code_text(value)


def _cell(value: Scalar, cells: pd.Series, decimal: str) -> object:
    """Return the new value in the type of its column."""
    if value is None:
        return pd.NA
    if pd.api.types.is_numeric_dtype(cells.dtype):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _RefusedError("'new' is text, but the file holds numbers in this column.")
        return float(value)
    if isinstance(cells.dtype, pd.StringDtype):
        text = value if isinstance(value, str) else code_text(value)
        return text if isinstance(value, str) else text.replace(".", decimal)
    return value
