"""The coordinate of the main curve's parameter."""

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline
from scipy.stats import norm

from ipdma.models.adapted_score import adapted_score, averaged, knots


def test_without_information_the_coordinate_is_the_prior_score_itself() -> None:
    value, slope = adapted_score(lambda score: 0.0)
    assert value == pytest.approx(knots(), abs=0.02)
    assert slope[10:-10] == pytest.approx(1.0, abs=0.15)


def spike_and_plain(score: float) -> float:
    """A likelihood with a narrow spike at 0.5, four times the height of a plain above it, and nothing below."""
    return float(np.log(1e-12 + 0.25 * norm.cdf((score - 0.4) / 0.05) + np.exp(-0.5 * ((score - 0.5) / 0.05) ** 2)))


def test_a_spike_beside_a_plain_is_spread_half_way() -> None:
    value, slope = adapted_score(spike_and_plain)
    spline = CubicHermiteSpline(knots(), value, slope)
    x = np.linspace(-1.5, 1.5, 201)
    told = np.array([spike_and_plain(s) for s in spline(x)])
    away = norm.logpdf(spline(x)) + told + np.log(spline(x, 1)) - norm.logpdf(x)
    plain = norm.logpdf(x) + [spike_and_plain(s) for s in x] - norm.logpdf(x)
    # In the score itself the density falls by more than 20 on the log scale; the square root of that is left at most.
    assert np.ptp(plain) > 20
    assert np.ptp(away) < 0.6 * np.ptp(plain)


def test_the_map_rises_everywhere() -> None:
    value, slope = adapted_score(lambda score: -0.5 * ((score - 1.0) / 1e-3) ** 2)
    assert (np.diff(value) > 0).all()
    assert (slope > 0).all()


def test_the_average_over_tau_is_a_weighted_mean_of_likelihoods() -> None:
    # log(0.25 * 2 + 0.75 * 4) = log 3.5
    found = averaged(lambda tau: float(np.log(tau)), np.array([2.0, 4.0]), np.array([0.25, 0.75]))
    assert found == pytest.approx(np.log(3.5))
