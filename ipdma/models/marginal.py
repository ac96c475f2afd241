"""The marginal likelihood of a one-stage model as one operation of a PyMC model."""

import zlib
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np

from ipdma.models.backend import Apply, Op, numba_njit, pt, register_funcify_default_op_cache_key
from ipdma.models.elimination import marginal

# PyTensor caches machine code by an operation's class and properties and cannot see that the elimination has changed.
_VERSION = zlib.crc32(b"".join(Path(__file__).with_name(f).read_bytes() for f in ("elimination.py", "marginal.py")))


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Sizes of the arrays: trials, arms, nuisance, deviations (z), levels, shared; and the kind of heterogeneity."""

    trials: int
    arms: int
    nuisance: int
    own: int
    levels: int
    shared: int
    proportional: bool


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def numbers_of(vector: Any, sizes: Any) -> Any:
    """Return the arrays that lie end to end in ``vector``, in the order ``ipdma.models.inputs`` packs them."""
    trials, arms, nuisance, own, levels, shared, _ = sizes
    p, common = nuisance + arms + shared, levels + shared
    a = trials
    b = a + trials * p * p
    c = b + trials * p
    d = c + trials
    e = d + trials * nuisance
    f = e + nuisance
    g = f + common
    h = g + common
    numbers = (
        vector[:a],
        vector[a:b].reshape((trials, p, p)),
        vector[b:c].reshape((trials, p)),
        vector[c:d],
        vector[d:e].reshape((trials, nuisance)),
        vector[e:f],
        vector[f:g],
        vector[g:h],
    )
    return numbers, vector[h : h + arms * own].reshape((arms, own))


class MarginalLikelihood(Op):  # type: ignore[misc]
    """log p(y | columns, tau, sd), the linear parameters integrated out, and its gradient; see ``elimination``."""

    __props__ = ("sizes",)

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = astuple(sizes)

    def make_node(self, columns: Any, tau: Any, sd: Any, vector: Any) -> Apply:
        """Return the node: four inputs; value, and gradients by columns, tau and sd."""
        inputs = [pt.as_tensor(x) for x in (columns, tau, sd, vector)]
        outputs = [pt.dscalar(), pt.dtensor3(), pt.dscalar(), pt.dvector()]
        return Apply(self, inputs, outputs)

    def perform(self, node: Apply, inputs: list[np.ndarray], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        columns, tau, sd, vector = inputs
        numbers, root = numbers_of(vector, self.sizes)
        for storage, value in zip(
            outputs, marginal(columns, float(tau), sd, numbers, root, self.sizes[-1]), strict=True
        ):
            storage[0] = np.asarray(value)

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Return the gradients times the cotangent of the value; nothing is differentiated twice."""
        upstream = cotangents[0]
        return [*(upstream * gradient for gradient in outputs[1:]), pt.zeros_like(inputs[3])]

    L_op = pullback  # the older generation's name


@register_funcify_default_op_cache_key(MarginalLikelihood)  # type: ignore[untyped-decorator]
def _numba_marginal(op: MarginalLikelihood, node: Any = None, **_: Any) -> Any:
    sizes, proportional = op.sizes, op.sizes[-1]

    @numba_njit  # type: ignore[untyped-decorator]
    def run(columns: Any, tau: Any, sd: Any, vector: Any) -> Any:
        numbers, root = numbers_of(vector, sizes)
        total, d_columns, d_tau, d_sd = marginal(columns, tau.item(), sd, numbers, root, proportional)
        return np.asarray(total), d_columns, np.asarray(d_tau), d_sd

    return run, _VERSION
