"""Microcredit and consumption (Meager 2019): five trials of 1,000 to 16,560 households, very unequal errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ipdma.models.normal_normal import pool_bayes
from ipdma.models.reml import pool_reml
from ipdma.models.trial_ancova import trial_estimates
from ipdma.priors.prior import Normal, Uniform

pytestmark = pytest.mark.published


@pytest.fixture(scope="module")
def estimates(reference_data: Path) -> pd.DataFrame:
    data = pd.read_csv(reference_data / "microcredit_7rct" / "microcredit_simplified.csv").dropna()
    return trial_estimates(data.rename(columns={"group": "trial", "treatment": "active", "consumption": "y"}), "final")


def test_each_trials_difference_agrees_with_lm(estimates: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    wanted = pd.DataFrame(expected("P10")["stage1"])
    assert estimates["n"].tolist() == wanted["n"].tolist()
    assert estimates["estimate"].tolist() == pytest.approx(wanted["est"].tolist(), rel=1e-4)
    assert estimates["se"].tolist() == pytest.approx(wanted["se"].tolist(), rel=1e-4)


def test_reml_agrees_with_metafor_at_the_boundary(estimates: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    """metafor's iteration stops at tau = 0.0018; the maximum lies at zero."""
    wanted, found = expected("P10")["REML"], pool_reml(estimates["estimate"], estimates["se"])
    assert found.tau2 == 0.0
    assert (found.estimate, found.se) == pytest.approx((wanted["est"], wanted["se"]), rel=0.005)


def test_exact_integration_agrees_with_the_reference(estimates: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    """Within 0.001 of each SD: the reference's grid is coarse near tau = 0."""
    wanted = expected("P10")["bayes_nn"]
    upper = 10 * float(np.std(estimates["estimate"], ddof=1))
    found = pool_bayes(
        estimates["estimate"], estimates["se"], effect_prior=Normal(0.0, 100.0), tau_prior=Uniform(0.0, upper)
    )
    assert found.tau is not None
    assert found.new_trial_effect is not None
    for part, name in ((found.pooled_effect, "mu"), (found.tau, "tau")):
        for number, value in wanted[name].items():
            assert part[number] == pytest.approx(value, abs=1e-3 * wanted[name]["sd"]), (name, number)
    for number, value in wanted["pred_new"].items():
        assert found.new_trial_effect[number] == pytest.approx(value, rel=1e-3)
    assert [part["mean"] for part in found.trial_effects] == pytest.approx(wanted["theta_mean"], abs=0.01)
