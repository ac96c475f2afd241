"""A coordinate's map (``coordinates``) as an operation of a PyMC model: value and log slope, with their derivatives."""

import zlib
from pathlib import Path
from typing import Any

import numba
import numpy as np

from ipdma.models.backend import Apply, Op, numba_njit, pt, register_funcify_default_op_cache_key
from ipdma.models.coordinates import BELLS, REACH, STEP

# PyTensor caches machine code by an operation's class and properties and cannot see that these files have changed.
# numba would not see the second change either: nothing here is kept but in PyTensor's functions.
_FILES = ("rising_map.py", "coordinates.py")
_VERSION = zlib.crc32(b"".join(Path(__file__).with_name(file).read_bytes() for file in _FILES))


@numba.njit  # type: ignore[untyped-decorator]
def _bells(place: float, last: int) -> Any:
    """Return the knot below a place, the four B-splines there and their first two derivatives.

    Beyond the first and the last knot the splines stay as they are there.
    """
    inside = min(max(place, 0.0), float(last))
    knot = min(int(inside), last - 1)
    u = inside - knot
    bell = np.empty((3, 4))
    for i in range(4):
        a, b, c, d = BELLS[i, 0], BELLS[i, 1], BELLS[i, 2], BELLS[i, 3]
        bell[0, i] = a + u * (b + u * (c + u * d))
        bell[1, i] = b + u * (2.0 * c + 3.0 * d * u)
        bell[2, i] = 2.0 * c + 6.0 * d * u
    return knot, bell, place - inside


@numba.njit  # type: ignore[untyped-decorator]
def rising(x: float, row: float, controls: Any) -> Any:
    """Return value and logarithm of the slope at coordinate ``x`` and row ``row``, and their derivatives by x and row.

    Parameters
    ----------
    x
        The coordinate; beyond the outer knots the map goes straight on.
    row
        Which row of control points, between two of them a mixture; only the first where there is one.
    controls
        Control points, shape (row, knot); where there are several rows, with one more at either end.
    """
    one = controls.shape[0] == 1
    knot, bell, beyond = _bells((x + REACH) / STEP, controls.shape[1] - 3)
    if one:
        first, weight, outside = 0, np.zeros((3, 4)), 0.0
        weight[0, 0] = 1.0
    else:
        first, weight, outside = _bells(row, controls.shape[0] - 3)
    at = np.zeros((2, 3))  # by row: value and derivative; by coordinate: value and two derivatives
    for i in range(1 if one else 4):
        for d in range(3):
            mixed = 0.0
            for k in range(4):
                mixed += bell[d, k] * controls[first + i, knot + k]
            at[0, d] += weight[0, i] * mixed
            at[1, d] += weight[1, i] * mixed
    for r in range(2):
        if r == 1 and outside != 0.0:
            at[r, 0], at[r, 1] = 0.0, 0.0
        if beyond != 0.0:
            at[r, 0] += at[r, 1] * beyond
            at[r, 2] = 0.0
    slope = at[0, 1]
    return at[0, 0], np.log(slope / STEP), slope / STEP, at[0, 2] / (slope * STEP), at[1, 0], at[1, 1] / slope


class RisingMap(Op):  # type: ignore[misc]
    """Value and log slope of a rising map at a coordinate; ``bound`` is the coordinate's largest gradient, or None.

    Where a density's map leaves a notch, thinner than a step and harmless to cross, its gradient would throw a
    trajectory far out. Hamiltonian Monte Carlo stays exact under any force that depends on the position alone: each
    leapfrog step keeps volume and can be reversed, and whether a point is taken is decided by the density itself
    (Neal 2011, Handbook of Markov Chain Monte Carlo, chapter 5, "Using approximations to compute the trajectory").
    """

    __props__ = ("bound",)

    def __init__(self, bound: float | None = None) -> None:
        self.bound = bound

    def make_node(self, x: Any, row: Any, controls: Any) -> Apply:
        """Return the node: coordinate, row, control points; value, log slope, and what their gradient needs."""
        inputs = [pt.as_tensor(given, dtype="float64") for given in (x, row, controls)]
        return Apply(self, inputs, [pt.dscalar() for _ in range(6)])

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        x, row, controls = inputs
        for storage, number in zip(outputs, rising(float(x), float(row), controls), strict=True):
            storage[0] = np.asarray(number)

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Return the gradients by coordinate and row; the last four outputs are there for this."""
        return [*Force(self.bound)(*cotangents[:2], *outputs[2:]), pt.zeros_like(inputs[2])]

    L_op = pullback  # the older generation's name


class Force(Op):  # type: ignore[misc]
    """The gradients that pass through a map to its coordinate, bounded, and to its row.

    An operation of its own, so that PyTensor does not fuse all that comes before and after it into one loop with more
    arguments than it can have.
    """

    __props__ = ("bound",)

    def __init__(self, bound: float | None) -> None:
        self.bound = bound

    def make_node(self, *numbers: Any) -> Apply:
        """Return the node: gradients by value and log slope, their derivatives by coordinate and row."""
        return Apply(self, [pt.as_tensor(number, dtype="float64") for number in numbers], [pt.dscalar(), pt.dscalar()])

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        found = forces(tuple(map(float, inputs)), np.inf if self.bound is None else self.bound)
        for storage, number in zip(outputs, found, strict=True):
            storage[0] = np.asarray(number)


@numba.njit  # type: ignore[untyped-decorator]
def forces(numbers: Any, bound: float) -> Any:
    """Return the gradients by coordinate, clipped, and by row, of the six numbers that :class:`Force` takes."""
    by_value, by_log, slope, bend, value_by_row, log_by_row = numbers
    by_coordinate = by_value * slope + by_log * bend
    return min(max(by_coordinate, -bound), bound), by_value * value_by_row + by_log * log_by_row


@register_funcify_default_op_cache_key(RisingMap)  # type: ignore[untyped-decorator]
def _numba_rising(op: RisingMap, node: Any = None, **_: Any) -> Any:
    @numba_njit  # type: ignore[untyped-decorator]
    def run(x: Any, row: Any, controls: Any) -> Any:
        a, b, c, d, e, f = rising(x.item(), row.item(), controls)
        return np.asarray(a), np.asarray(b), np.asarray(c), np.asarray(d), np.asarray(e), np.asarray(f)

    return run, _VERSION


@register_funcify_default_op_cache_key(Force)  # type: ignore[untyped-decorator]
def _numba_force(op: Force, node: Any = None, **_: Any) -> Any:
    bound = np.inf if op.bound is None else op.bound

    @numba_njit  # type: ignore[untyped-decorator]
    def run(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:  # noqa: PLR0917  # PyTensor hands them over so
        by_coordinate, by_row = forces((a.item(), b.item(), c.item(), d.item(), e.item(), f.item()), bound)
        return np.asarray(by_coordinate), np.asarray(by_row)

    return run, _VERSION
