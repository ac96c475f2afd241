"""The maps of tau and of a curve's own parameter for one set of inputs.

Where trials are large the likelihood of a parameter such as kappa is a peak on a plain (levelling at five doses, or
nowhere within the range), and the peak is sharp where tau is small and flat where it is large: the joint density is
T-shaped, and no sampler with one step size crosses it easily. The likelihood of both, residual SDs at their estimates
and all linear parameters integrated out, takes a tenth of a second on a grid. tau is mapped through the quantiles of
its posterior, kappa through those of its posterior given tau. In six trials of 5,000 people this took the smallest bulk
ESS of 27 data sets from 165 (no map) and 570 (one map for all tau) to 3,100.
"""

from collections.abc import Mapping

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import logsumexp
from scipy.stats import norm

from ipdma.models.columns import columns_of
from ipdma.models.coordinates import REACH, controls, quantiles
from ipdma.models.inputs import Inputs
from ipdma.models.marginal import values_of
from ipdma.models.quadrature import lattice
from ipdma.models.scores import of_score
from ipdma.priors.prior import LogNormal, Uniform

_TAUS, _FINER = 16, 8  # values of tau at which the likelihood is computed; steps of the conditional map between two
ROWS = _FINER * (_TAUS - 1) + 1
_FAR = 4.0  # the largest of them, in scales of tau's prior
_POINTS = 81  # first even points of a score
_ROUNDS, _MORE = 2, 91  # rounds of further points where the mass is; the quantiles they are taken from
_SCATTERED = 64  # points that stand for several parameters' prior
_TAU_POINTS = 400


