"""The marginal likelihood of a one-stage model as one operation of a PyMC model."""

import ctypes
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np

from ipdma.models.backend import Apply, Op, numba_njit, pt, register_funcify_default_op_cache_key
from ipdma.models.elimination import marginal
from ipdma.models.packed import block, line, number, table

# PyTensor caches machine code by an operation's class and properties and cannot see that the elimination has changed.
_FILES = ("elimination.py", "marginal.py", "own_parts.py", "pack.py", "packed.py")
_VERSION = zlib.crc32(b"".join(Path(__file__).with_name(file).read_bytes() for file in _FILES))
_SYMBOL = f"ipdma_marginal_{_VERSION}"


@numba.njit(inline="always")  # type: ignore[untyped-decorator]
def _numbers_of(vector: Any) -> Any:  # in the order of own_parts.READ, as all that is read below
    return (
        *(line(vector, 0), line(vector, 1), block(vector, 2), table(vector, 3), line(vector, 4), table(vector, 5)),
        *(table(vector, 6), table(vector, 7), block(vector, 8), line(vector, 9), line(vector, 10), line(vector, 11)),
    )


@numba.njit(error_model="numpy", inline="always")  # type: ignore[untyped-decorator]
def _marginal_of(moved: Any, tau: float, sd: Any, vector: Any, slopes: bool) -> Any:
    """Return the log marginal likelihood and its gradient by ``moved``, tau and sd.

    Parameters
    ----------
    moved
        The columns that depend on curves' own parameters, shape (column, trial, arm); the others are data.
    tau, sd
        Heterogeneity SD, and residual SDs, one of each trial or one of all.
    vector
        The packed data.
    slopes
        Without it the gradient is left zero.
    """
    numbers, root = _numbers_of(vector), table(vector, 12)
    columns, moving = block(vector, 14).copy(), line(vector, 15).astype(np.int64)
    trials, own = numbers[0].shape[0], sd.shape[0]
    # One number at a time, here and below: compiling numba's check of a slice's shape takes seconds.
    for i in range(moved.shape[0]):
        for j in range(trials):
            for a in range(moved.shape[2]):
                columns[moving[i], j, a] = moved[i, j, a]
    each = np.empty(trials)
    for j in range(trials):
        each[j] = sd[j % own]
    proportional = number(vector, 13) > 0.0
    total, d_moved, d_tau, d_each = marginal(columns, moving, tau, each, numbers, root, proportional, slopes)
    d_sd = np.zeros(own)
    for j in range(trials):
        d_sd[j % own] += d_each[j]
    return total, d_moved, d_tau, d_sd


_Doubles, _Size = numba.types.CPointer(numba.types.double), numba.types.intp
_SIGNATURE = numba.types.double(_Doubles, _Size, numba.types.double, _Doubles, _Size, _Doubles, _Doubles, _Size)
# Arrays as addresses, for the caller.
_CALL = numba.types.double(*(_Size if kind is _Doubles else kind for kind in _SIGNATURE.args))
_Pointer = ctypes.POINTER(ctypes.c_double)
_FUNCTION = ctypes.CFUNCTYPE(
    ctypes.c_double,
    *(_Pointer, ctypes.c_ssize_t, ctypes.c_double, _Pointer, ctypes.c_ssize_t, _Pointer, _Pointer, ctypes.c_ssize_t),
)
_marginal_c = numba.types.ExternalFunction(_SYMBOL, _CALL)


def _in_c(  # noqa: PLR0917
    moved_: Any, count: int, tau: float, sd_: Any, own: int, vector_: Any, gradient_: Any, slopes: int
) -> Any:
    """Return the value; with ``slopes`` the gradient is written end to end."""
    vector = numba.carray(vector_, (int(vector_[0]),))
    columns = block(vector, 14)
    moved = numba.carray(moved_, (count, columns.shape[1], columns.shape[2]))
    total, d_moved, d_tau, d_sd = _marginal_of(moved, tau, numba.carray(sd_, (own,)), vector, slopes > 0)
    if slopes == 0:
        return total
    for i in range(d_moved.size):
        gradient_[i] = d_moved.flat[i]
    gradient_[d_moved.size] = d_tau
    for i in range(own):
        gradient_[d_moved.size + 1 + i] = d_sd[i]
    return total


