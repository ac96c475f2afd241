"""All main curves side by side: how well each foretells a trial it has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ipdma.analysis import Analysis
from ipdma.errors import DesignError, PriorError
from ipdma.models.columns import columns_of
from ipdma.models.inputs import Inputs
from ipdma.models.left_out_score import Field, left_out_scores
from ipdma.models.maps import tau_scales
from ipdma.models.quadrature import prior_points, tau_points
from ipdma.models.trial_contrasts import TrialContrasts, trial_contrasts

Floats = NDArray[np.float64]
NO_CURVE = "no curve"
_POINTS = {0: 1, 1: 78, 2: 233}  # by number of the curves' own parameters; more of them get the last
_TAUS = 16


def curve_comparison(analyses: Sequence[Analysis]) -> dict[str, Any] | None:
    """Return leave-one-trial-out scores of main curves, with their differences from the first.

    The score is the log predictive density of a left-out trial's contrasts given all other trials (see
    :mod:`ipdma.models.left_out_score`), summed over trials. A difference smaller than twice its standard error is told
    as ``cannot_tell``. No weights are made of it: with twenty trials they would favor a wrong curve as often as not.

    Parameters
    ----------
    analyses
        With main curves over one variable, the pre-specified one first; those without are passed over. Beside them
        stands the first one's model without its main curve: the effect is the same at every value.

    Returns
    -------
    dict
        As ``curve_comparison`` in ``data_schemas/summary.schema.json``; None with fewer than three trials that give
        an estimate of their own, without a main curve, under priors that cannot be integrated, or where trials deviate
        in proportion to a curve.
    """
    first = next((a for a in analyses if a.model.main is not None), None)
    if first is None or first.model.heterogeneity == "proportional":
        return None
    contrasts = trial_contrasts(first.design)
    if len(contrasts.trials) < 3:
        return None
    try:
        scores = {name: _scores(inputs, contrasts) for name, inputs in _candidates(first, analyses).items()}
    except (DesignError, PriorError):
        return None
    against = next(iter(scores))
    variable = {} if first.model.main is None else {"variable": first.model.main.variable}
    rows = [
        {"curve": name, **({} if name == NO_CURVE else variable), **_compared(own, scores[against], name == against)}
        for name, own in scores.items()
    ]
    count = len(contrasts.trials)
    return {"against": against, "trials": count, "sentence": _sentence(rows, against, count), "curves": rows}


def _candidates(first: Analysis, analyses: Sequence[Analysis]) -> dict[str, Inputs]:
    """Return the inputs of each main curve with the first one's shifts, by the curve's title."""
    found: dict[str, Inputs] = {}
    for analysis in analyses:
        main = analysis.model.main
        if main is not None and main.title not in found and analysis.model.shifts == first.model.shifts:
            found[main.title] = analysis.inputs
    plain = first.with_model(replace(first.model, main=None, levelling=None))
    return found | {NO_CURVE: _without_main_priors(plain).inputs}


def _without_main_priors(analysis: Analysis) -> Analysis:
    """Return the analysis without stated priors of parameters its model does not have."""
    model = analysis.model
    own = {f"curves.{curve.variable}" for curve in model.shifts}
    kept = {
        name: prior
        for name, prior in model.priors.items()
        if not name.startswith("curves.") or name.split("[")[0] in own
    }
    known = {"effect", "tau", "trial_intercept", "baseline_slope", "residual_sd"}
    # A knot may hold a dot, as in bend[2.5]; that of a shift or a covariate stands before any bracket.
    mains = {name for name in kept if "." not in name.split("[")[0] and name not in known}
    return analysis.with_model(replace(model, priors={n: p for n, p in kept.items() if n not in mains}))


def _scores(inputs: Inputs, contrasts: TrialContrasts) -> Floats:
    parameters = prior_points(inputs.priors.described, inputs.sampled, _POINTS[min(len(inputs.sampled), 2)])
    width = contrasts.estimate.shape[1]
    columns = columns_of(inputs, parameters)[:, :, contrasts.trials, :width]
    data = inputs.data.arrays
    levels = len(inputs.levels)
    return left_out_scores(
        _field(inputs, data, contrasts), columns, data["common_mean"][:levels], data["common_precision"][:levels]
    )


def _field(inputs: Inputs, data: Mapping[str, Any], contrasts: TrialContrasts) -> Field:
    width = contrasts.estimate.shape[1]
    correlation = np.full((width, width), inputs.model.arm_correlation)
    np.fill_diagonal(correlation, 1.0)
    tau, weight = np.zeros(1), np.ones(1)
    if inputs.random:
        prior = inputs.priors.kinds["tau"](*(float(x) for x in inputs.priors.numbers["tau"]))
        fine, wide = tau_scales(inputs, data)
        tau, weight = tau_points(prior, fine=fine, wide=wide, s=1.0, points=_TAUS)
    return Field(
        estimate=contrasts.estimate,
        covariance=contrasts.covariance,
        present=contrasts.present,
        correlation=correlation,
        tau=tau,
        tau_weight=weight,
    )


def _compared(own: Floats, against: Floats, reference: bool) -> dict[str, Any]:
    score = float(own.sum())
    if reference:
        return {"score": score, "verdict": "reference"}
    each = own - against
    difference, se = float(each.sum()), float(np.sqrt(len(each) * np.var(each, ddof=1)))
    verdict = "cannot_tell" if abs(difference) < 2.0 * se else "better" if difference > 0 else "worse"
    return {"score": score, "difference": difference, "se": se, "verdict": verdict}


def _sentence(rows: Sequence[Mapping[str, Any]], against: str, trials: int) -> str:
    name = _name(against)
    said = [
        f"{_name(row['curve'])} foretells trials it has not seen {row['verdict']} than {name}"
        for row in rows
        if row["verdict"] in ("better", "worse")
    ]
    rest = [_name(row["curve"]) for row in rows if row["verdict"] == "cannot_tell"]
    if rest:
        said.append(f"these data cannot tell {_either(rest)} from {name} by trials not seen")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}. Observational, {trials} trials."


def _either(names: Sequence[str]) -> str:
    """Return ``a, b or c``."""
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]


def _name(curve: str) -> str:
    return "a model without a curve" if curve == NO_CURVE else f"the {curve.replace('_', ' ')} curve"
