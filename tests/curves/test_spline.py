from typing import Any

import numpy as np
import pytest
import xarray as xr

from ipdma.curves.curve import Place
from ipdma.curves.spline import Spline
from ipdma.errors import AnalysisError, DesignError
from ipdma.models.backend import pt
from ipdma.priors.prior import Normal, Sd

KNOTS = {
    3: (0.0, 4.0, 12.0),
    4: (1.0, 3.0, 6.0, 12.0),
    5: (0.0, 3.0, 6.0, 9.0, 12.0),
    7: (0.0, 1.0, 2.0, 4.0, 7.0, 9.0, 10.0),
}
PLACE = Place(reference=5.0, largest=12.0)
X = np.linspace(0.0, 15.0, 301)
every_number_of_knots = pytest.mark.parametrize("knots", KNOTS.values(), ids=KNOTS)


def harrell(x: np.ndarray, knots: tuple[float, ...]) -> np.ndarray:
    """x and the nonlinear terms as Harrell 2015, equations 2.25 and 2.26, states them, over (t_k - t_1)^2."""
    *first, before, last = knots
    cube = lambda t: np.maximum(x - t, 0.0) ** 3  # noqa: E731
    terms = [
        (cube(t) - cube(before) * (last - t) / (last - before) + cube(last) * (before - t) / (last - before))
        / (last - knots[0]) ** 2
        for t in first
    ]
    return np.column_stack([x, *terms])


def columns(knots: tuple[float, ...], x: Any = X, place: Place = PLACE) -> list[Any]:
    return list(Spline("n", knots=knots).columns(x, place))


@every_number_of_knots
def test_the_columns_span_the_curves_of_harrells_basis(knots: tuple[float, ...]) -> None:
    own, his = np.column_stack(columns(knots)), harrell(X, knots)
    assert own.shape == his.shape
    for basis, other in ((own, his), (his, own)):
        weights = np.linalg.lstsq(basis, other, rcond=None)[0]
        np.testing.assert_allclose(basis @ weights, other, atol=1e-9 * np.abs(other).max())


def test_three_knots_are_harrells_basis_less_its_line_through_the_reference() -> None:
    # knots 0, 10, 30 at 20: R = (x^3 - 1.5 (x - 10)^3) / 900 = 6500 / 900; at 30 15000 / 900, 5250 / 900 above the line
    place = Place(reference=20.0, largest=30.0)
    line, bend = columns((0.0, 10.0, 30.0), np.array([10.0, 20.0, 30.0, 40.0]), place)
    np.testing.assert_allclose(line, [0.5, 1.0, 1.5, 2.0])
    # straight on from 30: the slope of R is 3 (900 - 1.5 * 400) / 900 = 1, that of the line 6500 / 900 / 20
    beyond = 1.0 + (10.0 - 6500 / 1800) * 900 / 5250
    np.testing.assert_allclose(bend, [(1000 - 3250) / 5250, 0.0, 1.0, beyond], atol=1e-14)


@every_number_of_knots
def test_the_curve_is_straight_before_the_first_knot_and_after_the_last(knots: tuple[float, ...]) -> None:
    for outside in (np.linspace(0.0, knots[0], 5), np.linspace(knots[-1], 100.0, 5)):
        for column in columns(knots, outside):
            np.testing.assert_allclose(np.diff(column, 2), 0.0, atol=1e-11)


@every_number_of_knots
def test_the_curve_and_its_first_two_slopes_are_continuous(knots: tuple[float, ...]) -> None:
    # Second slopes are straight between knots: across each they change by no more than the step allows.
    step = 1e-3
    for column in columns(knots, np.arange(0.0, 13.0, step)):
        second = np.diff(column, 2) / step**2
        assert np.abs(np.diff(second)).max() < 20 * step * max(1.0, np.abs(second).max())


@pytest.mark.parametrize("reference", [0.5, 3.0, 5.0, 12.0, 20.0])
@every_number_of_knots
def test_at_any_reference_each_bend_is_the_largest_departure_within_the_planned_range(
    knots: tuple[float, ...], reference: float
) -> None:
    x = np.linspace(0.0, max(12.0, reference), 24_001)
    _, *bends = columns(knots, x, Place(reference=reference, largest=12.0))
    for bend in bends:
        assert np.abs(bend).max() == pytest.approx(1.0, abs=1e-5)
        assert np.all(bend[x <= reference] <= 1e-12)
        assert np.all(bend[x >= reference] >= -1e-12)


