"""The rows of a forest plot: a table and the summaries below it, as coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from ipdma.plots.style import plain_label

_NOT = float("nan")
_BELOW = 0.35  # of a row: room between the trials and what stands below them
_NO_GROUP = "Other trials"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a forest plot; what is absent is NaN. ``y`` grows downward from 0."""

    y: float
    label: str
    kind: Literal["heading", "trial", "pooled", "new", "two_stage"]
    n: float = _NOT
    raw: float = _NOT
    raw_se: float = _NOT
    raw_low: float = _NOT
    raw_high: float = _NOT
    mean: float = _NOT
    low: float = _NOT
    high: float = _NOT
    weight: float = _NOT


def trial_rows(trial_effects: pd.DataFrame, longest: int = 36) -> list[Row]:
    """Return one row a trial, in the table's order; where trials have a ``group``, group by group below headings.

    Groups stand in the order in which the table first names them; trials without one come last. Labels are cut to the
    ``longest`` number of letters.
    """
    trials = _trials(trial_effects, longest)
    groups = _groups(trial_effects)
    if not any(groups):
        return [replace(row, y=y) for y, row in enumerate(trials)]
    rows: list[Row] = []
    for group in sorted(dict.fromkeys(groups), key=lambda name: not name):
        rows.append(Row(y=len(rows), label=plain_label(group or _NO_GROUP, longest), kind="heading"))
        members = [row for row, own in zip(trials, groups, strict=True) if own == group]
        rows += [replace(row, y=len(rows) + i, label=f"\N{EN SPACE}{row.label}") for i, row in enumerate(members)]
    return rows


def _groups(table: pd.DataFrame) -> list[str]:
    if "group" not in table:
        return [""] * len(table)
    return ["" if pd.isna(group) else str(group) for group in table["group"]]


def _trials(trial_effects: pd.DataFrame, longest: int) -> list[Row]:
    labels = trial_effects["label" if "label" in trial_effects else "trial"].astype(str)
    numbers = {
        name: _numbers(trial_effects, name) for name in ("n", "raw", "raw_se", "mean", "q2.5", "q97.5", "weight")
    }
    rows = []
    for place, label in enumerate(labels):
        own = {name: float(values[place]) for name, values in numbers.items()}
        half = 1.96 * own["raw_se"]
        low, high = own.pop("q2.5"), own.pop("q97.5")
        reach = {"raw_low": own["raw"] - half, "raw_high": own["raw"] + half, "low": low, "high": high}
        rows.append(Row(y=0.0, label=plain_label(label, longest), kind="trial", **own, **reach))
    return rows


def summary_rows(
    above: int,
    *,
    pooled: Mapping[str, float] | None,
    new_trial: Mapping[str, float] | None,
    two_stage: Mapping[str, Any] | None,
) -> list[Row]:
    """Return the rows below those ``above``, for the summaries that exist."""
    rows = []
    if pooled:
        rows.append(("Pooled effect", "pooled", pooled["mean"], pooled["q2.5"], pooled["q97.5"]))
    if new_trial:
        rows.append(("Effect in a new trial", "new", new_trial["mean"], new_trial["q2.5"], new_trial["q97.5"]))
    if two_stage:
        # The interval that the report leads with: Hartung-Knapp where it exists.
        hartung_knapp = "ci_hartung_knapp" in two_stage
        low, high = two_stage["ci_hartung_knapp" if hartung_knapp else "ci_wald"]
        label = "Two-stage REML, Hartung-Knapp" if hartung_knapp else "Two-stage REML, Wald"
        rows.append((label, "two_stage", two_stage["estimate"], low, high))
    first = above + _BELOW
    return [
        Row(y=first + i, label=label, kind=kind, mean=mean, low=low, high=high)  # type: ignore[arg-type]
        for i, (label, kind, mean, low, high) in enumerate(rows)
    ]


def _numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    if column not in table:
        return np.full(len(table), _NOT)
    return table[column].to_numpy(dtype=float, na_value=_NOT)
