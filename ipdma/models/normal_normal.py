"""The second stage by exact Bayesian integration of the normal-normal model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ipdma.errors import PriorError
from ipdma.models.mixture import NormalMixture, Quantiles
from ipdma.models.reml import checked
from ipdma.models.tau_posterior import TauPosterior, integrate_tau
from ipdma.models.two_stage_spec import check_effect_prior, check_tau_prior
from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogNormal, Normal, Prior, Uniform

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class BayesTwoStage:
    """Posterior of the normal-normal model; with one trial there is no tau and no new trial.

    Parameters
    ----------
    trials
        Number of trials k.
    pooled_effect, tau, new_trial_effect
        mean, sd, q2.5, median and q97.5, outcome units.
    trial_effects
        The same of every trial's shrunken effect, in the order of the estimates.
    weights
        Posterior mean of every trial's share of the pooled effect, percent, in that order; they sum to 100.
    effect
        The posterior of the pooled effect itself, for probabilities.
    tau_posterior
        The posterior of tau itself, for its density.
    """

    trials: int
    pooled_effect: Quantiles
    trial_effects: tuple[Quantiles, ...]
    weights: tuple[float, ...]
    effect: NormalMixture
    tau: Quantiles | None = None
    new_trial_effect: Quantiles | None = None
    tau_posterior: TauPosterior | None = None


def pool_bayes(
    estimate: ArrayLike,
    se: ArrayLike,
    *,
    effect_prior: Prior,
    tau_prior: Prior,
    baseline_sd: float = 1.0,
    panels: int = 64,
) -> BayesTwoStage:
    """Pool trial estimates by the normal-normal model; no sampling, some ten digits.

    estimate_j ~ Normal(theta_j, se_j), theta_j ~ Normal(mu, tau). Given tau everything is normal and written down;
    tau is integrated numerically (Roever 2020, doi:10.18637/jss.v093.i06).

    Parameters
    ----------
    estimate, se
        One a trial, outcome units.
    effect_prior
        Normal or flat.
    tau_prior
        Half-normal, half-Cauchy, uniform, log-normal or flat.
    baseline_sd
        s, for priors stated in its units.
    panels
        Panels of ten nodes in which tau is integrated.

    Raises
    ------
    DesignError
        If an estimate or a standard error cannot be pooled.
    PriorError
        If a prior is of another kind, or leaves the posterior of tau without a standard deviation.

    Examples
    --------
    >>> eight = pool_bayes(
    ...     [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18],
    ...     effect_prior=Normal(0.0, 5.0), tau_prior=HalfCauchy(5.0),
    ... )
    >>> round(eight.pooled_effect["mean"], 3)
    4.397
    """
    y, s = checked(estimate, se)
    check_effect_prior(effect_prior)
    check_tau_prior(tau_prior)
    center, precision = _effect_numbers(effect_prior, baseline_sd)
    model = _NormalNormal(y=y, se=s, center=center, precision=precision)
    if len(y) == 1:
        return _single(model)
    check_tail(len(y), effect_prior, tau_prior)
    tau = _tau_posterior(model, tau_prior, baseline_sd, panels)
    mean, sd = model.effect(tau.tau)
    effect = NormalMixture(weight=tau.weight, mean=mean, sd=sd)
    return BayesTwoStage(
        trials=len(y),
        pooled_effect=effect.summary(),
        trial_effects=tuple(model.trial_effect(j, tau, effect).summary() for j in range(len(y))),
        weights=tuple(float(x) for x in tau.weight @ trial_weights(s, tau.tau)),
        effect=effect,
        tau=tau.summary(),
        tau_posterior=tau,
        new_trial_effect=NormalMixture(weight=tau.weight, mean=mean, sd=np.hypot(sd, tau.tau)).summary(),
    )


def trial_weights(se: Floats, tau: Floats) -> Floats:
    """Return each trial's share of the pooled effect in percent, by tau and trial: 1 / (se^2 + tau^2) over its sum."""
    weight = 1.0 / (se**2 + tau[:, None] ** 2)
    share: Floats = 100.0 * weight / weight.sum(axis=1, keepdims=True)
    return share


