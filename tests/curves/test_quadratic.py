import numpy as np
import pytest

from ipdma.curves.curve import Place
from ipdma.curves.quadratic import Quadratic


def test_any_parabola_through_zero_is_reached_by_effect_and_bend() -> None:
    # 3 x - 0.2 x^2 is 10 at the reference 5; its departure from 2 x is 0.2 x (5 - x), at 12 -16.8
    x = np.linspace(0.0, 12.0, 25)
    linear, bend = Quadratic("n").columns(x, Place(reference=5.0, largest=12.0))
    np.testing.assert_allclose(10.0 * linear - 16.8 * bend, 3 * x - 0.2 * x**2, atol=1e-12)


@pytest.mark.parametrize(("reference", "largest"), [(5.0, 12.0), (12.0, 12.0), (1.0, 12.0), (20.0, 12.0)])
def test_the_bend_is_the_largest_departure_within_the_planned_range(reference: float, largest: float) -> None:
    x = np.linspace(0.0, max(reference, largest), 2401)
    _, bend = Quadratic("n").columns(x, Place(reference=reference, largest=largest))
    assert np.abs(bend).max() == pytest.approx(1.0, abs=1e-5)
