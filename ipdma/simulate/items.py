"""Answers to the items of an instrument that add up to given totals."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.errors import SimulationError
from ipdma.schemas.scale import Scale, Score


def item_table(scale: Scale, score: Score) -> pd.DataFrame:
    """Return the items a score is made of: set, item (number), minimum, maximum, reversed.

    Raises
    ------
    SimulationError
        If the score is not the sum of items: only sums can be split into answers.
    """
    if score.how != "sum" or not score.sets:
        raise SimulationError(
            f"score '{score.name}' of {scale.code} is not a sum of items; answers to single items cannot be drawn for "
            "it. Give the design a total column instead."
        )
    rows = [
        (name, item, *scale.sets[name].range_of(item), item in scale.sets[name].reversed)
        for name in score.sets
        for item in scale.sets[name].item_numbers
    ]
    return pd.DataFrame(rows, columns=["set", "item", "minimum", "maximum", "reversed"])


def split_totals(totals: NDArray[np.int64], items: pd.DataFrame, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return answers (rows of totals x items) as they stand on the form, whole numbers within each item's range.

    The points above the lowest possible total are dealt out one by one over the room that items have left (a
    multivariate hypergeometric draw), so that every row adds up exactly; reversed items are turned round at the end.

    Raises
    ------
    SimulationError
        If a total is outside what the items can add up to.
    """
    low, high = (items[name].to_numpy(dtype=np.int64) for name in ("minimum", "maximum"))
    points = totals - low.sum()
    outside = int(((points < 0) | (totals > high.sum())).sum())
    if outside:
        raise SimulationError(f"{outside} totals lie outside the {low.sum()} to {high.sum()} that the items allow.")
    dealt = [rng.multivariate_hypergeometric(high - low, int(n)) for n in points]
    answers = low + np.array(dealt, dtype=np.int64).reshape(len(totals), len(items))
    turned = items["reversed"].to_numpy(dtype=bool)
    return np.where(turned, low + high - answers, answers)


def leave_out(answers: NDArray[np.int64], *, share: float, most: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the answers with 1 to ``most`` items missing (NaN) in a ``share`` of the rows, chosen at random."""
    out = answers.astype(float)
    for row in np.flatnonzero(rng.random(len(answers)) < share):
        gone = rng.choice(answers.shape[1], size=int(rng.integers(1, most + 1)), replace=False)
        out[row, gone] = np.nan
    return out
