"""The model that carries the claim, refitted under priors half and twice as wide."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ipdma.analysis import Analysis
from ipdma.models.default_priors import resolve_priors
from ipdma.models.terms import terms_of
from ipdma.priors.scaled import scaled

if TYPE_CHECKING:
    from ipdma.fit import Fit
    from ipdma.trace_store import TraceStore

FACTORS = {"halved": 0.5, "doubled": 2.0}


def first_with_main(fits: "Sequence[Fit]") -> "Fit | None":
    """Return the first fit with a main curve, the one that may carry the claim."""
    return next((fit for fit in fits if fit.analysis.model.main is not None), None)


def claim_refits(
    fit: "Fit", *, progress: Callable[[str], None] | None = None, store: "TraceStore | None" = None
) -> "dict[str, Fit]":
    """Return refits under halved and doubled priors of effect, tau and shifts, by what was done to the priors.

    The kinds of priors stay, so that all share the compiled code. Nothing for a fit whose claim has no free levelling.

    Parameters
    ----------
    fit
        The first fit with a main curve.
    progress, store
        As for :func:`ipdma.fit.fit`.

    Raises
    ------
    FitError
        If the sampler fails.
    """
    from ipdma.refit import refit

    model = fit.analysis.model
    if model.main is None or model.levelling is None or model.main.words != "claim":
        return {}
    return {
        name: refit(with_scaled_priors(fit.analysis, factor), fit, progress=progress, store=store)
        for name, factor in FACTORS.items()
    }


def with_scaled_priors(analysis: Analysis, factor: float) -> Analysis:
    """Return the analysis with the scales of the priors of effect, tau and shifts times ``factor``; flat ones stay."""
    design, model = analysis.design, analysis.model
    described = resolve_priors(design, model).described
    names = ["tau", *(name for term in terms_of(design, model) for name in term.coefficients)]
    changed = {name: scaled(described[name], factor) for name in names if name in described}
    kept = {name: prior for name, prior in changed.items() if prior is not None}
    return analysis.with_model(replace(model, priors={**model.priors, **kept}))
