"""What every curve of the registry keeps; a new curve is picked up from its file and its name in the list."""

import importlib
import inspect
import itertools
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ipdma.curves.curve as parts
from ipdma.curves.curve import Curve, MainCurve, Place, ShiftCurve
from ipdma.curves.registry import MAIN_CURVES, SHIFT_CURVES
from ipdma.models.backend import pt, pytensor
from ipdma.priors.prior import Flat, LogFlat, Normal, Prior

CURVES: list[type[Curve]] = [*MAIN_CURVES.values(), *SHIFT_CURVES.values()]
NAMES = [*MAIN_CURVES, *(f"{name} shift" for name in SHIFT_CURVES)]
# Corners lie at whole numbers: each curve has its own at one of these, where its gradient must be finite too.
X = np.array([1.0, 2.0, 3.0, 5.0, 8.0, 12.0])
PLACE = Place(reference=5.0, smallest=1.0, largest=12.0, levels=tuple(X), move=(5.0, 8.0))
MAIN_PLACES = [
    Place(reference=reference, largest=12.0, levels=(0.5, 1.0, 5.0, 12.0)) for reference in (0.5, 1.0, 5.0, 12.0)
]
SHIFT_PLACES = [
    Place(reference=reference, smallest=1.0, largest=12.0, levels=(1.0, 3.0, 5.0, 8.0, 12.0), move=move)
    for reference, move in ((5.0, (5.0, 8.0)), (8.0, (3.0, 12.0)), (1.0, (12.0, 3.0)))
]

every_curve = pytest.mark.parametrize("kind", CURVES, ids=NAMES)
main_curve = pytest.mark.parametrize("kind", MAIN_CURVES.values(), ids=list(MAIN_CURVES))
shift_curve = pytest.mark.parametrize("kind", SHIFT_CURVES.values(), ids=list(SHIFT_CURVES))


def curve_of(kind: type[Curve]) -> Any:
    """The curve over x; where it has a corner, at 5, where it has a step, at 6, and where it has knots, from 0 to 8."""
    if "knots" in inspect.signature(kind).parameters:
        return kind("x", knots=(0.0, 3.0, 5.0, 8.0))  # type: ignore[call-arg]
    if "at" not in inspect.signature(kind).parameters:
        return kind("x")
    return kind("x", at=6.0 if kind.steps else 5.0)  # type: ignore[call-arg]


def points(kind: type[Curve]) -> np.ndarray:
    return X if kind.above_zero else np.append([0.0], X)


def drawn(curve: Curve, size: int = 10) -> list[dict[str, float]]:
    """Values of the parameters: draws of their priors, and whole numbers, where corners meet x."""
    priors = curve.parameters(PLACE.largest, PLACE.smallest, PLACE.reference)
    rng = np.random.default_rng(1)
    draws = [{n: float(prior.draw(rng, 1, s=10.0)[0]) for n, prior in priors.items()} for _ in range(size)]
    bounds = {name: curve.bounds.get(name, (0.0, np.inf)) for name in priors}
    whole = [{name: float(np.clip(x, *bounds[name])) for name in priors} for x in X]
    return [*draws, *whole] if priors else [{}]


def value(curve: Any, x: Any, parameters: Mapping[str, Any], place: Place = PLACE) -> list[Any]:
    """Every column of the curve."""
    columns = curve.columns(x, place, **parameters)
    assert len(columns) == len(curve.coefficients(place))
    return list(columns)


@main_curve
def test_a_main_curve_is_0_at_0_and_1_at_its_reference(kind: type[MainCurve]) -> None:
    curve = curve_of(kind)
    for place, parameters in itertools.product(MAIN_PLACES, drawn(curve)):
        assert all(float(column) == 0.0 for column in value(curve, 0.0, parameters, place))
        if not curve.read_off:
            first, *others = value(curve, place.reference, parameters, place)
            assert float(first) == 1.0
            assert all(float(column) == 0.0 for column in others)


@main_curve
def test_a_main_curve_that_can_cross_zero_says_so(kind: type[MainCurve]) -> None:
    curve = curve_of(kind)
    assert list(curve.coefficients(PLACE))[0] == "effect"
    found = [column for p in drawn(curve, 200) for column in value(curve, X, p)]
    crosses = len(curve.coefficients(PLACE)) > 1 or any((np.asarray(column) < 0).any() for column in found)
    assert curve.additive == crosses
    if curve.additive:
        assert "effect" not in curve.parameters(12.0)


@shift_curve
def test_a_shift_curve_is_0_at_its_reference_and_1_over_its_move(kind: type[ShiftCurve]) -> None:
    curve = curve_of(kind)
    for place, parameters in itertools.product(SHIFT_PLACES, drawn(curve)):
        assert all(float(column) == 0.0 for column in value(curve, place.reference, parameters, place))
        if not curve.read_off:
            ((start,), (end,)) = (value(curve, x, parameters, place) for x in place.move)
            assert end - start == pytest.approx(1.0, abs=1e-12)


