"""The coordinate of the main curve's parameter."""

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline
from scipy.stats import norm

from ipdma.models.adapted_score import REACH, adapted_score, averaged, knots


def test_without_information_the_coordinate_is_the_prior_score_itself() -> None:
    value, slope = adapted_score(lambda score: 0.0)
    assert value == pytest.approx(knots(), abs=0.02)
    assert slope[10:-10] == pytest.approx(1.0, abs=0.15)


def spike_and_plain(score: float) -> float:
    """A likelihood with a narrow spike at 0.5, four times the height of a plain above it, and nothing below."""
    return float(np.log(1e-12 + 0.25 * norm.cdf((score - 0.4) / 0.05) + np.exp(-0.5 * ((score - 0.5) / 0.05) ** 2)))


def test_a_spike_beside_a_plain_gets_more_room_and_the_plain_keeps_its_own() -> None:
    value, slope = adapted_score(spike_and_plain)
    spline = CubicHermiteSpline(knots(), value, slope)
    x = np.linspace(-REACH, REACH, 9001)
    spike, plain = (np.ptp(x[(spline(x) > low) & (spline(x) < high)]) for low, high in ((0.4, 0.6), (1.0, 2.0)))
    assert spike > 0.3  # 0.2 in the score itself
    assert plain > 0.5  # 1.0


def test_the_map_rises_everywhere() -> None:
    value, slope = adapted_score(lambda score: -0.5 * ((score - 1.0) / 1e-3) ** 2)
    assert (np.diff(value) > 0).all()
    assert (slope > 0).all()


def test_the_average_over_tau_is_a_weighted_mean_of_likelihoods() -> None:
    # log(0.25 * 2 + 0.75 * 4) = log 3.5
    found = averaged(lambda tau: float(np.log(tau)), np.array([2.0, 4.0]), np.array([0.25, 0.75]))
    assert found == pytest.approx(np.log(3.5))
