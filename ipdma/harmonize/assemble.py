"""Pieces of common tables put together: rows in the order of the trials, each with its number and origin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ipdma.harmonize.piece import Piece
from ipdma.schemas.tables import Table

_NO_ROWS = np.arange(0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Assembled:
    """Common tables with what is known about their rows (see :class:`ipdma.harmonize.consortium.Consortium`)."""

    tables: Mapping[str, pd.DataFrame]
    origin: pd.DataFrame
    missing: pd.DataFrame
    events: pd.DataFrame


def assemble(pieces: Sequence[Piece], schema: Mapping[str, Table], trials: Sequence[str]) -> Assembled:
    """Return every table of the schema, also those that nothing fills.

    Parameters
    ----------
    pieces
        Rows of all recipes.
    trials
        The order of the trials.
    """
    tables, origins = {}, []
    missing = [_missing_rows("", pd.Series(dtype="string"), np.arange(0), "", [])]
    events = [event_rows("", trial=pd.Series(dtype="string"), detail=[])]
    for name, table in schema.items():
        mine = [piece for piece in pieces if piece.table == name]
        frame, order = _stacked(mine, table, trials)
        tables[name] = frame
        row = frame.groupby("trial", sort=False).cumcount().to_numpy() + 1
        origins.append(_origin(mine, frame, order, row))
        known = dict.fromkeys(column for piece in mine for column in piece.reasons)
        missing += [_missing(mine, frame, order, row, column) for column in known]
        missing += [_absent(piece) for piece in mine if len(piece.absent)]
        changed = dict.fromkeys(column for piece in mine for column in piece.corrected)
        events += [_corrected(mine, frame, order, row, column) for column in changed]
    return Assembled(
        tables=tables, origin=_concatenated(origins), missing=_concatenated(missing), events=_concatenated(events)
    )


def _stacked(pieces: Sequence[Piece], table: Table, trials: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the table's rows, trial by trial, and where each came from in the pieces one after the other."""
    if not any(len(piece.file_rows) for piece in pieces):
        return pd.DataFrame({name: pd.Series(dtype=column.dtype) for name, column in table.columns.items()}), _NO_ROWS
    place = {trial: number for number, trial in enumerate(trials)}
    trial = pd.concat([piece.frame["trial"] for piece in pieces], ignore_index=True)
    order = np.argsort(trial.map(place).to_numpy(dtype=np.int64), kind="stable")
    columns = {name: _column(pieces, name, column.dtype, order) for name, column in table.columns.items()}
    return pd.DataFrame(columns), order


def _column(pieces: Sequence[Piece], name: str, dtype: Any, order: np.ndarray) -> pd.Series:
    """Return a column of all pieces in their new order, missing where a piece does not have it."""
    parts, places, held = [], [], 0
    for piece in pieces:
        count = len(piece.file_rows)
        if name in piece.frame:
            parts.append(piece.frame[name].astype(dtype))
            places.append(np.arange(held, held + count))
            held += count
        else:
            places.append(np.full(count, -1))
    values = pd.concat(parts, ignore_index=True) if parts else pd.Series(dtype=dtype)
    return pd.Series(values.array.take(np.concatenate(places)[order], allow_fill=True))


def _origin(pieces: Sequence[Piece], frame: pd.DataFrame, order: np.ndarray, row: np.ndarray) -> pd.DataFrame:
    lengths = [len(piece.file_rows) for piece in pieces]
    name = pieces[0].table if pieces else ""
    source = np.repeat(np.array([piece.source for piece in pieces], dtype=object), lengths)
    file = np.repeat(np.array([piece.file for piece in pieces], dtype=object), lengths)
    block = np.repeat(np.array([piece.block for piece in pieces], dtype=np.int64), lengths)
    file_rows = np.concatenate([piece.file_rows for piece in pieces]) if pieces else np.arange(0)
    return pd.DataFrame(
        {
            "table": pd.Series([name] * len(row), dtype="string"),
            "trial": frame["trial"],
            "row": pd.Series(row, dtype="Int64"),
            "source": pd.Series(source[order], dtype="string"),
            "file": pd.Series(file[order], dtype="string"),
            "file_row": pd.Series(file_rows[order], dtype="Int64"),
            "block": pd.Series(block[order], dtype="Int64"),
        }
    )


def _missing(
    pieces: Sequence[Piece], frame: pd.DataFrame, order: np.ndarray, row: np.ndarray, column: str
) -> pd.DataFrame:
    """Return the known reasons of a column's missing values."""
    parts = [piece.reasons.get(column, np.full(len(piece.file_rows), None, dtype=object)) for piece in pieces]
    reasons = np.concatenate(parts)[order]
    known = pd.notna(reasons) & frame[column].isna().to_numpy(dtype=bool)
    return _missing_rows(pieces[0].table, frame["trial"][known], row[known], column, list(reasons[known]))


def _corrected(
    pieces: Sequence[Piece], frame: pd.DataFrame, order: np.ndarray, row: np.ndarray, column: str
) -> pd.DataFrame:
    """Return the corrections of a column's values."""
    parts = [piece.corrected.get(column, np.full(len(piece.file_rows), None, dtype=object)) for piece in pieces]
    details = np.concatenate(parts)[order]
    known = pd.notna(details)
    return event_rows(
        "corrected",
        trial=frame["trial"][known],
        detail=list(details[known]),
        table=pieces[0].table,
        column=column,
        row=row[known],
    )


def event_rows(
    event: str,
    *,
    trial: pd.Series,
    detail: list[str],
    table: str = "",
    column: str = "",
    row: np.ndarray | None = None,
) -> pd.DataFrame:
    """Return rows of the table of events; those of no cell have neither table nor row."""
    count = len(detail)
    return pd.DataFrame(
        {
            "table": pd.Series([table or pd.NA] * count, dtype="string"),
            "trial": trial.reset_index(drop=True),
            "row": pd.Series(pd.array([pd.NA] * count if row is None else row, dtype="Int64")),
            "column": pd.Series([column or pd.NA] * count, dtype="string"),
            "event": pd.Series([event] * count, dtype="string"),
            "detail": pd.Series(detail, dtype="string"),
        }
    )


def _missing_rows(table: str, trial: pd.Series, row: np.ndarray, column: str, reasons: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "table": pd.Series([table] * len(row), dtype="string"),
            "trial": trial.reset_index(drop=True),
            "row": pd.Series(row, dtype="Int64"),
            "column": pd.Series([column] * len(row), dtype="string"),
            "reason": pd.Series(reasons, dtype="string"),
            "key": pd.Series([pd.NA] * len(row), dtype="string"),
        }
    )


def _absent(piece: Piece) -> pd.DataFrame:
    """Return the reasons of values that have no row."""
    rows = len(piece.absent)
    frame = _missing_rows(piece.table, piece.absent["trial"], np.zeros(rows, dtype=np.int64), "", [""] * rows)
    no_row = pd.Series(pd.array([pd.NA] * rows, dtype="Int64"))
    return frame.assign(row=no_row, **{name: piece.absent[name] for name in ("column", "reason", "key")})


def _concatenated(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
