from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ipdma.models.normal_normal import pool_bayes
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogNormal, Normal, Prior, Uniform
from ipdma.summaries.tau_density import tau_density, tau_density_two_stage

ESTIMATE, SE = [28.0, 8, -3, 7, -1, 1, 18, 12], [15.0, 10, 16, 11, 9, 11, 10, 18]


def with_prior(fit: Any, prior: Prior) -> Any:
    model = replace(fit.analysis.model, priors={"tau": prior})
    return SimpleNamespace(**{**vars(fit), "analysis": SimpleNamespace(**{**vars(fit.analysis), "model": model})})


@pytest.mark.parametrize("prior", [HalfNormal(1.0), Uniform(0.0, 3.0), LogNormal(2.0, 0.3)])
def test_the_grid_holds_the_whole_posterior_and_most_of_the_prior(plain: Any, prior: Prior) -> None:
    found = tau_density(with_prior(plain, prior))
    mass = {name: np.trapezoid(found[name], found["x"]) for name in ("posterior", "prior")}
    assert mass["posterior"] == pytest.approx(1.0, abs=0.01)
    assert 0.94 < mass["prior"] < 1.01  # up to its 95 % point, or beyond where the posterior is


def test_the_posterior_is_where_the_draws_are(plain: Any) -> None:
    found = tau_density(plain)  # draws: Normal(2, 0.3)
    x, density = np.array(found["x"]), np.array(found["posterior"])
    assert x[0] == 0.0
    assert x[density.argmax()] == pytest.approx(2.0, abs=0.15)
    # 0.3989 / 0.3 by the normal density; the kernel widens it a little.
    assert density.max() == pytest.approx(1.33, rel=0.06)


def test_the_prior_is_its_own_density(plain: Any) -> None:
    found = tau_density(with_prior(plain, HalfNormal(1.0)))
    assert found["prior"][0] == pytest.approx(2 / np.sqrt(2 * np.pi))


def test_an_improper_prior_has_no_density(plain: Any) -> None:
    assert tau_density(with_prior(plain, Flat())).keys() == {"x", "posterior"}


def test_without_tau_there_is_nothing(plain: Any) -> None:
    assert tau_density(SimpleNamespace(posterior=plain.posterior.drop_vars("tau"))) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize("prior", [HalfNormal(5.0), HalfCauchy(5.0), Uniform(0.0, 40.0), LogNormal(5.0, 0.5)])
def test_a_two_stage_density_has_the_mass_and_mean_of_its_posterior(prior: Prior) -> None:
    found = tau_density_two_stage(eight_schools(prior))
    x, density = np.array(found["x"]), np.array(found["posterior"])
    tau = eight_schools(prior).bayes.tau
    assert tau is not None
    inside = x <= tau["q97.5"]
    assert np.trapezoid(density[inside], x[inside]) == pytest.approx(0.975, abs=0.02)
    middle = x <= tau["median"]
    assert np.trapezoid(density[middle], x[middle]) == pytest.approx(0.5, abs=0.03)
    assert "prior" in found


def test_a_two_stage_density_is_bayes_s_theorem_on_the_grid() -> None:
    """Prior times the likelihood with the effect integrated out, by brute force over the effect."""
    found = tau_density_two_stage(eight_schools(HalfNormal(5.0)))
    x = np.array(found["x"])
    effect = np.linspace(-60.0, 80.0, 2801)
    spread = np.hypot(np.array(SE)[:, None], x)
    residual = np.array(ESTIMATE)[:, None, None] - effect
    log = (-0.5 * (residual / spread[:, :, None]) ** 2 - np.log(spread)[:, :, None]).sum(axis=0)
    likelihood = np.trapezoid(np.exp(log - 0.5 * (effect / 10.0) ** 2 + 40.0), effect, axis=1)
    product = likelihood * np.exp(-0.5 * (x / 5.0) ** 2)
    np.testing.assert_allclose(found["posterior"], product / product[0] * found["posterior"][0], rtol=1e-6)


def test_one_trial_has_no_density_of_tau() -> None:
    assert tau_density_two_stage(eight_schools(HalfNormal(5.0), trials=1)) == {}


def eight_schools(prior: Prior, trials: int = 8) -> Any:
    spec = TwoStage(priors={"effect": Normal(0.0, 10.0), "tau": prior})
    bayes = pool_bayes(ESTIMATE[:trials], SE[:trials], effect_prior=spec.prior("effect"), tau_prior=prior)
    return SimpleNamespace(spec=spec, bayes=bayes)
