from typing import Any

import numpy as np
import pandas as pd
import pytest

from ipdma.models.trial_ancova import trial_estimates
from ipdma.models.two_stage import fit_two_stage
from ipdma.summaries.trial_effects import COLUMNS, trial_effects, trial_effects_two_stage


def test_raw_is_each_trials_own_ancova_and_n_the_analyzed(plain: Any) -> None:
    table, raw = trial_effects(plain), trial_estimates(plain.design.rows)
    assert list(table) == list(COLUMNS)
    np.testing.assert_allclose(table["raw"], raw["estimate"])
    np.testing.assert_allclose(table["raw_se"], raw["se"])
    assert table["n"].sum() == len(plain.design.rows)
    assert table["label"][0] == "Trial 01"


def test_shrunken_effects_of_several_arms_are_weighted_by_participants(plain: Any) -> None:
    """Arm k has posterior mean k; the second trial has two active arms, arms 1 and 2."""
    arms, table = plain.design.arms, trial_effects(plain).set_index("trial")
    two = arms[arms["trial"] == "trial_02"]
    assert len(two) == 2
    wanted = (two["n"].to_numpy() * two.index.to_numpy()).sum() / two["n"].sum()
    assert table.loc["trial_02", "mean"] == pytest.approx(wanted, abs=0.06)
    assert table.loc["trial_01", "mean"] == pytest.approx(0.0, abs=0.06)


def test_weights_are_the_mean_over_draws_of_tau_and_sum_to_100(plain: Any) -> None:
    table = trial_effects(plain)
    tau = plain.posterior["tau"].to_numpy().ravel()
    weight = 1 / (table["raw_se"].to_numpy() ** 2 + tau[:, None] ** 2)
    np.testing.assert_allclose(table["weight"], 100 * (weight / weight.sum(1, keepdims=True)).mean(0))
    assert table["weight"].sum() == pytest.approx(100)


def test_the_two_stage_table_has_the_same_columns_and_weights_that_sum_to_100(plain: Any) -> None:
    fit = fit_two_stage(plain.design)
    table = trial_effects_two_stage(fit)
    assert list(table) == list(COLUMNS)
    pd.testing.assert_series_equal(table["raw"], fit.estimates["estimate"], check_names=False)
    assert table["weight"].sum() == pytest.approx(100)
    pooled = fit.bayes.pooled_effect["mean"]
    nearer = (table["mean"] - pooled).abs() < (table["raw"] - pooled).abs()
    assert nearer.all()
