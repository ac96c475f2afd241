"""One number in every trial and arm, and its gradient."""

import numpy as np
import pytest

from ipdma.models.backend import pt, pytensor
from ipdma.models.spread import Spread


@pytest.mark.parametrize("mode", ["FAST_COMPILE", "NUMBA"])
def test_a_number_stands_everywhere_and_its_gradient_is_the_sum(mode: str) -> None:
    x, like = pt.dscalar("x"), pt.dmatrix("like")
    weight = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    spread = Spread()(x, like)
    total = (weight * spread**2).sum()
    found, slope = pytensor.function([x, like], [spread, pytensor.grad(total, x)], mode=mode)(3.0, np.zeros((2, 3)))
    np.testing.assert_array_equal(found, np.full((2, 3), 3.0))
    assert float(slope) == pytest.approx(2 * 3.0 * weight.sum())
