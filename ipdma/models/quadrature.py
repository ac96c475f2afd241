"""Points that stand for a prior: of a curve's own parameters, and of tau."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ipdma.priors.prior import Prior, Uniform

Floats = NDArray[np.float64]
_DRAWS = 100_001


def lattice(points: int, dimensions: int) -> Floats:
    """Return points spread evenly over the unit cube, shape (dimension, point).

    In one dimension the middles of equal steps; in more, fractional parts of multiples of powers of the generalized
    golden ratio, whose gaps are nearly even (Roberts 2018, "The unreasonable effectiveness of quasirandom sequences").

    Examples
    --------
    >>> lattice(4, 1).tolist()
    [[0.125, 0.375, 0.625, 0.875]]
    """
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / max(dimensions, 1))
    steps = np.arange(points) + 0.5
    rest = [(0.5 + steps * ratio**-k) % 1.0 for k in range(1, dimensions)]
    return np.array([steps / points, *rest], dtype=np.float64)[:dimensions]


def prior_quantiles(prior: Prior, share: Floats, *, s: float = 1.0) -> Floats:
    """Return the values below which these shares of a prior lie; ``s`` is the pooled baseline SD.

    Raises
    ------
    PriorError
        If the prior is improper.

    Examples
    --------
    >>> prior_quantiles(Uniform(0.0, 20.0), np.array([0.25]))
    array([5.])
    """
    if isinstance(prior, Uniform):
        lower, upper = prior.numbers(s)
        return np.asarray(lower + share * (upper - lower), dtype=np.float64)
    return np.asarray(np.quantile(prior.draw(np.random.default_rng(1), _DRAWS, s=s), share), dtype=np.float64)


def prior_points(described: Mapping[str, Prior], names: Sequence[str], points: int) -> dict[str, Floats]:
    """Return points of equal prior probability of the named parameters, each of shape (point,).

    Raises
    ------
    PriorError
        If a prior is improper.
    """
    shares = lattice(points, len(names))
    return {name: prior_quantiles(described[name], share) for name, share in zip(names, shares, strict=True)}


def tau_points(prior: Prior, *, fine: float, wide: float, s: float, points: int) -> tuple[Floats, Floats]:
    """Return values of tau, and their weights times the prior density.

    Gauss-Legendre in u with tau = fine sinh(u): even below ``fine``, logarithmic above it.

    Parameters
    ----------
    prior
        Of tau; an improper one is integrated as far as 4.5 times ``wide``.
    fine, wide
        The tau at which trials begin to tell it from zero, and the prior's scale.
    s
        The pooled baseline SD.
    points
        Number of values.
    """
    numbers = prior.numbers(s)
    end = float(numbers[1]) if isinstance(prior, Uniform) else 4.5 * wide
    nodes, weights = np.polynomial.legendre.leggauss(points)
    half = 0.5 * np.arcsinh(end / fine)
    u = half * (nodes + 1.0)
    tau = fine * np.sinh(u)
    return tau, weights * half * fine * np.cosh(u) * np.exp(prior.logp(tau, *numbers))
