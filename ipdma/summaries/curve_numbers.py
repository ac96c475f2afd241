"""The numbers of one curve: effect at the reference, height, parameters, what the prior said, and contraction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ipdma.curves.curve import ShiftCurve
from ipdma.errors import PriorError
from ipdma.models.default_priors import resolve_priors
from ipdma.models.terms import Term, terms_of
from ipdma.summaries.named_value import named_value
from ipdma.summaries.profile_effect import curve_values, term_effect
from ipdma.summaries.quantiles import Floats, draws_of, nested, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit

HEIGHT_LIMIT = 3.0  # baseline SDs: a prior height with a larger SD says that effects of any size are expected
_GRID = 241
_PRIOR_DRAWS = 20_000
_PRIOR_SEED = 1
_AT_ONCE = 500  # draws by 241 values of x: 1 MB


def main_curve_numbers(fit: "Fit") -> dict[str, Any]:
    """Return what a summary says of the main curve, apart from its points.

    effect_at_reference; height: the largest effect between 0 and the largest x observed in the direction of the effect
    at the reference, and the same under the prior (absent where a prior is improper); parameters: the curve's own, and
    coefficients beside the effect; n95: the smallest x at which 95 % of the height is reached, where the shape is free;
    contraction: 1 - posterior variance / prior variance of the height and of each parameter.
    """
    term = terms_of(fit.design, fit.analysis.model)[0]
    x = grid_of(term)
    along = term_effect(fit, term, x)
    found: dict[str, Any] = {"effect_at_reference": quantiles(draws_of(fit, "effect"))}
    sign = np.sign(term_effect(fit, term, np.array([term.place.reference]))[0])
    height = _height(along, sign)
    found["height"] = quantiles(height)
    before = _prior_draws(fit, term)
    parameters = {name: draws_of(fit, name) for name in _reported(term) if name != "effect"}
    contraction = {name: _contraction(draws, before.get(name)) for name, draws in parameters.items()}
    if set(before) == set(_reported(term)):
        prior_height = _prior_height(term, x, before)
        found["prior_height"] = quantiles(prior_height)
        contraction["height"] = _contraction(height, prior_height)
    if parameters:
        found["parameters"] = {name: quantiles(draws) for name, draws in parameters.items()}
        assert term.curve is not None
        found["n95"] = quantiles(first_reaching(x, along * sign, 0.95, between=not term.curve.levels_only))
    found["contraction"] = {name: value for name, value in contraction.items() if value is not None}
    return found


def shift_curve_numbers(fit: "Fit", curve: ShiftCurve) -> dict[str, Any]:
    """Return what a summary says of a shift: the effect of its stated move, and how much the data told of it.

    parameters: the curve's own, and the coefficients of a curve whose move is none of them.
    """
    start, end = fit.design.moves[curve.variable]
    ends = named_value(fit.design, curve.variable, "from", start) | named_value(fit.design, curve.variable, "to", end)
    term = next(t for t in terms_of(fit.design, fit.analysis.model)[1:] if t.quantity == curve.variable)
    draws, before = draws_of(fit, curve.variable), _prior_draws(fit, term)
    parameters = {name: draws_of(fit, name) for name in _reported(term) if name != curve.variable}
    contraction = {name: _contraction(values, before.get(name)) for name, values in parameters.items()}
    if set(before) == set(_reported(term)):
        at_start, at_end = _values(term, np.array(term.place.move), before)
        contraction[curve.variable] = _contraction(draws, at_end - at_start)
    return {
        "effect_at_reference": quantiles(draws_of(fit, "effect")),
        "move": {**ends, "effect": nested(quantiles(draws))},
        **({"parameters": {name: quantiles(values) for name, values in parameters.items()}} if parameters else {}),
        "contraction": {name: value for name, value in contraction.items() if value is not None},
    }


def grid_of(term: Term) -> Floats:
    """Return where a main curve is looked at: from 0 to the largest planned x, or at its levels alone."""
    assert term.curve is not None
    if term.curve.levels_only:
        return np.unique([0.0, *term.place.levels])
    return np.linspace(0.0, term.place.largest, _GRID)


def _height(along: Floats, sign: Floats) -> Floats:
    """Return the largest effect in the direction ``sign``, by draw."""
    height: Floats = sign * (along * sign).max(axis=0)
    return height


def first_reaching(x: Floats, along: Floats, part: float, *, between: bool) -> Floats:
    """The smallest x at which each draw reaches ``part`` of its maximum, linear between grid points if ``between``."""
    target = part * along.max(axis=0)
    first = np.argmax(along >= target, axis=0)
    if not between:
        return x[first]
    before = np.maximum(first - 1, 0)
    draws = np.arange(along.shape[1])
    low, high = along[before, draws], along[first, draws]
    rise = np.where(high > low, high - low, 1.0)
    found: Floats = x[before] + (x[first] - x[before]) * np.where(high > low, (target - low) / rise, 0.0)
    return found


def _reported(term: Term) -> dict[str, str]:
    """Return the names draws are kept under, each with the name of its prior: coefficients, then parameters."""
    kept = {term.drawn_name(name): name for name in term.coefficients}
    return kept | {name.removeprefix("curves."): name for name in term.parameters}


def _prior_draws(fit: "Fit", term: Term) -> Mapping[str, Floats]:
    """Draws of the proper ones among the priors of a curve, each from a stream of its own."""
    described = resolve_priors(fit.design, fit.analysis.model).described
    drawn = {}
    for i, (kept, name) in enumerate(_reported(term).items()):
        try:
            rng = np.random.default_rng([_PRIOR_SEED, i])
            drawn[kept] = described[name].draw(rng, _PRIOR_DRAWS, s=fit.design.baseline_sd)
        except PriorError:
            continue  # improper: nothing to compare the posterior with
    return drawn


def _values(term: Term, x: Floats, draws: Mapping[str, Floats]) -> Floats:
    """Return the curve at ``x`` from draws under the names they are kept under, shape (x, draw)."""
    coefficients = {name: draws[term.drawn_name(name)] for name in term.coefficients}
    return curve_values(term, x, coefficients, {name: draws[name.removeprefix("curves.")] for name in term.parameters})


def _prior_height(term: Term, x: Floats, draws: Mapping[str, Floats]) -> Floats:
    """Return the height under the prior, a part of the draws at a time: small arrays stay in the processor's cache."""
    sign = np.sign(_values(term, np.array([term.place.reference]), draws)[0])
    parts = [slice(start, start + _AT_ONCE) for start in range(0, len(sign), _AT_ONCE)]
    found = [_height(_values(term, x, {name: d[part] for name, d in draws.items()}), sign[part]) for part in parts]
    return np.concatenate(found)


def _contraction(after: Floats, before: Floats | None) -> float | None:
    return None if before is None else float(1.0 - np.var(after, ddof=1) / np.var(before, ddof=1))
