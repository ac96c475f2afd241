"""Scores of curve parameters: a change of variables, in NumPy and in PyTensor."""

import numpy as np
import pytest
from scipy.stats import norm

from ipdma.models.backend import pt
from ipdma.models.scores import of_score
from ipdma.priors.prior import Flat, HalfNormal, LogNormal, Normal, Prior, Uniform

PRIORS = [Uniform(-1.0, 3.0), Normal(2.0, 4.0), LogNormal(5.0, 0.7), HalfNormal(3.0)]
each_prior = pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.kind)


@each_prior
def test_the_density_of_the_score_is_that_of_the_prior_times_the_slope(prior: Prior) -> None:
    score, h = np.linspace(-3.0, 2.0, 11), 1e-6
    (value, density), (above, _), (below, _) = (
        of_score(type(prior), s, prior.numbers(1.0)) for s in (score, score + h, score - h)
    )
    wanted = prior.logp(value, *prior.numbers(1.0)) + np.log((above - below) / (2 * h))
    np.testing.assert_allclose(density - density[0], wanted - wanted[0], atol=1e-6)


@pytest.mark.parametrize("prior", PRIORS[:3], ids=lambda prior: prior.kind)
def test_a_standard_normal_score_draws_from_the_prior(prior: Prior) -> None:
    share = np.array([0.1, 0.5, 0.9])
    value, _ = of_score(type(prior), norm.ppf(share), prior.numbers(1.0))
    draws = prior.draw(np.random.default_rng(1), 100_000, s=1.0)
    # Monte Carlo: three SE of a share of 100,000 draws
    assert [(draws < v).mean() for v in value] == pytest.approx(share, abs=0.005)


@each_prior
def test_pytensor_evaluates_the_same_lines(prior: Prior) -> None:
    numbers = prior.numbers(1.0)
    symbolic, _ = of_score(type(prior), pt.as_tensor(0.3), numbers, erf=pt.erf)
    assert float(symbolic.eval()) == pytest.approx(float(of_score(type(prior), 0.3, numbers)[0]), rel=1e-12)


def test_a_prior_no_parameter_can_have_is_an_error() -> None:
    with pytest.raises(TypeError, match="no curve has a parameter with a flat prior"):
        of_score(Flat, 0.0, ())
