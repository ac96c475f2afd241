"""One number in every trial and arm, as an operation of a PyMC model."""

from typing import Any

import numba
import numpy as np

from ipdma.models.backend import Apply, Op, numba_njit, pt, register_funcify_default_op_cache_key


class Spread(Op):  # type: ignore[misc]
    """A scalar spread over the shape of a matrix.

    PyTensor would do so by itself, and compile its general sum for the gradient, which takes ten seconds.
    """

    __props__ = ()

    def make_node(self, x: Any, like: Any) -> Apply:
        """Return the node: a scalar and a matrix in, a matrix out."""
        return Apply(self, [pt.as_tensor(x), pt.as_tensor(like)], [pt.dmatrix()])

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        outputs[0][0] = np.full(inputs[1].shape, inputs[0].item())

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Return the sum of the cotangent; the matrix counts by its shape alone."""
        return [Total()(cotangents[0]), pt.zeros_like(inputs[1])]

    L_op = pullback  # the older generation's name


class Total(Op):  # type: ignore[misc]
    """The sum of a matrix."""

    __props__ = ()

    def make_node(self, x: Any) -> Apply:
        """Return the node: a matrix in, a scalar out."""
        return Apply(self, [pt.as_tensor(x)], [pt.dscalar()])

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        outputs[0][0] = np.asarray(total(inputs[0]))


@numba.njit(inline="always")  # type: ignore[untyped-decorator]
def total(x: Any) -> float:
    """Return the sum of a matrix, row by row."""
    found = 0.0
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            found += x[i, k]
    return found


@register_funcify_default_op_cache_key(Spread)  # type: ignore[untyped-decorator]
def _numba_spread(op: Spread, node: Any = None, **_: Any) -> Any:
    @numba_njit  # type: ignore[untyped-decorator]
    def run(x: Any, like: Any) -> Any:
        found = np.empty(like.shape)
        for i in range(like.shape[0]):
            for k in range(like.shape[1]):
                found[i, k] = x.item()
        return found

    return run, 1


@register_funcify_default_op_cache_key(Total)  # type: ignore[untyped-decorator]
def _numba_total(op: Total, node: Any = None, **_: Any) -> Any:
    @numba_njit  # type: ignore[untyped-decorator]
    def run(x: Any) -> Any:
        return np.asarray(total(x))

    return run, 1
