"""A bounded force changes the gradient and nothing else."""

import numpy as np
import pytest

from ipdma.models.backend import pt, pytensor
from ipdma.models.bounded_force import BoundedForce


@pytest.mark.parametrize("mode", ["FAST_COMPILE", "NUMBA"])
@pytest.mark.parametrize(("x", "slope"), [(0.5, 1.0), (10.0, 6.0), (-10.0, -6.0)])
def test_the_value_stays_and_the_gradient_is_clipped(mode: str, x: float, slope: float) -> None:
    given = pt.dscalar("x")
    value = BoundedForce(6.0)(given) ** 2
    found = pytensor.function([given], [value, pytensor.grad(value, given)], mode=mode)
    assert [float(np.asarray(number)) for number in found(x)] == pytest.approx([x**2, slope])
