"""Quantile maps and the splines through them."""

import numpy as np
import pytest
from scipy.interpolate import BSpline
from scipy.stats import gamma, norm

from ipdma.models.coordinates import BELLS, COUNT, STEP, controls, knots, quantiles


def test_quantiles_of_a_gamma_density_are_those_of_scipy() -> None:
    x = np.linspace(1e-6, 60.0, 6001)
    found = quantiles(x, gamma(3.0).logpdf(x))
    inner = np.abs(knots()) < 4.0
    assert found[inner] == pytest.approx(gamma(3.0).ppf(norm.cdf(knots()[inner])), rel=5e-3)


def test_controls_rise_also_where_a_density_is_zero_between_two_peaks() -> None:
    x = np.linspace(-5.0, 5.0, 401)
    found = quantiles(x, np.log(norm.pdf(x, -3.0, 0.05) + norm.pdf(x, 3.0, 0.05) + 1e-300))
    assert (np.diff(found) >= 0.0).all()
    assert (np.diff(controls(found)) > 0.0).all()


@pytest.mark.parametrize("u", [0.0, 0.3, 0.5, 1.0])
def test_the_bells_and_their_slopes_are_the_cubic_b_splines_of_scipy(u: float) -> None:
    basis = [BSpline.basis_element(np.arange(k - 2.0, k + 3.0), extrapolate=False) for k in (-1, 0, 1, 2)]
    powers, slopes = u ** np.arange(4), np.array([0.0, 1.0, 2.0 * u, 3.0 * u**2])
    assert BELLS @ powers == pytest.approx([float(np.nan_to_num(b(u))) for b in basis], abs=1e-12)
    assert BELLS @ slopes == pytest.approx([float(np.nan_to_num(b.derivative()(u))) for b in basis], abs=1e-12)


def test_evenly_rising_controls_make_a_straight_line() -> None:
    # Cubic B-splines reproduce straight lines, so a posterior that is the prior leaves the score as it is.
    points = controls(knots())
    assert len(points) == COUNT + 2
    knot, u = 194, 0.8
    expected = knots()[0] + (knot + u) * STEP
    assert points[knot : knot + 4] @ BELLS @ u ** np.arange(4) == pytest.approx(expected, rel=1e-5)
