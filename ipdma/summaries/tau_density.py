"""Densities of tau, before the data and after them."""

from typing import TYPE_CHECKING

import numpy as np

from ipdma.errors import PriorError
from ipdma.models.default_priors import resolve_priors
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
    s = fit.design.baseline_sd
    x = np.linspace(0.0, _reach(draws, prior, s), _POINTS)
    found = {"x": x.tolist(), "posterior": _kernel(draws, x).tolist()}
    return found | ({"prior": _density(prior, x, s).tolist()} if _drawn(prior, s) is not None else {})


def _reach(draws: Floats, prior: Prior, s: float) -> float:
    most = float(np.quantile(draws, 0.999))
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
    tiny = np.maximum(x, 1e-9 * x[-1])  # a log-normal density at exactly 0 is a limit
    density = np.exp(type(prior).logp(tiny, *numbers))
    outside = (x < numbers[0]) | (x > numbers[1]) if isinstance(prior, Uniform) else np.zeros(len(x), dtype=bool)
    return np.where(outside, 0.0, density)
