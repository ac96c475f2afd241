"""Coordinates in which a sampler moves easily: quantile maps, blended by cubic B-splines.

A parameter whose posterior is known approximately on a grid is sampled through the quantiles of that posterior: its
coordinate is then close to standard normal, whatever the shape. Between tabulated places the map is a cubic B-spline
with the quantiles as control points: no weight is ever negative, so it rises wherever they do, and it has the two
continuous derivatives that a gradient of its slope needs. Any rising map keeps the model exact; a poor grid only makes
sampling slower.
"""

import numpy as np
from scipy.stats import norm

STEP, REACH = 0.025, 4.5  # knots of a coordinate, in SDs: fine enough for the edge between a peak and a plain
COUNT = round(2 * REACH / STEP) + 1
# The four cubic B-splines that are not zero between two knots: coefficients of 1, u, u^2, u^3 at a share u of the way.
BELLS = np.array([[1.0, -3.0, 3.0, -1.0], [4.0, 0.0, -6.0, 3.0], [1.0, 3.0, 3.0, -3.0], [0.0, 0.0, 0.0, 1.0]]) / 6.0
_NUDGE = 1e-6  # by which control points rise for each SD where a density leaves them alike
_FINER = 8  # cells between two points of a tabulated density


def knots() -> np.ndarray:
    """Return the knots of the coordinate, evenly spaced."""
    return np.linspace(-REACH, REACH, COUNT)


def quantiles(place: np.ndarray, log_density: np.ndarray, z: np.ndarray | None = None) -> np.ndarray:
    """Return the quantiles at normal scores, none below the one before.

    Parameters
    ----------
    place, log_density
        Points of a density, up to a constant; its logarithm is taken as linear between them.
    z
        The scores whose normal probabilities are meant; by default the knots.

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
    z = knots() if z is None else z
    found = np.where(z < 0.0, np.interp(norm.cdf(z), below, x), np.interp(norm.sf(z), above, x[::-1]))
    return np.asarray(np.maximum.accumulate(found))


def controls(table: np.ndarray) -> np.ndarray:
    """Return the control points of rising splines through rows of quantiles at the knots.

    Each row is carried on evenly by one at its ends.
    """
    table = table + _NUDGE * knots()
    first, last = 2.0 * table[..., :1] - table[..., 1:2], 2.0 * table[..., -1:] - table[..., -2:-1]
    return np.concatenate([first, table, last], axis=-1)
