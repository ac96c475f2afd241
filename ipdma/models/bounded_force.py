"""A variable whose gradient is bounded: the force a sampler feels there, never the density it samples."""

from typing import Any

from ipdma.models.backend import Apply, Op, numba_njit, pt, register_funcify_default_op_cache_key


class BoundedForce(Op):  # type: ignore[misc]
    """The scalar given; its gradient, as far as it passes through here, is clipped.

    Where a density's map leaves a notch, thinner than a step and harmless to cross, its gradient would throw a
    trajectory far out. Hamiltonian Monte Carlo stays exact under any force that depends on the position alone: each
    leapfrog step keeps volume and can be reversed, and whether a point is taken is decided by the density itself
    (Neal 2011, Handbook of Markov Chain Monte Carlo, chapter 5, "Using approximations to compute the trajectory").
    """

    __props__ = ("bound",)

    def __init__(self, bound: float) -> None:
        self.bound = bound

    def make_node(self, x: Any) -> Apply:
        """Return the node: one scalar in, one out."""
        return Apply(self, [pt.as_tensor(x)], [pt.dscalar()])

    def perform(self, node: Apply, inputs: list[Any], outputs: list[list[Any]]) -> None:
        """Evaluate outside numba mode."""
        outputs[0][0] = inputs[0].copy()

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Return the cotangent, clipped."""
        return [pt.clip(cotangents[0], -self.bound, self.bound)]

    L_op = pullback  # the older generation's name


@register_funcify_default_op_cache_key(BoundedForce)  # type: ignore[untyped-decorator]
def _numba_bounded(op: BoundedForce, node: Any = None, **_: Any) -> Any:
    @numba_njit  # type: ignore[untyped-decorator]
    def run(x: Any) -> Any:
        return x.copy()

    return run, 1
