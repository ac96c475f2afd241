"""The tables that figures draw."""

from typing import Any

import pandas as pd

from ipdma.report.tables import curve_table, trial_table


def test_a_trial_is_one_flat_row(full_summary: dict[str, Any]) -> None:
    table = trial_table(full_summary)
    columns = ["trial", "label", "n", "raw", "raw_se", "mean", "sd", "q2.5", "median", "q97.5", "weight"]
    assert list(table.columns) == columns
    assert table.loc[3, "q97.5"] == full_summary["trial_effects"][3]["shrunken"]["q97.5"]


def test_what_a_trial_lacks_is_missing() -> None:
    table = trial_table({"trial_effects": [{"trial": "a", "label": "A", "raw": 1.0}, {"trial": "b", "label": "B"}]})
    assert pd.isna(table.loc[1, "raw"]) and table["mean"].isna().all()


def test_a_point_of_a_curve_is_one_flat_row(full_summary: dict[str, Any]) -> None:
    table = curve_table(full_summary["curves"][0])
    assert list(table.columns) == ["x", "mean", "sd", "q2.5", "median", "q97.5", "trials", "participants"]
    assert table["trials"].sum() == 8
