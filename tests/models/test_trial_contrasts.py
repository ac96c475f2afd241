"""Contrasts of a trial's arms with their control."""

import numpy as np
import pandas as pd
import pytest

from ipdma.models.one_stage import OneStage
from ipdma.models.trial_ancova import trial_estimates
from ipdma.models.trial_contrasts import trial_contrasts
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design

MODEL = OneStage()


def test_a_trial_with_one_active_arm_has_the_estimate_of_its_ancova() -> None:
    design = simulated_design(*simulate_rows(4, 30, 5), MODEL)
    found, known = trial_contrasts(design), trial_estimates(design.rows)
    assert found.present.tolist() == [[True, False], [True, True], [True, False], [True, False]]
    for j in (0, 2, 3):
        assert found.estimate[j, 0] == pytest.approx(known["estimate"][j])
        assert found.covariance[j, 0, 0] == pytest.approx(known["se"][j] ** 2)
        assert (found.estimate[j, 1], found.covariance[j, 1, 1]) == (0.0, 1.0)


def test_two_active_arms_share_their_control() -> None:
    # Without a baseline the covariance of two differences from one control is s^2 / n_control (Gleser & Olkin 2009).
    rows, arms = simulate_rows(2, 30, 5)
    second = rows["trial"] == "trial_02"
    found = trial_contrasts(simulated_design(rows.assign(b=rows["b"].where(~second, 50.0)), arms, MODEL))
    own = rows[second]
    groups = own.groupby("arm")["y"]
    pooled = (groups.var() * (groups.size() - 1)).sum() / (len(own) - 3)
    expected = pooled * (np.diag(1 / groups.size()[["drug_1", "drug_2"]]) + 1 / groups.size()["control"])
    assert found.covariance[1] == pytest.approx(expected)
    assert found.estimate[1] == pytest.approx(groups.mean()[["drug_1", "drug_2"]] - groups.mean()["control"])


def test_a_trial_that_tells_nothing_is_left_out() -> None:
    rows, arms = simulate_rows(3, 30, 5)
    first = rows["trial"] == "trial_01"
    few = rows[first].groupby("active").head(1)
    found = trial_contrasts(simulated_design(pd.concat([few, rows[~first]], ignore_index=True), arms, MODEL))
    assert found.trials.tolist() == [1, 2]
    flat = rows.assign(y=rows["y"].where(~first, 3.0))
    assert trial_contrasts(simulated_design(flat, arms, MODEL)).trials.tolist() == [1, 2]
