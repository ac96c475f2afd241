from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ipdma.curves.categorical import Categorical
from ipdma.curves.pre_post import PrePost
from ipdma.estimand import ProfileContrast
from ipdma.schemas.quantity import Quantity
from ipdma.summaries.curve_points import curve_points
from ipdma.summaries.profile_contrasts import profile_contrasts
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


def test_a_categorical_curve_has_points_at_observed_values_only(curved: Any) -> None:
    """Between its levels it says nothing."""
    fit = with_levels(curved)
    table, arms = curve_points(fit, "number_of_doses"), curved.design.arms
    assert table["x"].tolist() == [0.0, *sorted(arms["number_of_doses"].unique())]
    assert table.loc[0, ["mean", "q2.5", "q97.5"]].tolist() == [0, 0, 0]
    at_ten = table[table["x"] == 10.0].iloc[0]
    wanted = curved.posterior["effect"].to_numpy() + fit.posterior["number_of_doses[10]"].to_numpy()
    assert at_ten["mean"] == pytest.approx(wanted.mean())


def test_a_categorical_curve_tells_no_contrast_at_a_value_that_no_arm_has(curved: Any) -> None:
    fit = with_levels(curved)
    assert "ten against five" in profile_contrasts(fit)["name"].tolist()
    eleven = ProfileContrast(name="eleven", a={"number_of_doses": Quantity(11.0)}, b={"number_of_doses": Quantity(5.0)})
    estimand = replace(fit.analysis.estimand, contrasts=(eleven,))
    fit.analysis = SimpleNamespace(**{**vars(fit.analysis), "estimand": estimand})
    assert profile_contrasts(fit).empty


def with_levels(fit: Any) -> Any:
    """The fit with a categorical main curve whose levels differ from the reference as they may."""
    model = replace(fit.analysis.model, main=Categorical("number_of_doses"))
    levels = [x for x in fit.design.arms["number_of_doses"].unique() if x != 5.0]
    more = {f"number_of_doses[{x:g}]": (x - 5.0) * fit.posterior["effect"] / 10.0 for x in levels}
    analysis = SimpleNamespace(**{**vars(fit.analysis), "model": model})
    return SimpleNamespace(**{**vars(fit), "analysis": analysis, "posterior": fit.posterior.assign(more)})


def test_small_observed_values_make_the_grid_finer_where_the_curve_may_bend(curved: Any) -> None:
    coarse = curve_points(curved, "number_of_doses")["x"]
    arms = curved.design.arms.copy()
    arms.loc[arms.index[0], "number_of_doses"] = 0.01
    fit = SimpleNamespace(**{**vars(curved), "design": replace(curved.design, arms=arms)})
    x = curve_points(fit, "number_of_doses")["x"].to_numpy()
    early = x[(x > 0) & (x < coarse[1])]
    assert early.min() < 0.01 < early.max()
    assert np.max(early[1:] / early[:-1]) < 1.25


def test_a_jump_is_drawn_upright(curved: Any) -> None:
    jump = PrePost("timing_min", at=70.0)
    model = replace(curved.analysis.model, shifts=(jump,))
    posterior = curved.posterior.drop_vars("dose")
    fit = SimpleNamespace(**{**vars(curved), "analysis": curved.analysis.with_model(model), "posterior": posterior})
    table = curve_points(fit, "timing_min")
    after = int(np.flatnonzero(np.isclose(table["x"], 70.0, rtol=1e-12))[0])
    before = after - 1
    assert table["x"][after] - table["x"][before] < 1e-3
    span = table["mean"].max() - table["mean"].min()
    assert abs(table["mean"][after] - table["mean"][before]) == pytest.approx(span)
