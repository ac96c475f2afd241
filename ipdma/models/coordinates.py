"""Coordinates in which a sampler moves easily: quantile maps, blended by cubic B-splines.

A parameter whose posterior is known approximately on a grid is sampled through the quantiles of that posterior: its
coordinate is then close to standard normal, whatever the shape. Between tabulated places the map is a cubic B-spline
with the quantiles as control points: no weight is ever negative, so it rises wherever they do, and it has the two
continuous derivatives that a gradient of its slope needs. Any rising map keeps the model exact; a poor grid only makes
sampling slower.
"""

from typing import Any

import numpy as np
from scipy.stats import norm

STEP, REACH = 0.1, 4.5  # knots of a coordinate, in SDs
COUNT = round(2 * REACH / STEP) + 1
_FINER = 8  # cells between two points of a tabulated density


def knots() -> np.ndarray:
    """Return the knots of the coordinate, evenly spaced."""
    return np.linspace(-REACH, REACH, COUNT)


def quantiles(place: np.ndarray, log_density: np.ndarray) -> np.ndarray:
    """Return the quantiles at the knots' normal probabilities, each above the one before.

    Parameters
    ----------
    place, log_density
        Points of a density, up to a constant; its logarithm is taken as linear between them.

    Examples
    --------
    >>> x = np.linspace(-6.0, 6.0, 201)
    >>> bool(np.abs(quantiles(x, -0.5 * x**2) - knots()).max() < 0.01)
    True
    """
    at = np.arange((len(place) - 1) * _FINER + 1) / _FINER
    x, log = (np.interp(at, np.arange(len(place)), values) for values in (place, log_density))
    density = np.exp(log - log.max())
    mass = (density[1:] + density[:-1]) * np.diff(x)
    # Summed from both ends: one minus a probability near one would lose the tail's digits.
    below = np.concatenate([[0.0], np.cumsum(mass)]) / mass.sum()
    above = np.concatenate([[0.0], np.cumsum(mass[::-1])]) / mass.sum()
    z = knots()
    found = np.where(z < 0.0, np.interp(norm.cdf(z), below, x), np.interp(norm.sf(z), above, x[::-1]))
    return np.asarray(np.maximum.accumulate(found) + 1e-6 * z)


def controls(table: np.ndarray) -> np.ndarray:
    """Return the control points of splines through rows of quantiles: each row carried on evenly by one at its ends."""
    first, last = 2.0 * table[..., :1] - table[..., 1:2], 2.0 * table[..., -1:] - table[..., -2:-1]
    return np.concatenate([first, table, last], axis=-1)


def bells(place: Any, count: int, *, absolute: Any, maximum: Any) -> Any:
    """Return the cubic B-splines with peaks at 0, 1, ... ``count`` - 1 at a place, shape (count,)."""
    distance = absolute(place - np.arange(count))
    return (maximum(2.0 - distance, 0.0) ** 3 - 4.0 * maximum(1.0 - distance, 0.0) ** 3) / 6.0


def bell_slopes(place: Any, count: int, *, absolute: Any, maximum: Any, sign: Any) -> Any:
    """Return the derivatives of ``bells`` by the place."""
    x = place - np.arange(count)
    two, one = maximum(2.0 - absolute(x), 0.0) ** 2, maximum(1.0 - absolute(x), 0.0) ** 2
    return sign(x) * (2.0 * one - 0.5 * two)
