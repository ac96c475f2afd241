"""The numbers of one curve: effect at the reference, height, parameters, what the prior said, and contraction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.errors import PriorError
from ipdma.models.default_priors import resolve_priors
from ipdma.priors.prior import Prior
from ipdma.summaries.profile_effect import main_share
from ipdma.summaries.quantiles import Floats, draws_of, nested, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit

_GRID = 241
_PRIOR_DRAWS = 20_000
_PRIOR_SEED = 1


def main_curve_numbers(fit: "Fit") -> dict[str, Any]:
    """Return what a summary says of the main curve, apart from its points.

    effect_at_reference; height: effect times the largest g between 0 and the largest x observed, and the same under
    the prior (absent where a prior is improper); parameters; n95: the smallest x at which g reaches 95 % of that
    largest g, where the shape has parameters; contraction: 1 - posterior variance / prior variance of the height and
    of each parameter.
    """
    model, design = fit.analysis.model, fit.design
    main = model.main
    assert main is not None
    largest = float(design.arms[main.variable].max())
    x = np.linspace(0.0, largest, _GRID)
    share, effect = main_share(fit, x), draws_of(fit, "effect")
    height = effect * share.max(axis=0)
    names = list(main.parameters(largest))
    parameters = {name: draws_of(fit, name) for name in names}
    found: dict[str, Any] = {"effect_at_reference": quantiles(effect), "height": quantiles(height)}
    before = _prior_draws(fit, ["effect", *names])
    contraction = {name: _contraction(parameters[name], before.get(name)) for name in names}
    if set(before) == {"effect", *names}:
        prior_height = _prior_height(main, x, design.reference[main.variable], before)
        found["prior_height"] = quantiles(prior_height)
        contraction["height"] = _contraction(height, prior_height)
    if names:
        found["parameters"] = {name: quantiles(draws) for name, draws in parameters.items()}
        found["n95"] = quantiles(_first_reaching(x, share, 0.95))
    found["contraction"] = {name: value for name, value in contraction.items() if value is not None}
    return found


def shift_curve_numbers(fit: "Fit", curve: ShiftCurve) -> dict[str, Any]:
    """Return what a summary says of a shift: the effect of its stated move, and how much the data told of it."""
    start, end = fit.design.moves[curve.variable]
    draws = draws_of(fit, curve.variable)
    prior = resolve_priors(fit.design, fit.analysis.model).described[f"curves.{curve.variable}"]
    before = _drawn(prior, np.random.default_rng(_PRIOR_SEED), fit.design.baseline_sd)
    contraction = _contraction(draws, before)
    return {
        "effect_at_reference": quantiles(draws_of(fit, "effect")),
        "move": {"from": float(start), "to": float(end), "effect": nested(quantiles(draws))},
        "contraction": {} if contraction is None else {curve.variable: contraction},
    }


def _first_reaching(x: Floats, share: Floats, part: float) -> Floats:
    """The smallest x at which each draw's share reaches ``part`` of its maximum, linear between grid points."""
    target = part * share.max(axis=0)
    first = np.argmax(share >= target, axis=0)
    before = np.maximum(first - 1, 0)
    draws = np.arange(share.shape[1])
    low, high = share[before, draws], share[first, draws]
    rise = np.where(high > low, high - low, 1.0)
    found: Floats = x[before] + (x[first] - x[before]) * np.where(high > low, (target - low) / rise, 0.0)
    return found


def _prior_draws(fit: "Fit", names: list[str]) -> Mapping[str, Floats]:
    """Draws of the proper ones among the named priors, each from a stream of its own."""
    described = resolve_priors(fit.design, fit.analysis.model).described
    drawn = {
        name: _drawn(described[name], np.random.default_rng([_PRIOR_SEED, i]), fit.design.baseline_sd)
        for i, name in enumerate(names)
    }
    return {name: draws for name, draws in drawn.items() if draws is not None}


def _drawn(prior: Prior, rng: np.random.Generator, s: float) -> Floats | None:
    try:
        return prior.draw(rng, _PRIOR_DRAWS, s=s)
    except PriorError:
        return None  # improper: nothing to compare the posterior with


def _prior_height(main: MainCurve, x: Floats, reference: float, before: Mapping[str, Floats]) -> Floats:
    shape = {name: draws[None, :] for name, draws in before.items() if name != "effect"}
    share = np.asarray(main.relative(x[:, None], reference, **shape), dtype=np.float64)
    height: Floats = before["effect"] * share.max(axis=0)
    return height


def _contraction(after: Floats, before: Floats | None) -> float | None:
    return None if before is None else float(1.0 - np.var(after, ddof=1) / np.var(before, ddof=1))
