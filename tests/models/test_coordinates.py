"""Quantile maps and the splines through them."""

import numpy as np
import pytest
from scipy.interpolate import BSpline
from scipy.stats import gamma, norm

from ipdma.models.coordinates import COUNT, bell_slopes, bells, controls, knots, quantiles


def test_quantiles_of_a_gamma_density_are_those_of_scipy() -> None:
    x = np.linspace(1e-6, 60.0, 6001)
    found = quantiles(x, gamma(3.0).logpdf(x))
    inner = np.abs(knots()) < 4.0
    assert found[inner] == pytest.approx(gamma(3.0).ppf(norm.cdf(knots()[inner])), rel=5e-3)


def test_quantiles_rise_also_where_a_density_is_zero_between_two_peaks() -> None:
    x = np.linspace(-5.0, 5.0, 401)
    found = quantiles(x, np.log(norm.pdf(x, -3.0, 0.05) + norm.pdf(x, 3.0, 0.05) + 1e-300))
    assert (np.diff(found) > 0.0).all()


@pytest.mark.parametrize("place", [1.0, 2.3, 5.5, 8.0])
def test_bells_and_their_slopes_are_the_cubic_b_splines_of_scipy(place: float) -> None:
    weights = bells(place, 10, absolute=np.abs, maximum=np.maximum)
    slopes = bell_slopes(place, 10, absolute=np.abs, maximum=np.maximum, sign=np.sign)
    basis = [BSpline.basis_element(np.arange(k - 2.0, k + 3.0), extrapolate=False) for k in range(10)]
    assert weights == pytest.approx([float(np.nan_to_num(b(place))) for b in basis], abs=1e-12)
    assert slopes == pytest.approx([float(np.nan_to_num(b.derivative()(place))) for b in basis], abs=1e-12)


def test_evenly_rising_controls_make_a_straight_line() -> None:
    # Cubic B-splines reproduce straight lines, so a posterior that is the prior leaves the score as it is.
    points = controls(knots())
    assert len(points) == COUNT + 2
    place = (0.37 - knots()[0]) / 0.1
    assert points @ bells(1.0 + place, COUNT + 2, absolute=np.abs, maximum=np.maximum) == pytest.approx(0.37)