@every_curve
def test_what_is_read_off_differs_between_start_and_end(kind: type[Curve]) -> None:
    """A quantity is a coefficient, or a weighted sum of them: with weights of zero it would be zero for any data."""
    curve = curve_of(kind)
    start = 0.0 if isinstance(curve, MainCurve) else PLACE.move[0]
    end = PLACE.reference if isinstance(curve, MainCurve) else PLACE.move[1]
    for parameters in drawn(curve)[:10]:
        pairs = zip(value(curve, start, parameters), value(curve, end, parameters), strict=True)
        assert any(float(b) != float(a) for a, b in pairs)


@every_curve
def test_numpy_and_pytensor_agree_and_the_gradient_is_finite_everywhere(kind: type[Curve]) -> None:
    curve, x = curve_of(kind), points(kind)
    draws = drawn(curve)
    if kind.steps:
        assert draws == [{}], "a curve without slopes enters the model as numbers"
        return
    symbols = {name: pt.dscalar(name) for name in draws[0]}
    at = pt.dvector("at")
    for k in range(len(curve.coefficients(PLACE))):
        graph = value(curve, at, symbols)[k]
        gradient = pytensor.grad(graph.sum(), [at, *symbols.values()])
        evaluate = pytensor.function([at, *symbols.values()], [graph, *gradient], mode="FAST_COMPILE")
        for parameters in draws:
            found, *slopes = evaluate(x, *parameters.values())
            np.testing.assert_allclose(found, value(curve, x, parameters)[k], rtol=1e-13, atol=1e-13)
            assert all(np.isfinite(slope).all() for slope in slopes)
            _assert_slope(lambda x, p=parameters, k=k: value(curve, x, p)[k], slopes[0], x)


def _assert_slope(column: Callable[[np.ndarray], np.ndarray], slope: np.ndarray, x: np.ndarray) -> None:
    """The gradient lies between the slopes to the left and to the right: both are the same but at a corner."""
    step = 1e-6
    inside = x > 0
    here = column(x[inside])
    left = (here - column(x[inside] - step)) / step
    right = (column(x[inside] + step) - here) / step
    assert np.all(np.minimum(left, right) - 1e-4 <= slope[inside])
    assert np.all(slope[inside] <= np.maximum(left, right) + 1e-4)


@every_curve
def test_every_parameter_has_a_proper_default_prior_within_its_bounds(kind: type[Curve]) -> None:
    curve = curve_of(kind)
    signature = inspect.signature(curve.shape).parameters.values()
    wanted = {p.name for p in signature if p.kind is p.POSITIONAL_OR_KEYWORD} - {"x"}
    priors = curve.parameters(PLACE.largest, PLACE.smallest, PLACE.reference)
    assert set(priors) == wanted
    assert all(isinstance(p, Prior) and not isinstance(p, Flat | LogFlat) for p in priors.values())
    assert set(curve.bounds) <= set(priors)
    for name, prior in priors.items():
        lower, upper = curve.bounds.get(name, (0.0, np.inf))
        found = prior.draw(np.random.default_rng(1), 1000, s=1.0)
        assert lower <= found.min() <= found.max() <= upper


@every_curve
def test_every_coefficient_has_a_normal_default_prior(kind: type[Curve]) -> None:
    priors = curve_of(kind).coefficients(PLACE)
    assert priors
    assert all(isinstance(prior, Normal) for prior in priors.values())


@every_curve
def test_a_curve_names_its_source_and_is_a_frozen_value(kind: type[Curve]) -> None:
    curve = curve_of(kind)
    assert len(kind.source) > 10
    assert kind.__doc__
    assert curve == curve_of(kind)
    assert hash(curve) == hash(curve_of(kind))
    with pytest.raises(FrozenInstanceError, match="cannot assign"):
        curve.variable = "other"  # type: ignore[misc]


@every_curve
def test_a_curve_takes_arrays_of_any_shape(kind: type[Curve]) -> None:
    curve = curve_of(kind)
    grid = np.array([[1.0, 5.0], [8.0, 12.0]])
    for parameters in drawn(curve):
        for flat, column in zip(value(curve, grid.ravel(), parameters), value(curve, grid, parameters), strict=True):
            np.testing.assert_array_equal(column, flat.reshape(2, 2))


def test_every_module_of_the_folder_defines_one_curve_of_the_registry() -> None:
    folder = Path(parts.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "curve", "levelling", "registry"}
    defined = {module: importlib.import_module(f"ipdma.curves.{module}") for module in modules}
    for name, module in defined.items():
        own = [c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == module.__name__]
        assert len(own) == 1, name
        # A shift that shares its name with a main curve stands in a module of its own.
        assert own[0].name == name.removesuffix("_shift")
        registry = MAIN_CURVES if issubclass(own[0], MainCurve) else SHIFT_CURVES
        assert registry[own[0].name] is own[0]
    assert len(CURVES) == len(modules)
