"""The posterior of a heterogeneity SD by adaptive numerical integration."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from ipdma.models.mixture import Quantiles, quantiles_of

Floats = NDArray[np.float64]
LogDensity = Callable[[Floats], Floats]
_NEGLIGIBLE = 45.0  # a density e^-45 of its maximum is left out
_E_FOLDS = 60.0  # how far beyond the span of the data an unbounded prior is looked at
_POINTS, _PANEL_WEIGHTS = np.polynomial.legendre.leggauss(10)


@dataclass(frozen=True, kw_only=True, eq=False)
class TauPosterior:
    """Nodes and weights of a posterior of tau, integrated in t with tau = scale * sinh(t).

    In t the density is smooth at zero (where tau is linear) and its power-law tail falls exponentially, so that
    Gauss-Legendre panels over the interval that holds all but e^-45 of it are exact to some ten digits.
    """

    scale: float
    edges: Floats
    tau: Floats
    weight: Floats
    log_density: LogDensity
    log_total: float

    def mean(self) -> float:
        """Return the posterior mean."""
        return float(self.weight @ self.tau)

    def sd(self) -> float:
        """Return the posterior SD."""
        return float(np.sqrt(self.weight @ (self.tau - self.mean()) ** 2))

    def quantile(self, level: float) -> float:
        """Return the value with probability ``level`` below it, by root finding within one panel."""
        masses = self.weight.reshape(-1, len(_POINTS)).sum(axis=1)
        before = np.concatenate([[0.0], np.cumsum(masses)])
        panel = min(int(np.searchsorted(before, level)) - 1, len(masses) - 1)
        left, right = float(self.edges[panel]), float(self.edges[panel + 1])
        missing = level - before[panel]
        t = optimize.brentq(lambda end: self._mass(left, end) - missing, left, right, xtol=1e-12)
        return self.scale * float(np.sinh(t))

    def density(self, tau: Floats) -> Floats:
        """Return the probability density at each tau > 0."""
        value: Floats = np.exp(self.log_density(tau) - self.log_total)
        return value

    def summary(self) -> Quantiles:
        """Return mean, sd and the 2.5, 50 and 97.5 % points."""
        return quantiles_of(self.mean(), self.sd(), self.quantile)

    def _mass(self, left: float, right: float) -> float:
        t, width = _panel_nodes(np.array([left, right]))
        return float(width @ np.exp(_log_density_of_t(t, self.scale, self.log_density) - self.log_total))


def integrate_tau(
    log_density: LogDensity, *, lower: float, upper: float, scale: float, span: float, panels: int = 64
) -> TauPosterior:
    """Return the posterior whose log density (up to a constant) over tau is given.

    Parameters
    ----------
    log_density
        Function of an array of tau > 0.
    lower, upper
        Support of the prior; ``upper`` may be infinite.
    scale
        Where tau turns from linear to logarithmic: a fraction of the smallest standard error.
    span
        The largest scale in data and prior; an unbounded prior is followed e^60 times beyond it.
    panels
        Panels of ten nodes each.
    """
    beyond = np.arcsinh(span / scale) + _E_FOLDS
    start, stop = float(np.arcsinh(lower / scale)), float(min(np.arcsinh(upper / scale), beyond))
    for _ in range(3):  # each look is a hundred times finer than the one before
        start, stop = _trim(log_density, start, stop, scale=scale, span=span)
    edges = np.linspace(start, stop, panels + 1)
    t, width = _panel_nodes(edges)
    logs = _log_density_of_t(t, scale, log_density)
    peak = float(logs.max())
    mass = width * np.exp(logs - peak)
    return TauPosterior(
        scale=scale,
        edges=edges,
        tau=scale * np.sinh(t),
        weight=mass / mass.sum(),
        log_density=log_density,
        log_total=peak + float(np.log(mass.sum())),
    )


def _log_density_of_t(t: Floats, scale: float, log_density: LogDensity) -> Floats:
    value: Floats = log_density(scale * np.sinh(t)) + np.log(scale) + np.logaddexp(t, -t) - np.log(2.0)
    return value


def _trim(log_density: LogDensity, start: float, stop: float, *, scale: float, span: float) -> tuple[float, float]:
    edges = np.linspace(start, stop, 601)
    middle = (edges[:-1] + edges[1:]) / 2
    logs = _log_density_of_t(middle, scale, log_density)
    # Weighted by tau^2, whose mean the SD needs: a power tail carries more of it than of the probability.
    logs = logs + np.log1p((scale * np.sinh(middle) / span) ** 2)
    kept = np.flatnonzero(logs > logs.max() - _NEGLIGIBLE)
    return float(edges[max(kept[0] - 1, 0)]), float(edges[min(kept[-1] + 2, len(edges) - 1)])


def _panel_nodes(edges: Floats) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights of every panel, in order."""
    half = np.diff(edges)[:, None] / 2
    middle = ((edges[:-1] + edges[1:]) / 2)[:, None]
    return (middle + half * _POINTS).ravel(), (half * _PANEL_WEIGHTS).ravel()
