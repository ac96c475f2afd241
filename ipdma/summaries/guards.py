"""What stands behind a term that compares trials with each other, and when to distrust it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ipdma.curves.curve import Curve
from ipdma.models.default_priors import across_columns, covariate_name, resolve_priors
from ipdma.models.terms import Term, terms_of
from ipdma.priors.prior import Normal
from ipdma.summaries.curve_numbers import HEIGHT_LIMIT
from ipdma.summaries.quantiles import Floats

if TYPE_CHECKING:
    from ipdma.fit import Fit

PRIOR_DOMINATED = 0.3  # contraction below which the data told little


def curve_guards(fit: "Fit", curve: Curve, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the guards of a curve.

    Parameters
    ----------
    fit
        The fit the curve stands in.
    curve
        One of its curves.
    numbers
        What the summary says of the curve: its contraction and the prior of its height.

    Returns
    -------
    dict
        As ``guards`` in ``data_schemas/summary.schema.json``. The contraction is the smallest of the curve's own
        parameters, or that of its height or move where it has none.
    """
    term = next(t for t in terms_of(fit.design, fit.analysis.model) if t.curve == curve)
    told = dict(numbers.get("contraction", {}))
    own = [told[name] for name in numbers.get("parameters", {}) if name in told]
    contraction = min(own) if own else next(iter(told.values()), None)
    found = _guards(fit, _term_name(term), contraction)
    found["sentence"] += _beyond(term)
    spread = numbers.get("prior_height", {}).get("sd", 0.0) / fit.design.baseline_sd
    if spread > HEIGHT_LIMIT:
        found["height_warning"] = (
            f"Before the data the largest effect within the range observed has an SD of {spread:.1f} baseline SDs, "
            f"more than {HEIGHT_LIMIT:g}: choose a reference nearer to the middle of the range, or a narrower prior "
            "of the effect."
        )
    return found


def _beyond(term: Term) -> str:
    """Return a notice where the stated move of a shift leaves the range observed."""
    place = term.place
    low, high = min(place.move), max(place.move)
    if term.quantity == "effect" or (place.smallest <= low and high <= place.largest):
        return ""
    return (
        f" The stated move, from {place.move[0]:g} to {place.move[1]:g}, reaches beyond the values observed, "
        f"{place.smallest:g} to {place.largest:g}: there the curve's shape decides."
    )


def across_guards(fit: "Fit", modifier: str) -> dict[str, Any]:
    """Return the guards of an interaction across trials, of a fit that has it."""
    draws = fit.posterior["interaction_across"].sel(modifier_across=modifier).to_numpy()
    prior = resolve_priors(fit.design, fit.analysis.model).described[f"across.{modifier}"]
    contraction = None
    if isinstance(prior, Normal):
        contraction = float(1.0 - draws.var(ddof=1) / prior.numbers(fit.design.baseline_sd)[1] ** 2)
    return _guards(fit, f"across.{modifier}", contraction)


def columns_across(fit: "Fit") -> dict[str, Floats]:
    """Return the value of each term that compares trials in every active arm, 0 at its reference.

    A curve with one coefficient and no parameter of its own: what its coefficient is multiplied by; others: the
    distance of the variable from the reference, or 1 off the reference where it is a category.
    """
    design, model = fit.design, fit.analysis.model
    found = {_term_name(t): _off_reference(t, design.arms[_term_name(t)]) for t in _curved(fit)}
    if model.interaction_across:
        trial = np.array([design.trials.index(t) for t in design.arms["trial"]])
        for column in across_columns(design):
            q = design.covariates.index(column)
            found[f"across.{covariate_name(column)}"] = (design.means[:, q] - design.center[q])[trial]
    return found


def _curved(fit: "Fit") -> list[Term]:
    return [term for term in terms_of(fit.design, fit.analysis.model) if term.curve is not None]


def _term_name(term: Term) -> str:
    assert term.curve is not None
    return term.curve.variable


def _off_reference(term: Term, values: pd.Series) -> Floats:
    x = values.to_numpy(dtype="float64")
    reference = float(term.place.reference)
    if term.curve is not None and term.curve.levels_only:
        return np.asarray(~np.isclose(x, reference), dtype=np.float64)
    if term.quantity != "effect" and len(term.coefficients) == 1 and not term.parameters:
        return np.asarray(term.columns(x, {})[0], dtype=np.float64)
    return np.asarray(x - reference, dtype=np.float64)


def _guards(fit: "Fit", name: str, contraction: float | None) -> dict[str, Any]:
    arms, columns = fit.design.arms, columns_across(fit)
    own = columns[name]
    off = np.abs(own) > 1e-9 * max(1.0, float(np.abs(own).max()))
    trials, participants = int(arms.loc[off, "trial"].nunique()), int(arms.loc[off, "n"].sum())
    dominated = contraction is not None and contraction < PRIOR_DOMINATED
    found: dict[str, Any] = {
        "trials_off_reference": trials,
        "participants_off_reference": participants,
        "correlations": _correlations(own, {other: values for other, values in columns.items() if other != name}),
        "prior_dominated": dominated,
        "sentence": _sentence(trials, participants, len(fit.design.trials), dominated=dominated),
    }
    return found if contraction is None else {**found, "contraction": float(contraction)}


def _correlations(own: Floats, others: Mapping[str, Floats]) -> list[dict[str, Any]]:
    """Return the correlations over active arms, each counted once; none where a term is the same in all."""
    if np.ptp(own) == 0:
        return []
    return [
        {"term": name, "r": float(np.corrcoef(own, values)[0, 1])}
        for name, values in others.items()
        if np.ptp(values) > 0
    ]


def _sentence(trials: int, participants: int, total: int, *, dominated: bool) -> str:
    prior = " The data told little of it: it is dominated by its prior." if dominated else ""
    return (
        f"{trials} of {total} trials ({participants} participants of their active arms) have another value of this "
        f"term than at the reference."
        f"{prior} Observational, {total} trials."
    )
