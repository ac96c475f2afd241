"""What was stated, in the form the report prints it."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ipdma.priors.prior import Prior
from ipdma.project.estimate import Fitted


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
    """Every prior of the fitted models by name, as stated and in outcome units."""
    described: dict[str, Prior] = {}
    for item in fitted.fits:
        described |= {name: prior for name, prior in item.inputs.priors.described.items() if name not in described}
    design = fitted.prepared.design
    if not fitted.fits:
        spec = fitted.prepared.file.two_stage
        described = {name: spec.prior(name) for name in ("effect", "tau")}
    shown: Mapping[str, str] = (
        {name: _points(prior, design.baseline_sd) for name, prior in described.items()} if design else {}
    )
    told = {name: {"prior": str(prior), "points": shown.get(name, "")} for name, prior in described.items()}
    if fitted.fits and "trial_intercept" not in fitted.fits[0].analysis.model.priors:
        # Its mean is a number for each trial, which no table of priors holds.
        told["trial_intercept"] = {
            part: text.replace("(0,", "(baseline mean of the trial,") for part, text in told["trial_intercept"].items()
        }
    return told


def _points(prior: Prior, s: float) -> str:
    return f"{prior.kind}({', '.join(f'{number:.3g}' for number in prior.numbers(s))})"