@dataclass(frozen=True, kw_only=True, eq=False)
class _NormalNormal:
    """Estimates and the normal prior of the effect; a flat one has precision zero."""

    y: Floats
    se: Floats
    center: float
    precision: float

    def effect(self, tau: Floats) -> tuple[Floats, Floats]:
        """Mean and SD of the pooled effect given each tau."""
        weight = 1.0 / (self.se**2 + tau[:, None] ** 2)
        total = weight.sum(axis=1) + self.precision
        return (weight @ self.y + self.precision * self.center) / total, total**-0.5

    def log_likelihood(self, tau: Floats) -> Floats:
        """Log likelihood of each tau with effect and trial effects integrated out, up to a constant."""
        weight = 1.0 / (self.se**2 + tau[:, None] ** 2)
        mean, sd = self.effect(tau)
        squares = (weight * (self.y - mean[:, None]) ** 2).sum(axis=1) + self.precision * (mean - self.center) ** 2
        value: Floats = 0.5 * np.log(weight).sum(axis=1) + np.log(sd) - 0.5 * squares
        return value

    def trial_effect(self, j: int, tau: TauPosterior, effect: NormalMixture) -> NormalMixture:
        """Posterior of one trial's effect: between its estimate and the pooled effect."""
        pull = self.se[j] ** 2 / (self.se[j] ** 2 + tau.tau**2)
        own = (1.0 - pull) * self.se[j] ** 2  # variance given the pooled effect
        return NormalMixture(
            weight=tau.weight,
            mean=pull * effect.mean + (1.0 - pull) * self.y[j],
            sd=np.sqrt(own + (pull * effect.sd) ** 2),
        )


def _effect_numbers(prior: Prior, baseline_sd: float) -> tuple[float, float]:
    if isinstance(prior, Normal):
        mean, sd = prior.numbers(baseline_sd)
        return mean, sd**-2
    return 0.0, 0.0


def _tau_posterior(model: _NormalNormal, prior: Prior, baseline_sd: float, panels: int) -> TauPosterior:
    numbers = prior.numbers(baseline_sd)
    lower, upper = numbers if isinstance(prior, Uniform) else (0.0, np.inf)
    span = float(np.ptp(model.y) + model.se.max() + max((abs(x) for x in numbers), default=0.0))

    def log_density(tau: Floats) -> Floats:
        value: Floats = model.log_likelihood(tau) + prior.logp(tau, *numbers)
        return value

    scale = min(0.1 * float(model.se.min()), _smallest_scale(prior, numbers))
    return integrate_tau(log_density, lower=lower, upper=upper, scale=scale, span=span, panels=panels)


def _smallest_scale(prior: Prior, numbers: tuple[float, ...]) -> float:
    """The smallest tau at which the prior still changes; a uniform or flat one changes nowhere."""
    if isinstance(prior, LogNormal):
        return float(numbers[0] * np.exp(-3.0 * numbers[1]))
    return numbers[0] if isinstance(prior, HalfNormal | HalfCauchy) else np.inf


def check_tail(trials: int, effect_prior: Prior, tau_prior: Prior) -> None:
    """Refuse a posterior of tau without an SD: it falls like tau^-p, and needs p > 3 (with p <= 1 it has no total).

    Raises
    ------
    PriorError
        Naming the priors and what to use.
    """
    if not isinstance(tau_prior, Flat | HalfCauchy):
        return
    power = (2 if isinstance(tau_prior, HalfCauchy) else 0) + trials - isinstance(effect_prior, Flat)
    if power <= 3:
        lacks = "is improper" if power <= 1 else "has no standard deviation"
        raise PriorError(
            f"with {trials} trials the posterior of tau under {tau_prior} and an effect prior {effect_prior} {lacks}. "
            "Use half_normal or another prior with a lighter tail."
        )


def _single(model: _NormalNormal) -> BayesTwoStage:
    mean, sd = model.effect(np.zeros(1))
    effect = NormalMixture(weight=np.ones(1), mean=mean, sd=sd)
    return BayesTwoStage(
        trials=1, pooled_effect=effect.summary(), trial_effects=(effect.summary(),), weights=(100.0,), effect=effect
    )
