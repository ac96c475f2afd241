from typing import Any

import numpy as np
import pytest

from ipdma.summaries.curve_points import curve_points
from ipdma.summaries.profile_effect import profile_effect
from ipdma.summaries.quantiles import quantiles


def test_the_main_curve_runs_from_no_dose_to_the_largest_observed(curved: Any) -> None:
    table, arms = curve_points(curved, "number_of_doses"), curved.design.arms
    assert table["x"].is_monotonic_increasing
    assert table["x"].is_unique
    assert (table["x"].iloc[0], table["x"].iloc[-1]) == (0.0, arms["number_of_doses"].max())
    assert table.loc[0, ["mean", "q2.5", "q97.5", "trials"]].tolist() == [0, 0, 0, 0]
    wanted = quantiles(profile_effect(curved, {"number_of_doses": 4.0}))
    found = table[np.isclose(table["x"], 4.0)].iloc[0]
    assert found[list(wanted)].astype(float).to_dict() == pytest.approx(wanted)


@pytest.mark.parametrize("variable", ["number_of_doses", "dose", "timing_min"])
def test_every_observed_value_is_a_point_and_all_participants_stand_behind_some(curved: Any, variable: str) -> None:
    table, arms = curve_points(curved, variable), curved.design.arms
    assert set(arms[variable].astype(float)) == set(table.loc[table["trials"] > 0, "x"])
    assert table["participants"].sum() == arms["n"].sum()
    for x, group in arms.groupby(variable):
        row = table[table["x"] == x].iloc[0]
        assert (row["trials"], row["participants"]) == (group["trial"].nunique(), group["n"].sum())


def test_a_shift_is_never_extrapolated_to_no_dose(curved: Any) -> None:
    assert curve_points(curved, "dose")["x"].min() == curved.design.arms["dose"].min() > 0
