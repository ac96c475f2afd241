"""The prior of every parameter of a one-stage model, and how it is replaced by name.

Defaults in units of s, the pooled baseline SD: effect Normal(0, s); tau HalfNormal(0.5 s), Röver et al. 2021; the move
of a shift Normal(0, 0.25 s); interactions within and across on one contrast Normal(0, 0.25 s) both, so that their
difference is not made by the priors; baseline slope Normal(0.5, 0.5); residual SD log-normal around 0.7 s (a baseline
correlation of 0.7); prognostic slopes Normal(0, 0.5 s per SD of the factor); trial intercepts Normal(baseline mean,
2 s).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from ipdma._yaml import did_you_mean
from ipdma.design.design import Design
from ipdma.design.outcome import pooled_sd
from ipdma.errors import AnalysisError, PriorError
from ipdma.models.normal_normal import check_tail
from ipdma.models.one_stage import OneStage
from ipdma.models.terms import terms_of
from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogFlat, LogNormal, Normal, Prior, Sd, Uniform


@dataclass(frozen=True, kw_only=True)
class Priors:
    """Resolved priors: ``kinds`` shape the model, ``numbers`` (scalars or one per trial) are its data."""

    kinds: Mapping[str, type[Prior]]
    numbers: Mapping[str, tuple[np.ndarray, ...]]
    described: Mapping[str, Prior]

    def mean_precision(self, name: str) -> tuple[float, float]:
        """Return mean and precision of a normal prior; 0 and 0 of a flat one."""
        if self.kinds[name] is not Normal:
            return 0.0, 0.0
        mean, sd = self.numbers[name]
        return float(np.mean(mean)), float(1.0 / np.mean(sd) ** 2)


def resolve_priors(design: Design, model: OneStage) -> Priors:
    """Return the priors of a model on a design.

    Raises
    ------
    AnalysisError
        If a prior is named that the model does not have.
    PriorError
        If a kind does not fit its parameter.
    """
    defaults = default_priors(design, model)
    for name in model.priors:
        if name not in defaults:
            raise AnalysisError(f"prior '{name}' is of no parameter of this model{did_you_mean(name, defaults)}")
    described = {**defaults, **model.priors}
    _check_support(described, {name: b for term in terms_of(design, model) for name, b in term.bounds.items()})
    if "tau" in described:
        check_tail(len(design.trials), described["effect"], described["tau"])
    numbers = {
        name: tuple(np.asarray(x) for x in prior.numbers(design.baseline_sd)) for name, prior in described.items()
    }
    if "trial_intercept" not in model.priors:
        numbers["trial_intercept"] = (design.means[:, 0], numbers["trial_intercept"][1])
    return Priors(kinds={n: type(p) for n, p in described.items()}, numbers=numbers, described=described)


def default_priors(design: Design, model: OneStage) -> dict[str, Prior]:
    """Return the default prior of every parameter the model has on this design, by its name in an analysis file."""
    priors: dict[str, Prior] = {"effect": Normal(0.0, Sd(1.0))}
    if has_tau(design, model):
        priors["tau"] = HalfNormal(Sd(0.5))
    for term in terms_of(design, model):
        priors |= {**term.parameters, **term.coefficients}
    spread = dict(zip(design.covariates, design.covariate_sd, strict=True))
    for modifier in across_columns(design):
        priors[f"across.{covariate_name(modifier)}"] = Normal(0.0, Sd(0.25 * design.per(modifier) / spread[modifier]))
    for modifier in design.modifiers:
        priors[f"within.{covariate_name(modifier)}"] = Normal(0.0, Sd(0.25 * design.per(modifier) / spread[modifier]))
    priors["trial_intercept"] = Normal(0.0, Sd(2.0))
    priors["baseline_slope"] = Normal(0.5, 0.5)
    for column in design.covariates[1:]:
        spread_within = pooled_sd(design.rows[column].to_numpy(), design.rows["trial"].to_numpy())
        priors[f"prognostic.{column}"] = Normal(0.0, Sd(0.5 / spread_within))
    priors["residual_sd"] = LogNormal(Sd(0.7), 0.5)
    return priors


def has_tau(design: Design, model: OneStage) -> bool:
    """Return whether the trials' deviations have an SD: with one trial there is nothing to estimate it from."""
    return model.effect == "random_effects" and len(design.trials) > 1


def across_columns(design: Design) -> list[str]:
    """Return the modifier columns that can have an interaction across trials (see ``Design.across``)."""
    return list(design.across)


def covariate_name(column: str) -> str:
    """Return the name users know a covariate column by."""
    return "baseline_severity" if column == "b" else column


def _check_support(priors: Mapping[str, Prior], bounds: Mapping[str, tuple[float, float]]) -> None:
    for name, prior in priors.items():
        if name in ("tau", "residual_sd"):
            if not (prior.positive or isinstance(prior, Flat | Uniform)):
                raise PriorError(f"{name} lives above zero: a {prior.kind} prior does not fit it.")
            if isinstance(prior, Uniform) and (name == "residual_sd" or prior.numbers(1.0)[0] != 0.0):
                raise PriorError(
                    f"{name} does not take {prior}: uniform is possible for tau only, and must begin at 0. "
                    "Use half_normal, half_cauchy or log_normal."
                )
        elif name in bounds:
            _check_curve_parameter(name, prior, bounds[name])
        elif not isinstance(prior, Normal | Flat):
            raise PriorError(f"{name} enters the model linearly and takes a normal or a flat prior, not {prior.kind}.")
    if isinstance(priors.get("tau"), LogFlat):
        raise PriorError("log_flat for tau gives an improper posterior: its density is infinite at tau = 0.")


def _check_curve_parameter(name: str, prior: Prior, bounds: tuple[float, float]) -> None:
    if isinstance(prior, Flat | LogFlat | HalfCauchy):
        raise PriorError(
            f"{name} needs a proper prior with a variance: beyond the values of x observed the data say nothing of it, "
            "and without a variance of the prior nobody can say how much they told."
        )
    lowest, highest = bounds
    support = (0.0, np.inf) if prior.positive else (-np.inf, np.inf)
    if isinstance(prior, Uniform):
        lower, upper = prior.numbers(1.0)
        support = (lower, upper)
    in_sd = any(isinstance(getattr(prior, f.name), Sd) for f in fields(prior))
    if in_sd or support[0] < lowest or support[1] > highest:
        where = {0.0: "a value of the curve's variable, above zero", -np.inf: "a value of the curve's variable"}
        one_of = "uniform or normal" if lowest < 0.0 else "uniform, log_normal or half_normal"
        raise PriorError(
            f"{name} is {where.get(lowest, f'a ratio between {lowest:g} and {highest:g}')}: {prior} does not fit it. "
            f"Use {one_of if np.isinf(highest) else 'uniform'} in its own unit, without sd."
        )
