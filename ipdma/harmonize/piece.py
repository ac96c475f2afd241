"""A part of a common table: the rows one block of a recipe gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

_NO_ABSENT = pd.DataFrame({name: pd.Series(dtype="string") for name in ("trial", "column", "reason", "key")})


def no_absent() -> pd.DataFrame:
    """Return a table of absent values without rows."""
    return _NO_ABSENT.copy(deep=False)  # every piece has one: made anew, they took a twentieth of harmonizing


@dataclass(frozen=True, kw_only=True)
class VariableStatus:
    """How far trials have a variable: complete, partial, impossible or undetermined, and why.

    ``trials`` are those it holds for; ``None``: all of the recipe.
    """

    table: str
    column: str
    status: str
    why: str = ""
    trials: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """Rows of a common table and what is known about them.

    Parameters
    ----------
    table, source, file
        The table, the source's name in the recipe, and its file (the recipe itself for rows written there).
    frame
        Columns of the table, of the schema's types, ``trial`` among them.
    file_rows
        Each row's number in the file.
    reasons
        By column the reason of each missing value, ``None`` where none is known.
    block
        The number of the recipe's block that made them.
    corrected
        By column where the raw value of each row was corrected, ``None`` where it was not.
    absent
        Values without a row (a visit that was missed) whose reason is known: trial, column, reason, key.
    status
        What the recipe says of each variable.
    """

    table: str
    source: str
    file: str
    frame: pd.DataFrame
    file_rows: np.ndarray
    reasons: Mapping[str, np.ndarray] = field(default_factory=dict)
    block: int = -1
    corrected: Mapping[str, np.ndarray] = field(default_factory=dict)
    absent: pd.DataFrame = field(default_factory=no_absent)
    status: tuple[VariableStatus, ...] = ()


def keep_rows(piece: Piece, keep: np.ndarray) -> Piece:
    """Return a piece with some of its rows only."""
    if keep.all():
        return piece
    return replace(
        piece,
        frame=piece.frame[keep].reset_index(drop=True),
        file_rows=piece.file_rows[keep],
        reasons={column: reasons[keep] for column, reasons in piece.reasons.items()},
        corrected={column: events[keep] for column, events in piece.corrected.items()},
    )
