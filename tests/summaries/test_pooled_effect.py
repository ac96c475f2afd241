from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from ipdma.models.normal_normal import pool_bayes
from ipdma.priors.prior import Flat, HalfNormal
from ipdma.summaries.pooled_effect import benefit, benefit_two_stage, new_trial_effect, pooled_effect


def fit_of(**draws: np.ndarray) -> Any:
    return SimpleNamespace(posterior=xr.Dataset({name: (("chain", "draw"), d) for name, d in draws.items()}))


def test_pooled_effect_new_trial_and_tau_are_there(plain: Any) -> None:
    table = pooled_effect(plain).set_index("quantity")
    assert table.index.tolist() == ["pooled_effect", "new_trial_effect", "tau"]
    assert table.loc["pooled_effect", "mean"] == pytest.approx(-5.0, abs=0.1)


def test_without_tau_there_is_no_new_trial() -> None:
    assert pooled_effect(fit_of(effect=np.ones((2, 50))))["quantity"].tolist() == ["pooled_effect"]


def test_a_new_trial_is_normal_around_each_draw() -> None:
    """Against the law of total variance, and a large simulation."""
    rng = np.random.default_rng(1)
    effect, tau = rng.normal(-5, 1, (4, 1000)), abs(rng.normal(2, 0.5, (4, 1000)))
    found = new_trial_effect(fit_of(effect=effect, tau=tau))
    assert found["mean"] == pytest.approx(effect.mean())
    assert found["sd"] == pytest.approx(np.sqrt((tau**2).mean() + effect.var()))
    drawn = rng.normal(np.tile(effect.ravel(), 100), np.tile(tau.ravel(), 100))
    assert [found["q2.5"], found["median"], found["q97.5"]] == pytest.approx(
        np.quantile(drawn, [0.025, 0.5, 0.975]).tolist(), abs=0.03
    )


def test_draws_of_tau_at_zero_do_no_harm() -> None:
    effect = np.linspace(-1.0, 1.0, 100).reshape(2, 50)
    found = new_trial_effect(fit_of(effect=effect, tau=np.zeros((2, 50))))
    assert found["sd"] == pytest.approx(effect.std())


def test_benefit_follows_the_direction_of_the_outcome() -> None:
    fit = fit_of(effect=np.array([[-4.0, -2.0, -1.0, 1.0]]))
    worse = benefit(fit, direction="higher_is_worse", minimal_important_difference=1.5)
    better = benefit(fit, direction="higher_is_better", minimal_important_difference=-0.5)
    assert worse == {"beyond_zero": 0.75, "beyond_mid": 0.5}
    assert better == {"beyond_zero": 0.25, "beyond_mid": 0.25}
    assert benefit(fit, direction="higher_is_worse") == {"beyond_zero": 0.75}


def test_benefit_of_the_two_stage_analysis_is_exact() -> None:
    """One trial and a flat prior: Normal(-4, 2), so P(< 0) = Phi(2) and P(< -2) = Phi(1)."""
    bayes = pool_bayes([-4.0], [2.0], effect_prior=Flat(), tau_prior=HalfNormal(1.0))
    worse = benefit_two_stage(bayes, direction="higher_is_worse", minimal_important_difference=2.0)
    assert worse == pytest.approx({"beyond_zero": 0.9772498680518208, "beyond_mid": 0.8413447460685429})
    better = benefit_two_stage(bayes, direction="higher_is_better", minimal_important_difference=2.0)
    assert better == pytest.approx({"beyond_zero": 1 - 0.9772498680518208, "beyond_mid": 0.0013498980316300933})