@cache
def provide() -> Any:
    """Make the elimination known to code that calls it by its symbol, and return it; compiled once for all models."""
    # numba keeps machine code by name and by the time of this file alone: the name tells of the others it is made of.
    _in_c.__qualname__ = f"_in_c_{_VERSION}"
    function = numba.cfunc(_SIGNATURE, cache=True, error_model="numpy")(_in_c)
    llvm.add_symbol(_SYMBOL, function.address)
    return function


def marginal_of(moved: np.ndarray, tau: float, sd: np.ndarray, vector: np.ndarray) -> tuple[Any, ...]:
    """Return value and gradients by ``moved``, tau and sd from the compiled elimination."""
    moved, sd, vector = (np.ascontiguousarray(array, dtype=np.float64) for array in (moved, sd, vector))
    gradient = np.empty(moved.size + 1 + sd.size)
    a, b, c, d = (array.ctypes.data_as(_Pointer) for array in (moved, sd, vector, gradient))
    value = _FUNCTION(provide().address)(a, len(moved), tau, b, sd.size, c, d, 1)
    d_moved, d_tau, d_sd = np.split(gradient, [moved.size, moved.size + 1])
    return value, d_moved.reshape(moved.shape), d_tau[0], d_sd


def values_of(moved: np.ndarray, taus: np.ndarray, sd: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return the value alone for each of several ``moved``, shape (point, column, trial, arm), at each tau."""
    arrays = (np.ascontiguousarray(array, dtype=np.float64) for array in (moved, taus, sd, vector))
    found = np.empty((len(moved), len(taus)))
    _values()(*arrays, found)
    return found


@cache
def _values() -> Any:
    """Return the loop of ``values_of``; it calls the elimination by its symbol, so that little is compiled for it."""
    provide()
    _in_loop.__qualname__ = f"_in_loop_{_VERSION}"
    return numba.njit(cache=True, nogil=True, error_model="numpy")(_in_loop)


def _in_loop(moved: Any, taus: Any, sd: Any, vector: Any, found: Any) -> None:
    first, step = moved.ctypes.data, moved.shape[1] * moved.shape[2] * moved.shape[3] * moved.itemsize
    at = (sd.ctypes.data, sd.size, vector.ctypes.data)
    for i in range(found.shape[0]):
        for k in range(found.shape[1]):
            found[i, k] = _marginal_c(first + i * step, moved.shape[1], taus[k], at[0], at[1], at[2], at[2], 0)


class MarginalLikelihood(Op):  # type: ignore[misc]
    """log p(y | columns, tau, sd), the linear parameters integrated out, and its gradient; see ``elimination``."""

    __props__ = ()

    def make_node(self, moved: Any, tau: Any, sd: Any, vector: Any) -> Apply:
        """Return the node: four inputs; value, and gradients by columns, tau and sd."""
        inputs = [pt.as_tensor(given, dtype="float64") for given in (moved, tau, sd, vector)]
        outputs = [pt.dscalar(), pt.dtensor3(), pt.dscalar(), pt.dvector()]
        return Apply(self, inputs, outputs)

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        moved, tau, sd, vector = inputs
        for storage, value in zip(outputs, marginal_of(moved, float(tau), sd, vector), strict=True):
            storage[0] = np.asarray(value)

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Return the gradients times the cotangent of the value; nothing is differentiated twice."""
        upstream = cotangents[0]
        return [*(upstream * gradient for gradient in outputs[1:]), pt.zeros_like(inputs[3])]

    L_op = pullback  # the older generation's name


@register_funcify_default_op_cache_key(MarginalLikelihood)  # type: ignore[untyped-decorator]
def _numba_marginal(op: MarginalLikelihood, node: Any = None, **_: Any) -> Any:
    provide()

    @numba_njit  # type: ignore[untyped-decorator]
    def run(moved: Any, tau: Any, sd: Any, vector: Any) -> Any:
        moved, sd = np.ascontiguousarray(moved), np.ascontiguousarray(sd)
        gradient = np.empty(moved.size + 1 + sd.size)
        value = _marginal_c(
            moved.ctypes.data,
            moved.shape[0],
            tau.item(),
            sd.ctypes.data,
            sd.size,
            vector.ctypes.data,
            gradient.ctypes.data,
            1,
        )
        d_moved, d_tau, d_sd = gradient[: moved.size], gradient[moved.size], gradient[moved.size + 1 :]
        return np.asarray(value), d_moved.reshape(moved.shape), np.asarray(d_tau), d_sd

    return run, _VERSION
