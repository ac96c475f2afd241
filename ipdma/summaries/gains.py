"""Beside the claim's word: what a few more doses add, and how likely they take away."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ipdma.errors import PriorError
from ipdma.models.default_priors import resolve_priors
from ipdma.models.quadrature import prior_points
from ipdma.models.terms import Term, terms_of
from ipdma.priors.prior import Uniform
from ipdma.summaries.curve_numbers import first_reaching, grid_of
from ipdma.summaries.profile_effect import curve_values, main_effect
from ipdma.summaries.quantiles import Floats, draws_of, nested, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit

_PRIOR_POINTS = 4_000


def gains(fit: "Fit") -> list[dict[str, Any]]:
    """Return the change of the effect from the reference to the late landmark, and over the late stretch.

    Parameters
    ----------
    fit
        Of a model with a main curve and landmarks of levelling; without landmarks there is nothing to return.

    Returns
    -------
    list
        from, to (values of the main variable) and effect: effect at ``to`` minus effect at ``from``, in outcome units.
    """
    levelling, term = fit.analysis.model.levelling, terms_of(fit.design, fit.analysis.model)[0]
    if levelling is None or term.curve is None:
        return []
    start, end = levelling.late
    steps = [(float(term.place.reference), start), (start, end)]
    return [
        {"from": a, "to": b, "effect": nested(quantiles(np.diff(main_effect(fit, np.array([a, b])), axis=0)))}
        for a, b in steps
        if a < b
    ]


def falls(fit: "Fit") -> float | None:
    """Return P(the effect gets smaller over the late stretch | it has its likelier sign) of a broken line.

    None for other curves: those that cannot fall would say 0, whatever the data.
    """
    levelling, main = fit.analysis.model.levelling, fit.analysis.model.main
    if levelling is None or main is None or main.name != "broken_line":
        return None
    effect = draws_of(fit, "effect")
    sign = -1.0 if np.mean(effect < 0.0) >= 0.5 else 1.0
    late = levelling.gains(lambda x: sign * main_effect(fit, np.array([x]))[0])[1]
    return float(np.mean(late[sign * effect > 0.0] < 0.0))


def beyond_observed(fit: "Fit") -> float | None:
    """Return P(kappa above the largest value observed): no levelling within the range observed.

    None without a kappa, and where its prior lets it lie within the range only.
    """
    term = terms_of(fit.design, fit.analysis.model)[0]
    if "kappa" not in term.parameters:
        return None
    prior = resolve_priors(fit.design, fit.analysis.model).described["kappa"]
    if isinstance(prior, Uniform) and prior.numbers(1.0)[1] <= term.place.largest:
        return None
    return float(np.mean(draws_of(fit, "kappa") > term.place.largest))


def n95_caution(fit: "Fit") -> str | None:
    """Return why n95 is no evidence of a plateau, with how likely its interval was before the data.

    A curve that always bends has an n95 within the range whatever the data say. None for curves without free shape.
    """
    term = terms_of(fit.design, fit.analysis.model)[0]
    if term.curve is None or not term.parameters or len(term.coefficients) > 1:
        return None
    x = grid_of(term)
    low, high = np.quantile(_reached(term, x, main_effect(fit, x)), [0.025, 0.975])
    text = "n95 is no evidence of a plateau by itself: every curve that bends has one"
    before, observational = _prior_n95(fit, term, x), f"Observational, {len(fit.design.trials)} trials."
    if before is None:
        return f"{text}. {observational}"
    share = float(np.mean((before >= low) & (before <= high)))
    return (
        f"{text}. Before the data its 95% interval, {low:.3g} to {high:.3g}, had a probability of {share:.2f}. "
        f"{observational}"
    )


def _reached(term: Term, x: Floats, along: Floats) -> Floats:
    """Return n95 by draw of the curve at ``x``, shape (x, draw)."""
    at = np.abs(x - term.place.reference).argmin()
    assert term.curve is not None
    return first_reaching(x, along * np.sign(along[at]), 0.95, between=not term.curve.levels_only)


def _prior_n95(fit: "Fit", term: Term, x: Floats) -> Floats | None:
    described = resolve_priors(fit.design, fit.analysis.model).described
    try:
        own = prior_points(described, list(term.parameters), _PRIOR_POINTS)
    except PriorError:
        return None
    size = {name: np.ones(_PRIOR_POINTS) for name in term.coefficients}
    return _reached(term, x, curve_values(term, x, size, own))
