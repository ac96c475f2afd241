"""What every curve of the registry keeps; a new curve is picked up from its file and its name in the list."""

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ipdma.curves.curve as parts
from ipdma.curves.curve import Curve, MainCurve, ShiftCurve
from ipdma.curves.registry import MAIN_CURVES, SHIFT_CURVES
from ipdma.models.backend import pt, pytensor
from ipdma.priors.prior import Flat, LogFlat, Prior

CURVES: dict[str, type[Curve]] = {**MAIN_CURVES, **SHIFT_CURVES}
LARGEST = 12.0
# Corners lie at whole numbers: each curve has its own at one of these, where its gradient must be finite too.
X = np.array([1.0, 2.0, 3.0, 5.0, 8.0, 12.0])
REFERENCE, MOVE = 5.0, (5.0, 10.0)

every_curve = pytest.mark.parametrize("kind", CURVES.values(), ids=list(CURVES))
main_curve = pytest.mark.parametrize("kind", MAIN_CURVES.values(), ids=list(MAIN_CURVES))
shift_curve = pytest.mark.parametrize("kind", SHIFT_CURVES.values(), ids=list(SHIFT_CURVES))


def curve_of(kind: type[Curve]) -> Curve:
    """The curve over x; where it has a corner, at 5."""
    return kind("x", at=5.0) if "at" in inspect.signature(kind).parameters else kind("x")  # type: ignore[call-arg]


def points(kind: type[Curve]) -> np.ndarray:
    return X if kind.above_zero else np.append([0.0], X)


def drawn(curve: Curve) -> list[dict[str, float]]:
    """Values of the parameters: draws of their priors, and whole numbers, where corners meet x."""
    priors = curve.parameters(LARGEST)
    rng = np.random.default_rng(1)
    draws = [{n: float(prior.draw(rng, 1, s=10.0)[0]) for n, prior in priors.items()} for _ in range(10)]
    return [*draws, *({name: float(x) for name in priors} for x in X)] if priors else [{}]


def value(curve: Curve, x: Any, parameters: Mapping[str, Any]) -> Any:
    if isinstance(curve, MainCurve):
        return curve.relative(x, REFERENCE, **parameters)
    assert isinstance(curve, ShiftCurve)
    return curve.per_move(x, REFERENCE, MOVE, **parameters)


@main_curve
def test_a_main_curve_is_0_at_0_and_1_at_its_reference(kind: type[MainCurve]) -> None:
    curve = curve_of(kind)
    assert isinstance(curve, MainCurve)
    for reference in (0.5, 1.0, 5.0, 12.0):
        for parameters in drawn(curve):
            assert curve.relative(0.0, reference, **parameters) == 0.0
            assert curve.relative(reference, reference, **parameters) == 1.0


@shift_curve
def test_a_shift_curve_is_0_at_its_reference_and_1_over_its_move(kind: type[ShiftCurve]) -> None:
    curve = curve_of(kind)
    assert isinstance(curve, ShiftCurve)
    for reference, (start, end) in ((5.0, (5.0, 10.0)), (8.0, (3.0, 12.0)), (1.0, (10.0, 6.0))):
        for parameters in drawn(curve):
            start_end = [curve.per_move(x, reference, (start, end), **parameters) for x in (start, end)]
            assert curve.per_move(reference, reference, (start, end), **parameters) == 0.0
            assert start_end[1] - start_end[0] == pytest.approx(1.0, abs=1e-12)


@every_curve
def test_numpy_and_pytensor_agree_and_the_gradient_is_finite_everywhere(kind: type[Curve]) -> None:
    curve, x = curve_of(kind), points(kind)
    draws = drawn(curve)
    symbols = {name: pt.dscalar(name) for name in draws[0]}
    at = pt.dvector("at")
    graph = value(curve, at, symbols)
    gradient = pytensor.grad(graph.sum(), [at, *symbols.values()])
    evaluate = pytensor.function([at, *symbols.values()], [graph, *gradient], mode="FAST_COMPILE")
    for parameters in draws:
        found, *slopes = evaluate(x, *parameters.values())
        np.testing.assert_allclose(found, value(curve, x, parameters), rtol=1e-13, atol=1e-13)
        assert all(np.isfinite(slope).all() for slope in slopes)
        _assert_slope(curve, parameters, slopes[0], x)


def _assert_slope(curve: Curve, parameters: dict[str, float], slope: np.ndarray, x: np.ndarray) -> None:
    """The gradient lies between the slopes to the left and to the right: both are the same but at a corner."""
    step = 1e-6
    inside = x > 0
    here = value(curve, x[inside], parameters)
    left = (here - value(curve, x[inside] - step, parameters)) / step
    right = (value(curve, x[inside] + step, parameters) - here) / step
    assert np.all(np.minimum(left, right) - 1e-4 <= slope[inside])
    assert np.all(slope[inside] <= np.maximum(left, right) + 1e-4)


@every_curve
def test_every_parameter_has_a_proper_default_prior(kind: type[Curve]) -> None:
    curve = curve_of(kind)
    wanted = set(inspect.signature(curve.shape).parameters) - {"x"}
    priors = curve.parameters(LARGEST)
    assert set(priors) == wanted
    assert all(isinstance(p, Prior) and not isinstance(p, Flat | LogFlat) for p in priors.values())


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
        flat = value(curve, grid.ravel(), parameters)
        np.testing.assert_array_equal(value(curve, grid, parameters), flat.reshape(2, 2))


def test_every_module_of_the_folder_defines_one_curve_of_the_registry() -> None:
    folder = Path(parts.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "curve", "registry"}
    defined = {module: importlib.import_module(f"ipdma.curves.{module}") for module in modules}
    for name, module in defined.items():
        own = [c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == module.__name__]
        assert len(own) == 1, name
        assert own[0].name == name
        assert CURVES[name] is own[0]
    assert set(CURVES) == modules
