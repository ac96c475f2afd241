"""The second stage by restricted maximum likelihood: pooled effect, heterogeneity, intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

from ipdma.errors import DesignError

Floats = NDArray[np.float64]
Interval = tuple[float, float]
_UPPER = 0.975


@dataclass(frozen=True, kw_only=True)
class TwoStageResult:
    """Random-effects pooling of trial estimates; what a single trial or two cannot tell is None.

    Parameters
    ----------
    trials
        Number of trials k.
    estimate, se
        Pooled effect and its standard error, outcome units.
    ci_wald
        estimate -+ 1.96 se; for one trial the t interval of its own analysis where its df is known.
    ci_hartung_knapp
        Modified Knapp-Hartung interval with k - 1 df, never narrower than the Wald interval (k >= 2).
    prediction
        95 % interval for the effect in a new trial, t with k - 2 df (k >= 3).
    tau2, tau2_ci
        REML between-trial variance and its 95 % Q-profile interval (k >= 2).
    i2, q, df
        I2 in percent, Cochran's Q and its k - 1 df (k >= 2).
    """

    trials: int
    estimate: float
    se: float
    ci_wald: Interval
    ci_hartung_knapp: Interval | None = None
    prediction: Interval | None = None
    tau2: float | None = None
    tau2_ci: Interval | None = None
    i2: float | None = None
    q: float | None = None
    df: int | None = None


def checked(estimate: ArrayLike, se: ArrayLike) -> tuple[Floats, Floats]:
    """Return estimates and standard errors as float arrays of one length.

    Raises
    ------
    DesignError
        If there are none, the lengths differ, a value is not finite, or a standard error is not above zero.
    """
    y, s = np.asarray(estimate, dtype=np.float64).ravel(), np.asarray(se, dtype=np.float64).ravel()
    if len(y) == 0 or len(y) != len(s):
        raise DesignError(f"{len(y)} estimates and {len(s)} standard errors cannot be pooled: give one pair a trial.")
    bad = int(np.sum(~np.isfinite(y) | ~np.isfinite(s) | ~(s > 0)))
    if bad:
        raise DesignError(
            f"{bad} of {len(y)} trials have an estimate that is no number or a standard error that is not above zero: "
            "such a trial would take all weight or none. Correct it or leave the trial out."
        )
    return y, s


def pool_reml(estimate: ArrayLike, se: ArrayLike, *, df: ArrayLike | None = None) -> TwoStageResult:
    """Pool trial estimates under random effects with the REML between-trial variance.

    Parameters
    ----------
    estimate, se
        One a trial, outcome units.
    df
        Residual degrees of freedom of the trials' own analyses; read for the interval of a single trial only.

    Raises
    ------
    DesignError
        As for :func:`checked`.

    Notes
    -----
    REML: Viechtbauer 2005. The Knapp-Hartung variance is multiplied by max(1, q) (Roever, Knapp & Friede 2015,
    doi:10.1186/s12874-015-0091-1): plain q < 1 gives intervals narrower than the common-effect one in 13-31 % of sets
    of 4-8 trials. Prediction interval: Higgins, Thompson & Spiegelhalter 2009; Riley, Higgins & Deeks 2011. I2 as in
    metafor: tau2 over tau2 plus the typical within-trial variance (Higgins & Thompson 2002). Q-profile: Viechtbauer
    2007, doi:10.1002/sim.2514; where Q lies below its 2.5 % point even at zero the interval is [0, 0].

    Examples
    --------
    >>> round(pool_reml([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]).estimate, 3)
    7.686
    """
    y, s = checked(estimate, se)
    if len(y) == 1:
        return _single(y, s, df)
    k, tau2 = len(y), reml_tau2(y, s)
    mean, error, weights = weighted_mean(y, s, tau2)
    scale = float(weights @ (y - mean) ** 2) / (k - 1)
    hartung_knapp = error * max(1.0, np.sqrt(scale))
    return TwoStageResult(
        trials=k,
        estimate=mean,
        se=error,
        ci_wald=_around(mean, error, stats.norm.ppf(_UPPER)),
        ci_hartung_knapp=_around(mean, hartung_knapp, stats.t.ppf(_UPPER, k - 1)),
        prediction=_around(mean, np.hypot(error, np.sqrt(tau2)), stats.t.ppf(_UPPER, k - 2)) if k > 2 else None,
        tau2=tau2,
        tau2_ci=_q_profile(y, s),
        i2=100.0 * tau2 / (tau2 + _typical_variance(s)),
        q=_q(y, s, 0.0),
        df=k - 1,
    )


def weighted_mean(y: Floats, se: Floats, tau2: float) -> tuple[float, float, Floats]:
    """Return the inverse-variance mean, its standard error and the weights 1 / (se^2 + tau2)."""
    weights = 1.0 / (se**2 + tau2)
    return float(weights @ y / weights.sum()), float(weights.sum() ** -0.5), weights


def reml_tau2(y: Floats, se: Floats) -> float:
    """Return the between-trial variance (>= 0) that maximizes the restricted likelihood.

    The derivative is searched for all its sign changes on a fine grid and the best maximum is taken, so that neither
    a start value nor a second maximum matters; a derivative below zero from the start means zero.
    """
    unit = float(np.min(se))  # so that tolerances mean the same whatever the outcome's unit
    y, se = y / unit, se / unit
    upper = np.var(y, ddof=1) + float(np.max(se) ** 2)
    while _score(np.array([upper]), y, se)[0] > 0:
        upper *= 4.0
    grid = np.sinh(np.linspace(0.0, np.arcsinh(upper), 400))
    slope = _score(grid, y, se)
    falls = np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))
    peaks = [_root(grid[i], grid[i + 1], y, se) for i in falls]
    candidates = np.array([0.0, *peaks] if slope[0] <= 0 else peaks)
    return unit**2 * float(candidates[np.argmax(_restricted_loglik(candidates, y, se))])


def _root(low: float, high: float, y: Floats, se: Floats) -> float:
    return float(optimize.brentq(lambda t: _score(np.array([t]), y, se)[0], low, high, xtol=1e-14, rtol=1e-13))


def _moments(tau2: Floats, y: Floats, se: Floats) -> tuple[Floats, Floats, Floats]:
    """Weights (len(tau2), k), their sums, and squared deviations from the weighted means."""
    weights = 1.0 / (se[None, :] ** 2 + tau2[:, None])
    total = weights.sum(axis=1)
    deviation = y[None, :] - (weights @ y / total)[:, None]
    return weights, total, deviation**2


def _score(tau2: Floats, y: Floats, se: Floats) -> Floats:
    weights, total, squared = _moments(tau2, y, se)
    trace = total - (weights**2).sum(axis=1) / total
    slope: Floats = 0.5 * ((weights**2 * squared).sum(axis=1) - trace)
    return slope


def _restricted_loglik(tau2: Floats, y: Floats, se: Floats) -> Floats:
    weights, total, squared = _moments(tau2, y, se)
    value: Floats = 0.5 * (np.log(weights).sum(axis=1) - np.log(total) - (weights * squared).sum(axis=1))
    return value


def _q(y: Floats, se: Floats, tau2: float) -> float:
    mean, _, weights = weighted_mean(y, se, tau2)
    return float(weights @ (y - mean) ** 2)


def _q_profile(y: Floats, se: Floats) -> Interval:
    unit = float(np.min(se))
    low, high = (
        unit**2 * _tau2_where_q_is(float(stats.chi2.ppf(level, len(y) - 1)), y / unit, se / unit)
        for level in (_UPPER, 1 - _UPPER)
    )
    return low, high


def _tau2_where_q_is(point: float, y: Floats, se: Floats) -> float:
    if _q(y, se, 0.0) <= point:
        return 0.0
    upper = float(np.var(y) + np.max(se) ** 2)
    while _q(y, se, upper) > point:  # Q falls towards zero as tau2 grows
        upper *= 4.0
    return float(optimize.brentq(lambda t: _q(y, se, t) - point, 0.0, upper, xtol=1e-14, rtol=1e-12))


def _typical_variance(se: Floats) -> float:
    weights = 1.0 / se**2
    return float((len(se) - 1) * weights.sum() / (weights.sum() ** 2 - (weights**2).sum()))


def _single(y: Floats, s: Floats, df: ArrayLike | None) -> TwoStageResult:
    factor = stats.norm.ppf(_UPPER) if df is None else stats.t.ppf(_UPPER, float(np.ravel(df)[0]))
    mean, error = float(y[0]), float(s[0])
    return TwoStageResult(trials=1, estimate=mean, se=error, ci_wald=_around(mean, error, factor))


def _around(center: float, error: float, factor: float) -> Interval:
    return float(center - factor * error), float(center + factor * error)
