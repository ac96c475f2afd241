from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ipdma.priors.prior import Flat, HalfNormal, LogNormal, Prior, Uniform
from ipdma.summaries.tau_density import tau_density


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
