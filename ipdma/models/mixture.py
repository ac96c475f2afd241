"""Mixtures of normal distributions: exact moments, probabilities and quantiles."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
Quantiles = dict[str, float]
LEVELS = {"q2.5": 0.025, "median": 0.5, "q97.5": 0.975}


def quantiles_of(mean: float, sd: float, quantile: Callable[[float], float]) -> Quantiles:
    """Return mean, sd, q2.5, median and q97.5 of a distribution with this quantile function."""
    values = {name: float(quantile(level)) for name, level in LEVELS.items()}
    return {
        "mean": float(mean),
        "sd": float(sd),
        "q2.5": values["q2.5"],
        "median": values["median"],
        "q97.5": values["q97.5"],
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class NormalMixture:
    """Normal(mean, sd) components with weights that sum to one; all three arrays have one length."""

    weight: Floats
    mean: Floats
    sd: Floats

    def below(self, x: float) -> float:
        """Return the probability of a value below ``x``."""
        return float(self.weight @ special.ndtr((x - self.mean) / self.sd))

    def quantile(self, level: float) -> float:
        """Return the value with probability ``level`` below it, by root finding."""
        z = float(special.ndtri(level))
        ends = self.mean + z * self.sd
        low, high = float(ends.min()), float(ends.max())  # each component's own quantile lies between them
        if high - low <= 1e-13 * max(abs(low), abs(high)):
            return low
        below_low, below_high = self.below(low) - level, self.below(high) - level
        if below_low >= 0 or below_high <= 0:  # equal up to rounding: all weight at one end
            return low if below_low >= 0 else high
        return float(optimize.brentq(lambda x: self.below(x) - level, low, high, xtol=1e-13, rtol=1e-13))

    def summary(self) -> Quantiles:
        """Return mean, sd and the 2.5, 50 and 97.5 % points."""
        mean = float(self.weight @ self.mean)
        variance = float(self.weight @ (self.sd**2 + (self.mean - mean) ** 2))
        return quantiles_of(mean, np.sqrt(variance), self.quantile)
