"""What was stated, in the form the report prints it."""

from dataclasses import fields
from typing import Any

from ipdma.priors.prior import Prior
from ipdma.project.estimate import Fitted
from ipdma.summaries.summary import model_name


def report_settings(fitted: Fitted) -> dict[str, Any]:
    """Return the settings of an analysis as :func:`ipdma.report.html.render_report` takes them."""
    file = fitted.prepared.file
    estimand, model, sampling = file.estimand, file.plain, file.sampling
    return {
        "estimand": {
            "population": estimand.population,
            "include": estimand.include,
            "intercurrent_events": dict(estimand.intercurrent_events),
            "missing_covariates": estimand.missing_covariates,
            "minimal_important_difference": estimand.minimal_important_difference,
        },
        "model": {
            "baseline_slope": model.baseline_slope,
            "residual_sd": model.residual_sd,
            "effect": model.effect,
            "prognostic_factors": list(model.prognostic_factors),
        },
        "two_stage": {"adjustment": file.two_stage.adjustment},
        "priors": _priors(fitted),
        "sampling": {name.name: getattr(sampling, name.name) for name in fields(sampling)},
    }


def _priors(fitted: Fitted) -> dict[str, dict[str, str]]:
    """Every prior of the fitted models by name, as stated and, where it is of an effect, in outcome units.

    Where models have different priors of one name, the name says whose it is.
    """
    design = fitted.prepared.design
    if not fitted.fits:
        spec = fitted.prepared.file.two_stage
        return {name: _told(spec.prior(name), design.baseline_sd if design else None) for name in ("effect", "tau")}
    told: dict[str, dict[str, str]] = {}
    names = dict.fromkeys(name for fit in fitted.fits for name in fit.inputs.priors.described)
    for name in names:
        having = [fit for fit in fitted.fits if name in fit.inputs.priors.described]
        different = any(fit.inputs.priors.described[name] != having[0].inputs.priors.described[name] for fit in having)
        for fit in having:
            s = fit.design.baseline_sd if name not in (*fit.inputs.sampled, "baseline_slope") else None
            row = f"{name} ({model_name(fit)})" if different else name
            told[row] = _told(fit.inputs.priors.described[name], s)
            if name == "trial_intercept" and name not in fit.analysis.model.priors:
                # Its mean is a number for each trial, which no table of priors holds.
                mean = "(baseline mean of the trial,"
                told[row] = {part: text.replace("(0,", mean) for part, text in told[row].items()}
    return told


def _told(prior: Prior, baseline_sd: float | None) -> dict[str, str]:
    """Return a prior as stated, and in outcome units where the pooled baseline SD is given."""
    if baseline_sd is None:
        return {"prior": str(prior), "points": ""}
    numbers = ", ".join(f"{number:.3g}" for number in prior.numbers(baseline_sd))
    return {"prior": str(prior), "points": f"{prior.kind}({numbers})"}
