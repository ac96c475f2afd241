"""The tables that figures draw, taken out of a summary."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

_ESTIMATE = ("mean", "sd", "q2.5", "median", "q97.5")


def trial_table(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a trial: ``trial, label, n, raw, raw_se, mean, sd, q2.5, median, q97.5, weight``."""
    rows = [_flat(row, "shrunken") for row in summary["trial_effects"]]
    return pd.DataFrame(rows, columns=["trial", "label", "n", "raw", "raw_se", *_ESTIMATE, "weight"])


def curve_table(curve: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a point: ``x, mean, sd, q2.5, median, q97.5, trials, participants``."""
    rows = [_flat(point, "effect") for point in curve["points"]]
    return pd.DataFrame(rows, columns=["x", *_ESTIMATE, "trials", "participants"])


def _flat(row: Mapping[str, Any], nested: str) -> dict[str, Any]:
    return {**{key: value for key, value in row.items() if key != nested}, **row.get(nested, {})}