def coordinate_maps(inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the control points of the maps, as far as the model has the parameters.

    tau_controls, shape (1, knot), tau_fine and row_step where there is a tau; score_controls, shape (values of tau,
    knot), where the main curve has exactly one parameter.
    """
    arrays = inputs.data.arrays
    fine, wide = tau_scales(inputs, arrays) if inputs.random else (1.0, 0.0)
    far = 1.0 if inputs.random and inputs.priors.kinds["tau"] is Uniform else _FAR
    step = np.arcsinh(far * wide / fine) / (_TAUS - 1)
    taus = fine * np.sinh(step * np.arange(_TAUS)) if inputs.random else np.zeros(1)
    score, told = _told(inputs, arrays, taus)
    found = {}
    if inputs.random:
        found = {"tau_fine": np.array(fine), "row_step": np.array(step / _FINER)}
        found["tau_controls"] = _tau_controls(inputs, fine=fine, taus=taus, told=_averaged(inputs, score, told))[None]
    if inputs.mapped:
        if inputs.random:
            told = PchipInterpolator(np.arange(_TAUS), told, axis=1)(np.arange(ROWS) / _FINER)
        rows = np.array([quantiles(score[:, 0], row) for row in told.T])
        if inputs.random:  # even in tau, and carried on at the other end
            rows = np.concatenate([rows[1:2], rows, rows[-1:]])
        found["score_controls"] = controls(rows)
    return found


def _told(inputs: Inputs, arrays: dict[str, np.ndarray], taus: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points of the curves' scores, shape (point, parameter), and log likelihood plus log prior at each tau."""
    names = inputs.sampled
    if not inputs.mapped:
        scattered = norm.ppf(lattice(_SCATTERED if names else 1, len(names)).T)
        return scattered, _log_likelihood(inputs, arrays, scattered, taus)[0]
    score = np.linspace(-REACH - 0.5, REACH + 0.5, _POINTS)
    z = np.linspace(-REACH, REACH, _MORE)
    told = np.add(*_log_likelihood(inputs, arrays, _beside(score, names), taus))
    for _ in range(_ROUNDS):
        # Quantiles of each conditional posterior, in turns: neighbors are nearly alike.
        more = np.unique(np.concatenate([quantiles(score, row, z[k % 3 :: 3]) for k, row in enumerate(told.T)]))
        more = more[np.diff(more, prepend=-np.inf) > 2e-4]
        more = more[np.abs(more[:, None] - score).min(axis=1) > 1e-4]
        told = np.concatenate([told, np.add(*_log_likelihood(inputs, arrays, _beside(more, names), taus))])
        score = np.concatenate([score, more])
        order = np.argsort(score)
        score, told = score[order], told[order]
    return score[:, None], told


def _beside(score: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Return scores of the main curve's parameter; those of shifts stand at their prior median."""
    return np.column_stack([score, np.zeros((len(score), len(names) - 1))])


def _log_likelihood(
    inputs: Inputs, arrays: dict[str, np.ndarray], score: np.ndarray, taus: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the log marginal likelihood, shape (point, tau), and the scores' log prior, shape (point, 1)."""
    values, prior = {}, np.zeros(len(score))
    for k, name in enumerate(inputs.sampled):
        values[name], density = of_score(inputs.priors.kinds[name], score[:, k], inputs.priors.numbers[name])
        prior += density
    columns = columns_of(inputs, values, count=len(score))
    sd = np.broadcast_to(np.exp(arrays["log_sd_mean"]), arrays["n"].shape).copy()
    moved = columns[:, arrays["moving"].astype(np.int64)]
    return values_of(moved, taus, sd, inputs.eliminated.vector), prior[:, None]


def _averaged(inputs: Inputs, score: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Return the log likelihood at each tau, the curves' parameters averaged over their prior."""
    if not inputs.mapped:
        return np.asarray(logsumexp(told, axis=0))
    return np.asarray(logsumexp(told + np.log(np.gradient(score[:, 0]))[:, None], axis=0))


def _tau_controls(inputs: Inputs, *, fine: float, taus: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Return the control points of tau's map, on a scale without bounds."""
    kind, numbers = inputs.priors.kinds["tau"], inputs.priors.numbers["tau"]
    place = np.linspace(0.0, np.arcsinh(taus[-1] / fine), _TAU_POINTS + 1)[1:]
    tau = fine * np.sinh(place)
    likelihood = PchipInterpolator(np.arcsinh(taus / fine), told)(place)
    density = likelihood + kind.logp(tau, *numbers) + np.log(np.cosh(place))
    # From zero on, where the density goes on as it begins.
    reached = quantiles(np.concatenate([[0.0], place]), np.concatenate([density[:1], density]))
    tau = fine * np.sinh(np.maximum(reached, 1e-9))
    if kind is not Uniform:
        # The inverse of fine log(1 + exp(x)): logarithmic near zero, even far out, so that beyond the outer knots tau
        # stays above zero at one end and a long step meets no wall at the other.
        return controls(tau / fine + np.log(-np.expm1(-tau / fine)))
    lower, upper = (float(x) for x in numbers)
    share = np.clip((tau - lower) / (upper - lower), 1e-9, 1.0 - 1e-9)
    return controls(np.log(share) - np.log1p(-share))


def tau_scales(inputs: Inputs, arrays: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """Return the tau at which the trials begin to tell it from zero, and the scale of its prior.

    The first is at most the second; where the prior is flat, the second is ten times the first.
    """
    e, arms = inputs.layout.nuisance, inputs.layout.arms
    gram = arrays["gram"]
    inverse = np.linalg.pinv(gram[:, :e, :e])
    effects = slice(e, e + arms)
    information = gram[:, effects, effects] - gram[:, effects, :e] @ inverse @ gram[:, :e, effects]
    sd = np.broadcast_to(np.exp(arrays["log_sd_mean"]), arrays["n"].shape)
    precision = np.diagonal(information, axis1=1, axis2=2) / sd[:, None] ** 2
    told = float((2.0 / np.sum(precision**2)) ** 0.25)
    numbers = inputs.priors.numbers["tau"]
    # A half-normal or half-Cauchy prior has one number, its scale; a uniform ends at its second, a log-normal has its
    # median first.
    where = 0 if inputs.priors.kinds["tau"] is LogNormal else -1
    wide = float(numbers[where]) if numbers else 10.0 * told
    return float((told**-2 + wide**-2) ** -0.5), wide
