"""The arrays of a packed vector, for compiled code and for a PyMC model."""

from collections.abc import Iterator, Mapping
from typing import Any

import numba
import numpy as np

from ipdma.models.backend import Apply, Op, numba_njit, pt, register_funcify_default_op_cache_key
from ipdma.models.pack import ENTRY

# Inlined while numba types the caller: compiling each of them for itself costs a quarter of a second a time.
_inlined = numba.njit(inline="always")


@_inlined  # type: ignore[untyped-decorator]
def number(vector: Any, k: int) -> Any:
    """Return array ``k`` of the vector, a single number."""
    return vector[int(vector[1 + ENTRY * k])]


@_inlined  # type: ignore[untyped-decorator]
def line(vector: Any, k: int) -> Any:
    """Return array ``k`` of the vector, of one dimension."""
    at = 1 + ENTRY * k
    start = int(vector[at])
    return vector[start : start + int(vector[at + 1])]


@_inlined  # type: ignore[untyped-decorator]
def table(vector: Any, k: int) -> Any:
    """Return array ``k`` of the vector, of two dimensions."""
    at = 1 + ENTRY * k
    start, rows, columns = int(vector[at]), int(vector[at + 1]), int(vector[at + 2])
    return vector[start : start + rows * columns].reshape((rows, columns))


@_inlined  # type: ignore[untyped-decorator]
def block(vector: Any, k: int) -> Any:
    """Return array ``k`` of the vector, of three dimensions."""
    at = 1 + ENTRY * k
    start, a, b, c = int(vector[at]), int(vector[at + 1]), int(vector[at + 2]), int(vector[at + 3])
    return vector[start : start + a * b * c].reshape((a, b, c))


_READERS = (number, line, table, block)


class Piece(Op):  # type: ignore[misc]
    """Array ``k`` of a packed vector."""

    __props__ = ("k", "dims")
    view_map = {0: [0]}  # else PyTensor would compute in its place and overwrite the data

    def __init__(self, k: int, dims: int) -> None:
        self.k, self.dims = k, dims

    def make_node(self, vector: Any) -> Apply:
        """Return the node: the vector in, the array out; its lengths are known when it runs."""
        return Apply(self, [pt.as_tensor(vector)], [pt.tensor(dtype="float64", shape=(None,) * self.dims)])

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        outputs[0][0] = np.array(_READERS[self.dims](inputs[0], self.k))

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Return zero: data have no gradient."""
        return [pt.zeros_like(inputs[0])]

    L_op = pullback  # the older generation's name


@register_funcify_default_op_cache_key(Piece)  # type: ignore[untyped-decorator]
def _numba_piece(op: Piece, node: Any = None, **_: Any) -> Any:
    k, read = op.k, _READERS[op.dims]

    @numba_njit  # type: ignore[untyped-decorator]
    def run(vector: Any) -> Any:
        return np.asarray(read(vector, k))

    return run, 1


class Packed(Mapping[str, Any]):
    """The named arrays of a packed vector in a PyMC model."""

    def __init__(self, vector: Any, structure: tuple[tuple[str, int], ...]) -> None:
        self._vector, self._places = vector, {name: (k, dims) for k, (name, dims) in enumerate(structure)}

    def __getitem__(self, name: str) -> Any:
        return Piece(*self._places[name])(self._vector)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
