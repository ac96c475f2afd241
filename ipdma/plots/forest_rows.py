"""The rows of a forest plot: a table and the summaries below it, as coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ipdma.plots.style import plain_label

_NOT = float("nan")
_BELOW = 0.35  # of a row: room between the trials and what stands below them


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a forest plot; what is absent is NaN. ``y`` grows downward, 0 is the first trial."""

    y: float
    label: str
    kind: Literal["trial", "pooled", "new", "two_stage"]
    n: float = _NOT
    raw: float = _NOT
    raw_se: float = _NOT
    raw_low: float = _NOT
    raw_high: float = _NOT
    mean: float = _NOT
    low: float = _NOT
    high: float = _NOT
    weight: float = _NOT


def trial_rows(trial_effects: pd.DataFrame) -> list[Row]:
    """Return one row a trial, in the table's order."""
    labels = trial_effects["label" if "label" in trial_effects else "trial"].astype(str)
    numbers = {
        name: _numbers(trial_effects, name) for name in ("n", "raw", "raw_se", "mean", "q2.5", "q97.5", "weight")
    }
    rows = []
    for y, label in enumerate(labels):
        own = {name: float(values[y]) for name, values in numbers.items()}
        half = 1.96 * own["raw_se"]
        low, high = own.pop("q2.5"), own.pop("q97.5")
        reach = {"raw_low": own["raw"] - half, "raw_high": own["raw"] + half, "low": low, "high": high}
        rows.append(Row(y=y, label=plain_label(label), kind="trial", **own, **reach))
    return rows


def summary_rows(
    trials: int,
    *,
    pooled: Mapping[str, float] | None,
    new_trial: Mapping[str, float] | None,
    two_stage: Mapping[str, Any] | None,
) -> list[Row]:
    """Return the rows below the trials, for those summaries that exist."""
    rows = []
    if pooled:
        rows.append(("Pooled effect", "pooled", pooled["mean"], pooled["q2.5"], pooled["q97.5"]))
    if new_trial:
        rows.append(("Effect in a new trial", "new", new_trial["mean"], new_trial["q2.5"], new_trial["q97.5"]))
    if two_stage:
        # The interval that the report leads with: Hartung-Knapp where it exists.
        hartung_knapp = "ci_hartung_knapp" in two_stage
        low, high = two_stage["ci_hartung_knapp" if hartung_knapp else "ci_wald"]
        label = "Two-stage, Hartung-Knapp" if hartung_knapp else "Two-stage, Wald"
        rows.append((label, "two_stage", two_stage["estimate"], low, high))
    first = trials + _BELOW
    return [
        Row(y=first + i, label=label, kind=kind, mean=mean, low=low, high=high)  # type: ignore[arg-type]
        for i, (label, kind, mean, low, high) in enumerate(rows)
    ]


def _numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    if column not in table:
        return np.full(len(table), _NOT)
    return table[column].to_numpy(dtype=float, na_value=_NOT)
