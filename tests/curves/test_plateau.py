import numpy as np
import pytest

from ipdma.curves.plateau import Plateau
from ipdma.priors.prior import Uniform


def test_the_shape_is_the_one_of_the_contract() -> None:
    # kappa = 3, corner 4: h(6) = (6 + sqrt(9 + 16) - sqrt(9 + 16)) / 2 = 3; h(0) = (sqrt(25) - sqrt(25)) / 2 = 0
    curve = Plateau("number_of_doses", corner=4.0)
    assert curve.shape(6.0, 3.0) == 3.0
    assert curve.shape(0.0, 3.0) == 0.0


def test_it_rises_like_the_number_of_doses_before_kappa_and_is_level_after_it() -> None:
    curve = Plateau("number_of_doses")
    before, after = np.array([0.0, 1.0, 2.0]), np.array([20.0, 30.0])
    np.testing.assert_allclose(curve.shape(before, 9.0), before, atol=0.02)
    np.testing.assert_allclose(curve.shape(after, 9.0), 9.0, atol=0.02)


@pytest.mark.parametrize("kappa", [0.01, 1.0, 5.0, 9.0, 24.0])
def test_it_never_falls_and_never_exceeds_its_level(kappa: float) -> None:
    curve = Plateau("number_of_doses")
    x = np.linspace(0.0, 12.0, 500)
    h = curve.shape(x, kappa)
    assert np.all(np.diff(h) > 0)
    assert np.all(h <= 0.5 * (kappa + np.sqrt(kappa**2 + 0.25)))


def test_a_kappa_beyond_the_largest_number_of_doses_is_nearly_linear() -> None:
    curve = Plateau("number_of_doses")
    np.testing.assert_allclose(curve.relative(np.array([0.0, 2.5, 10.0]), 5.0, kappa=100.0), [0, 0.5, 2], rtol=1e-4)


def test_kappa_may_lie_anywhere_up_to_twice_the_largest_planned_number() -> None:
    assert Plateau("number_of_doses").parameters(12.0) == {"kappa": Uniform(0.0, 24.0)}
