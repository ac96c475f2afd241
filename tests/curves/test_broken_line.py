import numpy as np
import pytest

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.curve import Place
from ipdma.curves.plateau import Plateau
from ipdma.priors.prior import Uniform

X = np.linspace(0.0, 12.0, 49)
PLACE = Place(reference=5.0, largest=12.0)


def test_the_second_slope_is_the_ratio_of_the_first() -> None:
    # rises by 1 a dose up to 4, then falls by a half: 4, 3.5, 3, ...
    sharp = BrokenLine("n", corner=0.0)
    np.testing.assert_allclose(sharp.shape(np.array([0.0, 2.0, 4.0, 6.0, 12.0]), 4.0, -0.5), [0, 2, 4, 3, 0])


def test_a_ratio_of_0_is_the_plateau_and_of_1_the_straight_line() -> None:
    plateau = Plateau("n").relative(X, 5.0, kappa=3.0)
    (flat,), (straight,) = (BrokenLine("n").columns(X, PLACE, kappa=3.0, ratio=ratio) for ratio in (0.0, 1.0))
    np.testing.assert_allclose(flat, plateau, rtol=1e-12)
    np.testing.assert_allclose(straight / straight[20], X / 5.0, rtol=1e-12)


def test_an_effect_of_zero_at_the_reference_leaves_the_curve_finite() -> None:
    # p(5) with kappa = 2.5 and ratio = -1: h(5) = 2 p(5) - 5, near zero
    p = Plateau("n").shape(5.0, 2.5)
    (column,) = BrokenLine("n").columns(X, PLACE, kappa=2.5, ratio=-p / (5.0 - p))
    assert column[20] == pytest.approx(0.0, abs=1e-12)
    assert np.abs(column).max() < 4.0


def test_a_corner_beyond_the_reference_leaves_the_effect_there_the_coefficient() -> None:
    (column,) = BrokenLine("n", corner=0.0).columns(5.0, PLACE, kappa=9.0, ratio=-1.0)
    assert column == 1.0


def test_the_corner_may_lie_between_half_the_reference_and_the_largest_planned_value() -> None:
    assert BrokenLine("n").parameters(12.0, 1.0, 5.0) == {"kappa": Uniform(2.5, 12.0), "ratio": Uniform(-1.0, 1.0)}


def test_within_its_prior_the_effect_at_the_reference_has_the_sign_of_the_rise() -> None:
    priors = BrokenLine("n").parameters(12.0, 1.0, 5.0)
    rng = np.random.default_rng(1)
    drawn = {name: prior.draw(rng, 10_000, s=1.0) for name, prior in priors.items()}
    assert BrokenLine("n").shape(5.0, **drawn).min() > -0.1  # the corner's smoothing
