"""What one step of a column gives: its values, and what it could not do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


def _no_column(name: str) -> pd.Series:
    raise KeyError(name)


@dataclass(frozen=True, kw_only=True, eq=False)
class About:
    """What a step may know of the raw column it starts from.

    Parameters
    ----------
    decimal, value_labels, display_format
        Decimal sign, value labels and display format.
    coded
        Rows whose value is missing by a code, not by an empty cell.
    column, of
        Another raw column of the same rows, and what is to be known about it.
    parts
        Where rows come from columns of different labels or formats: which rows, and what is known of them.
    """

    decimal: str = "."
    value_labels: Mapping[object, str] = field(default_factory=dict)
    display_format: str = ""
    coded: np.ndarray | None = None
    column: Callable[[str], pd.Series] = _no_column
    of: "Callable[[str], About]" = lambda name: About()
    parts: "tuple[tuple[np.ndarray, About], ...]" = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Failure:
    """Rows a step could not handle, and why.

    ``{n}`` in ``message`` stands for the number of rows and ``{k}`` for that of codes; both are known only when the
    failures of one recipe line are put together. ``codes`` counts the codes, which only private places may name.
    """

    code: str
    message: str
    where: np.ndarray
    codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """The values after a step; failed rows are missing in them."""

    values: pd.Series
    failures: tuple[Failure, ...] = ()


def numbers(data: np.ndarray, missing: np.ndarray) -> pd.Series:
    """Return a nullable column of numbers."""
    return pd.Series(pd.arrays.FloatingArray(np.where(missing, 1.0, data).astype(np.float64), missing.astype(bool)))


def some_failed(
    where: np.ndarray, *, code: str, message: str, codes: Mapping[str, int] | None = None
) -> tuple[Failure, ...]:
    """Return a failure if any row failed."""
    return (Failure(code=code, message=message, where=where, codes=codes or {}),) if where.any() else ()


def counted(count: int, word: str) -> str:
    """Return ``1 row`` or ``2 rows``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