@every_number_of_knots
def test_the_departure_has_an_sd_of_s_at_most_however_many_knots(knots: tuple[float, ...]) -> None:
    effect, *bends = Spline("n", knots=knots).coefficients(PLACE).values()
    assert effect == Normal(0.0, Sd(1.0))
    assert bends == [Normal(0.0, Sd((len(knots) - 2) ** -0.5))] * (len(knots) - 2)
    inside = np.column_stack(columns(knots, X[X <= 12.0])[1:])
    sd = np.sqrt((inside**2).sum(axis=1) / len(bends))
    assert 0.95 < sd.max() <= 1.0 + 1e-6


def test_coefficients_are_named_by_their_knots() -> None:
    names = list(Spline("dose", knots=(0, 2.5, 10, 1e6)).coefficients(PLACE))  # type: ignore[arg-type]
    assert names == ["effect", "bend[2.5]", "bend[10]"]


def test_numpy_xarray_and_pytensor_evaluate_the_same_line() -> None:
    x = np.array([0.0, 0.5, 1.0, 3.0, 4.5, 12.0, 14.0])
    for plain, labelled, symbol in zip(
        *(columns(KNOTS[4], given) for given in (x, xr.DataArray(x, dims="x"), pt.as_tensor_variable(x))), strict=True
    ):
        assert labelled.dims == ("x",)
        np.testing.assert_array_equal(labelled.to_numpy(), plain)
        np.testing.assert_allclose(symbol.eval(), plain, rtol=1e-13, atol=1e-13)


def test_knots_given_as_a_list_of_whole_numbers_make_the_same_frozen_value() -> None:
    listed = Spline("dose", knots=[0, 10, 30])  # type: ignore[arg-type]
    assert listed == Spline("dose", knots=(0.0, 10.0, 30.0))
    assert hash(listed) == hash(Spline("dose", knots=(0.0, 10.0, 30.0)))


MISTAKES: dict[str, tuple[Any, str]] = {
    "none": ((), r"takes 3 to 7 knots, and has 0: fewer make .* State them, for example \{spline: \{knots: \[0, 10"),
    "two": ((0, 10), r"takes 3 to 7 knots, and has 2 \(0, 10\)"),
    "eight": (range(8), r"takes 3 to 7 knots, and has 8 \(0, 1, 2, 3, 4, 5, 6, 7\)"),
    "unsorted": ((0, 30, 10), r"ascend, each stated once, and these do not \(0, 30, 10\): sort them"),
    "repeated": ((0, 10, 10, 30), r"ascend, each stated once, and these do not \(0, 10, 10, 30\)"),
    "below zero": ((-5, 10, 30), r"first knot of a spline is -5, but nothing is given below zero.*Begin at 0"),
    "a text": (("0", "ten", "30"), r"are a list of numbers without a unit, in that of the reference, not \('0', 'ten'"),
    "one number": (5.0, r"are a list of numbers without a unit, .*not 5.0: for example"),
    "infinite": ((0, 10, np.inf), r"are a list of numbers without a unit"),
}


@pytest.mark.parametrize(("knots", "message"), MISTAKES.values(), ids=MISTAKES)
def test_knots_that_no_spline_goes_by_are_refused_with_a_way_out(knots: Any, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        Spline("dose", knots=knots)


@pytest.mark.parametrize("largest", [10.0, 9.0])
def test_a_bend_beyond_every_active_arm_is_refused(largest: float) -> None:
    place = Place(reference=5.0, largest=largest)
    with pytest.raises(
        DesignError,
        match=rf"the spline of dose bends at its knot 20 from 10 on, but no active arm has more than {largest:g}",
    ):
        Spline("dose", knots=(0.0, 10.0, 20.0, 30.0)).columns(5.0, place)
    assert len(Spline("dose", knots=(0.0, 8.0, 20.0)).columns(5.0, place)) == 2


def test_a_curve_that_rises_and_levels_off_is_reached() -> None:
    # min(x, 6) of 5 doses as a cubic rounds it off: the span holds curves within a tenth of a dose of it.
    own = np.column_stack(columns((0.0, 4.0, 5.0, 6.0, 7.0, 8.0, 12.0), X))
    weights = np.linalg.lstsq(own, np.minimum(X, 6.0), rcond=None)[0]
    assert np.abs(own @ weights - np.minimum(X, 6.0)).max() < 0.15
