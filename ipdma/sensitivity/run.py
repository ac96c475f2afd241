"""Sensitivity analyses of fits: every variant refitted, with the compiled code of its structure where there is one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from ipdma.analysis import Analysis
from ipdma.errors import AnalysisError, DesignError, FitError, PriorError
from ipdma.fit import Fit
from ipdma.refit import refit
from ipdma.sensitivity.checks import Checks
from ipdma.sensitivity.patch import kind_of
from ipdma.sensitivity.sensitivity import Sensitivity
from ipdma.summaries.claim import levelled
from ipdma.summaries.quantiles import draws_of, quantiles
from ipdma.summaries.summary import model_name
from ipdma.trace_store import TraceStore

Progress = Callable[[str], None]
Row = dict[str, Any]
_AT_ONCE = 2  # the sampler uses all processors, so that more would only wait for each other
_REFUSED = (AnalysisError, DesignError, FitError, PriorError)


def run(
    fits: Fit | Sequence[Fit],
    sensitivities: Iterable[Sensitivity],
    *,
    store: TraceStore | None = None,
    progress: Progress | None = None,
) -> Checks:
    """Return what each variant of each fit gives, sampled as the fit was but for a shorter tuning.

    Models of one structure are compiled once, so that a grid of priors and left-out trials costs its sampling alone.
    While one refit is summarized another one samples. With a ``store`` an interrupted run goes on where it was and
    loses at most the refits under way.

    Parameters
    ----------
    fits
        The fits as stated. What a sensitivity analysis is about decides which of them it varies: interactions that
        with interactions (across trials, if there is one), all others the plain one and those with curves.
    sensitivities
        Such as :class:`~ipdma.sensitivity.leave_one_trial_out.LeaveOneTrialOut`.
    store
        Where draws are kept.
    progress
        Called with a sentence for each refit.

    Returns
    -------
    Checks
        A variant the data do not allow is a row with the reason, no error.
    """
    stated = (fits,) if isinstance(fits, Fit) else tuple(fits)
    asked = tuple(sensitivities)
    planned = [
        (sensitivity, one, label, variant)
        for sensitivity in asked
        for one in varied(stated, sensitivity)
        for label, variant in sensitivity.variants(one.analysis)
    ]

    def rows_of(i: int) -> list[Row]:
        sensitivity, one, label, variant = planned[i]
        if progress:
            progress(f"{i + 1} of {len(planned)}: {label}, {model_name(one)}")
        head = {"family": sensitivity.name, "label": label, "model": model_name(one)}
        return _rows(head, one, variant, store, progress, interactions=sensitivity.interactions)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        rows = [row for found in pool.map(rows_of, range(len(planned))) for row in found]
    idle = [one for one in asked if one not in [sensitivity for sensitivity, *_ in planned]]
    rows += [_nothing_to_vary(one) for one in idle]
    told = [row for one in stated for row in numbers(one, interactions=True)]
    return Checks(rows=tuple(rows), stated=tuple({"family": "stated", "label": "as stated", **row} for row in told))


def _nothing_to_vary(sensitivity: Sensitivity) -> Row:
    """Return the row of a sensitivity analysis that yields no variant: what was asked for is never lost in silence."""
    why = "this analysis has nothing of the kind to vary."
    return {"family": sensitivity.name, "label": sensitivity.question, "model": "", "refused": why}


def varied(fits: Sequence[Fit], sensitivity: Sensitivity) -> list[Fit]:
    """Return the fits that a sensitivity analysis varies.

    Interactions are read off the fit that has them across trials too, if there is one; a fit that is there for its
    interactions has the pooled effect of the plain one, so that nothing else is varied in it.
    """
    kinds = [kind_of(one.analysis.model) for one in fits]
    if sensitivity.interactions:
        asked = "interactions" if "interactions" in kinds else "plain"
        return [one for one, kind in zip(fits, kinds, strict=True) if kind == asked][:1] or list(fits[:1])
    return [one for one, kind in zip(fits, kinds, strict=True) if kind != "interactions" or "plain" not in kinds]


def _rows(
    head: Mapping[str, str],
    stated: Fit,
    variant: Analysis,
    store: TraceStore | None,
    progress: Progress | None,
    *,
    interactions: bool,
) -> list[Row]:
    compiling = progress if progress is None else lambda text: progress(f"  {text}") if "compiling" in text else None
    try:
        found = refit(variant, stated, progress=compiling, store=store)
    except _REFUSED as error:
        return [{**head, "refused": str(error)}]
    diagnostics = found.diagnostics
    told: Row = {"divergences": int(diagnostics.divergences)}
    told |= {"rhat_max": float(diagnostics.rhat_max)} if np.isfinite(diagnostics.rhat_max) else {}
    direction = found.design.direction
    turned = "" if direction == stated.design.direction else f", {direction.replace('_', ' ')}"
    unit = {"unit": f"{found.design.unit}{turned}"} if found.design.unit != stated.design.unit or turned else {}
    rows = []
    for row in numbers(found, interactions=interactions):
        if unit and row["quantity"] in ("pooled_effect", "effect_at_reference"):
            row["quantity"] += "_other_unit"  # never drawn on the axis of the analysis
        rows.append({**row, **head, **unit, **told})
    return rows


def numbers(found: Fit, *, interactions: bool = False) -> Iterator[Row]:
    """Yield what a fit says: its effect with tau and the curve's parameters, and its interactions if asked for."""
    curved = kind_of(found.analysis.model) == "curve"
    effect: Row = {"model": model_name(found), "quantity": "effect_at_reference" if curved else "pooled_effect"}
    effect |= quantiles(draws_of(found, "effect"))
    effect |= {"tau": quantiles(draws_of(found, "tau"))} if "tau" in found.posterior else {}
    model = found.analysis.model
    if model.main is not None and model.levelling is not None and model.main.words != "none":
        told = levelled(found)
        effect["claim"] = told.statement
        effect |= {"claim_probability": told.probability} if model.main.words == "claim" else {}
    names = (name.removeprefix("curves.") for name in found.inputs.sampled)
    parameters = {name: quantiles(draws_of(found, name)) for name in names}
    yield effect | ({"parameters": parameters} if parameters else {})
    for term in ("within", "across") if interactions else ():
        draws = found.posterior.get(f"interaction_{term}")
        if draws is None:
            continue
        dimension = str(draws.dims[-1])  # the terms across trials have their own: not every modifier has one
        for name in draws[dimension].to_numpy():
            five = quantiles(draws.sel({dimension: name}).to_numpy())
            yield {"model": model_name(found), "quantity": f"{term}.{name}", **five}
