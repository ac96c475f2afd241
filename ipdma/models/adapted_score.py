"""A coordinate for the main curve's parameter in which its posterior is nearly standard normal.

Where trials are large the likelihood of a parameter such as kappa has spikes beside a plain (levelling at nine doses,
or nowhere within the range), and a sampler crosses from one to the other rarely. The likelihood given this parameter
alone, tau integrated over a coarse grid and residual SDs at their estimates, costs a tenth of a second; the quantiles
it gives make the coordinate. Any monotone map keeps the model exact; this one makes it easy.
"""

from collections.abc import Callable

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.stats import norm

STEP, REACH = 0.1, 4.5  # knots of the map, in SDs
_PLAIN = 0.1  # share of the prior mixed in: where the rough likelihood is wrong the map still leads


def knots() -> np.ndarray:
    """Return the knots of the coordinate, evenly spaced."""
    return np.arange(-REACH, REACH + STEP / 2, STEP)


def adapted_score(log_likelihood: Callable[[float], float]) -> tuple[np.ndarray, np.ndarray]:
    """Return values and slopes, at the knots, of the map from the coordinate to the parameter's prior score.

    Parameters
    ----------
    log_likelihood
        Of the prior score (standard normal under the prior), up to a constant.

    Examples
    --------
    >>> value, slope = adapted_score(lambda score: 0.0)
    >>> bool(np.abs(value - knots()).max() < 0.02)
    True
    """
    score = np.linspace(-REACH - 0.5, REACH + 0.5, 401)
    told = np.array([log_likelihood(s) for s in score])
    prior = norm.pdf(score)
    posterior = prior * np.exp(told - told.max())
    density = (1.0 - _PLAIN) * posterior / posterior.sum() + _PLAIN * prior / prior.sum()
    below = np.cumsum(density) - 0.5 * density
    # The tails, where probabilities round to 0 and 1, follow the prior.
    reached = np.interp(norm.cdf(knots()), below / density.sum(), score)
    reached = np.maximum.accumulate(reached + 1e-6 * knots())
    return reached, PchipInterpolator(knots(), reached).derivative()(knots())


def tau_grid(fine: float, wide: float) -> np.ndarray:
    """Return values of tau that cover what the data and the prior allow."""
    return np.concatenate([[0.0], np.geomspace(fine / 2.0, 2.0 * wide, 7)])


def averaged(value: Callable[[float], float], taus: np.ndarray, weights: np.ndarray) -> float:
    """Return the log of the mean of exp(value(tau)) over ``taus`` with ``weights``."""
    values = np.array([value(tau) for tau in taus])
    return float(np.log(np.sum(weights * np.exp(values - values.max()))) + values.max())
