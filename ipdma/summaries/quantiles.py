"""Draws to five numbers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from ipdma.fit import Fit

Floats = NDArray[np.float64]
Quantiles = dict[str, float]
QUANTITIES = ("mean", "sd", "q2.5", "median", "q97.5")


def quantiles(draws: ArrayLike) -> Quantiles:
    """Return mean, sd and the 2.5, 50 and 97.5 % points (a 95 % equal-tailed interval) of draws of any shape.

    Examples
    --------
    >>> quantiles([1.0, 2.0, 3.0])["median"]
    2.0
    """
    values = np.asarray(draws, dtype=np.float64).ravel()
    low, median, high = np.quantile(values, [0.025, 0.5, 0.975])
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        "q2.5": float(low),
        "median": float(median),
        "q97.5": float(high),
    }


def draws_of(fit: "Fit", name: str) -> Floats:
    """Return a scalar parameter's draws, chains end to end."""
    return np.asarray(fit.posterior[name].to_numpy(), dtype=np.float64).ravel()


def nested(row: "Mapping[str, float] | pd.Series") -> Quantiles:
    """Return the five numbers of a tidy table's row as they stand in a summary."""
    return {name: float(row[name]) for name in QUANTITIES}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts of plain values."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
