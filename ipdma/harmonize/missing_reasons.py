"""Why each value of participants is missing: what codes and rules say, what follows from rows that are not there."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma.harmonize.rows_in import rows_in
from ipdma.schemas.tables import Table

EMPTY = "empty_cell"  # the file has an empty cell and no code for it
MAPPED = "mapped_to_missing"  # a map of the recipe makes nothing of the code
NO_RESULT = "no_result"  # an expression has none, though nothing it is made of is missing
NOT_RECORDED = "not_recorded"  # nobody of the trial has the variable
VISIT_MISSED = "visit_missed"  # no instrument at this visit
NOT_ANSWERED = "not_answered"  # other instruments at this visit, but not this one
_TABLES = ("participants", "sessions", "assessments")
_SCORE = ["instrument", "score", "rater"]
_ABSENT_KEY = ("participant_id", "visit", *_SCORE)


def complete_reasons(
    tables: Mapping[str, pd.DataFrame], schema: Mapping[str, Table], known: pd.DataFrame
) -> pd.DataFrame:
    """Return the reasons of all missing values of participants, sessions and assessments.

    Parameters
    ----------
    tables
        The common tables.
    known
        Reasons that codes of the files and rules of instruments gave: table, trial, row, column, reason, key.

    Returns
    -------
    DataFrame
        In the form of ``known``. A variable that no one of a trial has is one row without row number. An assessment
        without a row has the key such a row would have had; it is missing where the trial assessed others at the visit
        with the instrument.
    """
    parts = [known]
    for name in _TABLES:
        if name in tables and len(tables[name]):
            parts.append(_cells(name, tables[name], schema[name], known))
    if "assessments" in tables and len(tables["assessments"]):
        parts.append(_assessments(tables, known))
    full = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    order = {name: place for place, name in enumerate(schema)}
    return full.iloc[np.argsort(full["table"].map(order).to_numpy(dtype=np.int64), kind="stable")].reset_index(
        drop=True
    )


def _cells(name: str, frame: pd.DataFrame, table: Table, known: pd.DataFrame) -> pd.DataFrame:
    """Return reasons of the empty cells of a table's rows."""
    row = frame.groupby("trial", sort=False).cumcount().to_numpy() + 1
    mine = known[(known["table"] == name).to_numpy(dtype=bool) & known["row"].notna().to_numpy(dtype=bool)]
    parts = []
    for column in table.columns:
        if column in table.primary_key or column not in frame:
            continue
        empty = frame[column].isna().to_numpy(dtype=bool)
        told = mine[(mine["column"] == column).to_numpy(dtype=bool)]
        if empty.any():
            parts.append(_column(name, column, trial=frame["trial"], row=row, empty=empty, told=told))
    return pd.concat(parts, ignore_index=True) if parts else known.iloc[:0]


def _column(
    table: str, column: str, *, trial: pd.Series, row: np.ndarray, empty: np.ndarray, told: pd.DataFrame
) -> pd.DataFrame:
    codes, trials = pd.factorize(trial)
    filled = np.bincount(codes[~empty], minlength=len(trials)) > 0
    has_reason = np.isin(np.asarray(trials, dtype=object), told["trial"].to_numpy(dtype=object))
    recorded = filled | has_reason
    open_cells = empty & recorded[codes]
    if len(told):
        places = pd.MultiIndex.from_arrays([trial[open_cells], row[open_cells]])
        explained = places.isin(pd.MultiIndex.from_arrays([told["trial"], told["row"].astype(np.int64)]))
        open_cells[np.flatnonzero(open_cells)[explained]] = False
    never = np.asarray(trials, dtype=object)[~recorded]
    return pd.concat(
        [
            _frame(table, pd.Series(never, dtype="string"), column, NOT_RECORDED),
            _frame(table, trial[open_cells], column, EMPTY, row=row[open_cells]),
        ],
        ignore_index=True,
    )


def _frame(
    table: str,
    trial: pd.Series,
    column: str,
    reason: str | np.ndarray,
    *,
    row: np.ndarray | None = None,
    key: np.ndarray | None = None,
) -> pd.DataFrame:
    number = len(trial)
    nothing = [pd.NA] * number
    return pd.DataFrame(
        {
            "table": pd.Series([table] * number, dtype="string"),
            "trial": trial.reset_index(drop=True).astype("string"),
            "row": pd.Series(pd.array(nothing if row is None else row, dtype="Int64")),
            "column": pd.Series([column] * number, dtype="string"),
            "reason": pd.Series([reason] * number if isinstance(reason, str) else reason, dtype="string"),
            "key": pd.Series(nothing if key is None else key, dtype="string"),
        }
    )


def _assessments(tables: Mapping[str, pd.DataFrame], known: pd.DataFrame) -> pd.DataFrame:
    """Return assessments that were planned and are not there.

    Planned is what the trial has of others: an instrument's score at a visit.
    """
    frame = tables["assessments"]
    valued = frame[frame["value"].notna()]
    planned = valued[["trial", "visit", *_SCORE]].drop_duplicates()
    wanted = tables["participants"][["trial", "participant_id"]].merge(planned, on="trial")[["trial", *_ABSENT_KEY]]
    lacking = wanted[~rows_in(wanted, frame[["trial", *_ABSENT_KEY]])]
    absent = known[(known["table"] == "assessments").to_numpy(dtype=bool) & known["key"].notna().to_numpy(dtype=bool)]
    keys = absence_key(lacking)
    told = rows_in(
        pd.DataFrame({"trial": lacking["trial"], "key": pd.array(keys, dtype="string")}), absent[["trial", "key"]]
    )
    lacking, keys = lacking[~told], keys[~told]
    visit = ["trial", "participant_id", "visit"]
    reason = np.where(rows_in(lacking[visit], valued[visit]), NOT_ANSWERED, VISIT_MISSED)
    return _frame("assessments", lacking["trial"], "value", reason, key=keys)


def absence_key(rows: pd.DataFrame) -> np.ndarray:
    """Return the key of assessments that have no row, as text."""
    text = np.full(len(rows), "", dtype=object)
    for place, name in enumerate(_ABSENT_KEY):
        values = rows[name].astype("string").fillna("").to_numpy(dtype=object)
        text = text + (";" if place else "") + f"{name}=" + values
    return text
