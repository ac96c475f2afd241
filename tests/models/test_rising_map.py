"""The map as an operation: value, log slope and their derivatives, the same outside and inside compiled code."""

from typing import Any

import numpy as np
import pytest
from scipy.interpolate import BSpline

from ipdma.models.backend import pt, pytensor
from ipdma.models.coordinates import COUNT, REACH, STEP, controls, knots
from ipdma.models.rising_map import RisingMap, rising

RNG = np.random.default_rng(3)
QUANTILES = np.cumsum(RNG.exponential(size=(6, COUNT)), axis=1) * STEP
ROW_CONTROLS = controls(QUANTILES[:1])
CONTROLS = controls(QUANTILES)  # four rows, carried on by one at either end
PLACES = [
    -6.0,
    -REACH + 0.01,
    -0.607,
    0.013,
    2.211,
    REACH - 0.001,
    5.3,
]  # none a knot: the third derivative jumps there


def test_the_value_is_that_of_the_cubic_b_spline() -> None:
    at = np.concatenate([[knots()[0] - STEP * k for k in (3, 2, 1)], knots(), [REACH + STEP * k for k in (1, 2, 3)]])
    spline = BSpline(at, ROW_CONTROLS[0], 3)
    for x in (-4.4, -1.234, 0.0, 3.21):
        assert rising(x, 0.0, ROW_CONTROLS)[0] == pytest.approx(spline(x), rel=1e-12)


@pytest.mark.parametrize("x", PLACES)
@pytest.mark.parametrize("row", [0.4, 1.0, 2.9])
def test_the_derivatives_are_those_of_finite_differences(x: float, row: float) -> None:
    h = 1e-6
    value, log_slope, slope, bend, by_row, log_by_row = rising(x, row, CONTROLS)
    along = [np.array(rising(x + d, row, CONTROLS)) for d in (-h, h)]
    across = [np.array(rising(x, row + d, CONTROLS)) for d in (-h, h)]
    assert (along[1][0] - along[0][0]) / (2 * h) == pytest.approx(slope, rel=1e-6)
    assert (along[1][1] - along[0][1]) / (2 * h) == pytest.approx(bend, rel=1e-5, abs=1e-6)
    assert (across[1][0] - across[0][0]) / (2 * h) == pytest.approx(by_row, rel=1e-6, abs=1e-7)
    assert (across[1][1] - across[0][1]) / (2 * h) == pytest.approx(log_by_row, rel=1e-5, abs=1e-6)
    assert log_slope == pytest.approx(np.log(slope))


def test_beyond_its_ends_the_map_goes_straight_on_and_its_rows_stay() -> None:
    outer, further = (rising(x, 5.0, CONTROLS) for x in (REACH + 1.0, REACH + 3.0))
    assert further[0] == pytest.approx(outer[0] + 2.0 * outer[2])
    assert further[1:3] == outer[1:3]
    assert further[3] == 0.0
    assert further[4:] == (0.0, 0.0), "beyond the last row nothing changes with it"
    assert outer[0] == rising(REACH + 1.0, 9.0, CONTROLS)[0]


@pytest.mark.parametrize("mode", ["FAST_COMPILE", "NUMBA"])
@pytest.mark.parametrize("table", [ROW_CONTROLS, CONTROLS], ids=["one row", "rows"])
def test_a_gradient_goes_through_value_and_log_slope(mode: str, table: np.ndarray) -> None:
    x, row = pt.dscalar("x"), pt.dscalar("row")
    value, log_slope, *_ = RisingMap()(x, row, table)
    total = value**2 + log_slope
    compiled = pytensor.function([x, row], [total, *pytensor.grad(total, [x, row])], mode=mode)

    def told(a: float, b: float) -> Any:
        numbers = rising(a, b, table)
        return numbers[0] ** 2 + numbers[1]

    h, at = 1e-6, (0.77, 1.3)
    found = [float(np.asarray(number)) for number in compiled(*at)]
    slopes = [
        (told(at[0] + h * a, at[1] + h * b) - told(at[0] - h * a, at[1] - h * b)) / (2 * h) for a, b in ((1, 0), (0, 1))
    ]
    assert found == pytest.approx([told(*at), *slopes], rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("mode", ["FAST_COMPILE", "NUMBA"])
def test_a_bound_clips_the_gradient_of_the_coordinate_and_nothing_else(mode: str) -> None:
    x, row = pt.dscalar("x"), pt.dscalar("row")
    functions = []
    for bound in (None, 6.0):
        value, log_slope, *_ = RisingMap(bound)(x, row, CONTROLS)
        total = 1e3 * value + log_slope
        functions.append(pytensor.function([x, row], [total, *pytensor.grad(total, [x, row])], mode=mode))
    free, bounded = ([float(np.asarray(number)) for number in function(0.5, 1.5)] for function in functions)
    assert free[1] > 6.0
    assert bounded == [free[0], 6.0, free[2]]
