"""What one step of a column gives: its values, and what it could not do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class About:
    """What a step may know of the raw column it starts from: decimal sign, value labels and display format."""

    decimal: str = "."
    value_labels: Mapping[object, str] = field(default_factory=dict)
    display_format: str = ""


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
