"""Densities of tau, before the data and after them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ipdma.errors import PriorError
from ipdma.models.default_priors import resolve_priors
from ipdma.models.two_stage import TwoStageFit
from ipdma.priors.prior import Prior, Uniform
from ipdma.summaries.quantiles import Floats, draws_of

if TYPE_CHECKING:
    from ipdma.fit import Fit

_POINTS = 121
_PRIOR_DRAWS, _SEED = 20_000, 1
_MOST = 4.0  # times the posterior: a wide prior does not press the posterior into the corner


def tau_density(fit: "Fit") -> dict[str, list[float]]:
    """Return prior and posterior density of tau on one grid; empty where the model has no tau.

    The posterior is a Gaussian kernel estimate (Silverman's bandwidth) of the draws, reflected at zero so that no mass
    leaks below it.

    Returns
    -------
    dict
        x (outcome units, from 0), posterior, and prior unless it is improper.
    """
    if "tau" not in fit.posterior:
        return {}
    draws, prior = draws_of(fit, "tau"), resolve_priors(fit.design, fit.analysis.model).described["tau"]
    most = float(np.quantile(draws, 0.999))
    return _densities(prior, fit.design.baseline_sd, most, lambda x: _kernel(draws, x))


def tau_density_two_stage(two_stage: TwoStageFit, *, baseline_sd: float = 1.0) -> dict[str, list[float]]:
    """Return the same of the Bayesian second stage, whose posterior density is integrated and not estimated.

    Parameters
    ----------
    two_stage
        With one trial it has no tau, and nothing is returned.
    baseline_sd
        s, for a prior stated in its units.
    """
    posterior = two_stage.bayes.tau_posterior
    if posterior is None:
        return {}
    most = posterior.quantile(0.999)
    return _densities(two_stage.spec.prior("tau"), baseline_sd, most, lambda x: posterior.density(_above_zero(x)))


def _densities(prior: Prior, s: float, most: float, posterior: Callable[[Floats], Floats]) -> dict[str, list[float]]:
    x = np.linspace(0.0, _reach(most, prior, s), _POINTS)
    found = {"x": x.tolist(), "posterior": posterior(x).tolist()}
    return found | ({"prior": _density(prior, x, s).tolist()} if _drawn(prior, s) is not None else {})


def _reach(most: float, prior: Prior, s: float) -> float:
    before = _drawn(prior, s)
    wide = most if before is None else float(np.quantile(before, 0.95))
    return float(np.clip(wide, 1.1 * most, _MOST * most))


def _drawn(prior: Prior, s: float) -> Floats | None:
    try:
        return prior.draw(np.random.default_rng(_SEED), _PRIOR_DRAWS, s=s)
    except PriorError:
        return None  # improper: it has no density


def _kernel(draws: Floats, x: Floats) -> Floats:
    spread = min(float(draws.std(ddof=1)), float(np.subtract(*np.quantile(draws, [0.75, 0.25]))) / 1.34)
    width = 0.9 * spread * len(draws) ** -0.2
    both = np.concatenate([draws, -draws])
    kernels = np.exp(-0.5 * ((x[:, None] - both[None, :]) / width) ** 2)
    density: Floats = kernels.sum(axis=1) / (len(draws) * width * np.sqrt(2 * np.pi))
    return density


def _density(prior: Prior, x: Floats, s: float) -> Floats:
    numbers = prior.numbers(s)
    density = np.exp(type(prior).logp(_above_zero(x), *numbers))
    outside = (x < numbers[0]) | (x > numbers[1]) if isinstance(prior, Uniform) else np.zeros(len(x), dtype=bool)
    return np.where(outside, 0.0, density)


def _above_zero(x: Floats) -> Floats:
    """Return the grid with its zero moved a little: a log-normal density at exactly 0 is a limit."""
    above: Floats = np.maximum(x, 1e-9 * x[-1])
    return above
