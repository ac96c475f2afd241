import time

import numpy as np
import pandas as pd
import pytest

from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.effects import TrueEffect


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, again, other = (simulate_rows(6, 30, seed)[0] for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not np.allclose(first["y"], other["y"].to_numpy()[: len(first)])


def test_uneven_trials_have_the_asked_total_and_some_have_two_active_arms() -> None:
    rows, arms = simulate_rows(21, 50, 1)
    assert abs(len(rows) - 1050) <= 21  # sizes are rounded
    assert rows.groupby("trial").size().agg(["min", "max"]).tolist() != [50, 50]
    active = arms[arms["active"]]
    assert (active.groupby("trial").size() == 2).sum() == 2
    assert active["number_of_doses"].agg(["min", "max"]).tolist() == [1, 12]
    assert active["dose"].agg(["min", "max"]).tolist() == [50, 500]
    assert active["timing_min"].agg(["min", "max"]).tolist() == [-60, 240]


def test_ideal_trials_have_one_size_and_number_of_doses_goes_with_nothing_else() -> None:
    rows, arms = simulate_rows(21, 50, 1, designs="ideal")
    assert set(rows.groupby("trial").size()) == {50}
    active = arms[arms["active"]]
    assert set(active["number_of_doses"]) == set(range(1, 13))
    others = np.column_stack([active["number_of_doses"], np.log(active["dose"]), active["timing_min"]])
    assert np.abs(np.corrcoef(others.T)[0, 1:]).max() < 0.3


def test_arms_are_equal_in_size_within_one() -> None:
    rows, _ = simulate_rows(21, 50, 1)
    sizes = rows.groupby(["trial", "arm"]).size().groupby("trial").agg(["min", "max"])
    assert (sizes["max"] - sizes["min"]).max() <= 1


def test_baseline_and_outcome_correlate_at_about_a_half() -> None:
    rows, _ = simulate_rows(21, 2000, 1)
    within = rows.groupby("trial")[["b", "y"]].transform(lambda x: x - x.mean())
    assert 0.4 < np.corrcoef(within.T)[0, 1] < 0.7


@pytest.mark.parametrize("residual_sd", ["equal", "unequal"])
def test_least_squares_finds_the_true_effect_of_every_arm(residual_sd: str) -> None:
    truth = TrueEffect(effect=-5.0, tau=2.0, kappa=4.0, dose_effect=2.0, timing_effect=-1.0)
    rows, arms = simulate_rows(6, 5000, 3, truth=truth, residual_sd=residual_sd)  # type: ignore[arg-type]
    true = arms.set_index(["trial", "arm"])["true_effect"]
    for trial, group in rows.groupby("trial"):
        names = [arm for arm in group["arm"].unique() if arm != "control"]
        x = np.column_stack([np.ones(len(group)), group["b"], *[group["arm"] == arm for arm in names]]).astype(float)
        fitted, rss, *_ = np.linalg.lstsq(x, group["y"].to_numpy(), rcond=None)
        se = np.sqrt(rss[0] / len(group) * np.diag(np.linalg.inv(x.T @ x)))
        expected = np.array([true[trial, arm] for arm in names])
        assert np.all(np.abs(fitted[2:] - expected) < 4 * se[2:])


def test_a_modifier_changes_the_effect_by_its_within_term() -> None:
    rows, _ = simulate_rows(4, 20_000, 1, within=3.0)
    z = rows["z"] - rows.groupby("trial")["z"].transform("mean")
    b = rows["b"] - rows.groupby("trial")["b"].transform("mean")
    x = np.column_stack([pd.get_dummies(rows["trial"]), pd.get_dummies(rows["trial"]).mul(rows["active"], axis=0)])
    x = np.column_stack([x, b, z, z * rows["active"]]).astype(float)
    assert np.linalg.lstsq(x, rows["y"].to_numpy(), rcond=None)[0][-1] == pytest.approx(3.0, abs=0.7)


def test_a_million_participants_take_seconds() -> None:
    start = time.perf_counter()
    rows, _ = simulate_rows(21, 50_000, 1)
    assert len(rows) > 1_000_000
    assert time.perf_counter() - start < 20
