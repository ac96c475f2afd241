r"""How well a curve foretells a trial it has not seen: leave-one-trial-out log predictive densities, without a sampler.

A trial's contrasts with its control d_j (analysis of covariance, covariance V_j taken as known) are

    d_j = C_j(theta) lambda + u_j + e_j,   u_j ~ N(0, tau^2 R),   e_j ~ N(0, V_j),   lambda ~ N(mu, P^-1),

C_j what each level (effect, coefficients of shifts) is multiplied by in its arms, R = 1 on the diagonal and the arms'
correlation elsewhere. With S_j = V_j + tau^2 R, the trial effects u_j are integrated out. Given theta (the curves' own
parameters) and tau so are the levels: with Q = P + sum C_j' S_j^-1 C_j and h = P mu + sum C_j' S_j^-1 d_j,

    log m = 1/2 {log|P| - mu' P mu - log|Q| + h' Q^-1 h - sum (log|S_j| + d_j' S_j^-1 d_j + a_j log 2 pi)},

and m_-j is the same with trial j's parts left out of Q, h and the sum. Theta and tau are summed over points that stand
for their priors, Z = sum w m and Z_-j = sum w m_-j. As p(d_j | d_-j) = p(d) / p(d_-j), the score of trial j is
log Z - log Z_-j: exact but for the points, and the prior's constants are those of the whole analysis. The score is of a
trial's contrasts with their covariance, never of participants' rows: a new participant of a known trial is another
question (Vehtari, Gelman & Gabry 2017).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """What is known of a field of trials, and the points of tau.

    Parameters
    ----------
    estimate, covariance, present
        Contrasts as :class:`ipdma.models.trial_contrasts.TrialContrasts` holds them.
    correlation
        Of the deviations of a trial's arms, shape (arm, arm).
    tau, tau_weight
        Points of tau, and their weights times its prior density.
    """

    estimate: Floats
    covariance: Floats
    present: NDArray[np.bool_]
    correlation: Floats
    tau: Floats
    tau_weight: Floats


def left_out_scores(field: Field, columns: Floats, mean: Floats, precision: Floats) -> Floats:
    """Return the log predictive density of each trial's contrasts given those of all other trials.

    Parameters
    ----------
    field
        The trials and tau.
    columns
        Shape (point, level, trial, arm), points of equal prior probability.
    mean, precision
        Of the levels' independent normal priors, shape (level,); every precision is above zero.

    Returns
    -------
    array
        Shape (trial,).

    Examples
    --------
    ``left_out_scores(field, columns, mean, precision).sum()``
    """
    inverse, log_det = _whitened(field)
    c = np.where(field.present, columns, 0.0)
    weighted = np.einsum("tjab,pkjb->ptjka", inverse, c)
    a = np.einsum("ptjka,plja->ptjkl", weighted, c)
    b = np.einsum("ptjka,ja->ptjk", weighted, field.estimate)
    own = log_det + np.einsum("ja,tjab,jb->tj", field.estimate, inverse, field.estimate)
    q = np.diag(precision) + a.sum(axis=2)
    h = precision * mean + b.sum(axis=2)
    everything = _log_marginal(q, h) - 0.5 * own.sum(axis=1)
    without = _log_marginal(q[:, :, None] - a, h[:, :, None] - b) - 0.5 * (own.sum(axis=1)[:, None] - own)
    constant = 0.5 * field.present.sum(axis=1) * np.log(2.0 * np.pi)
    found: Floats = _log_sum(everything, field.tau_weight) - _log_sum(without, field.tau_weight) - constant
    return found


def _whitened(field: Field) -> tuple[Floats, Floats]:
    """Return inverse and log determinant of S_j at each tau, shapes (tau, trial, arm, arm) and (tau, trial)."""
    both = field.present[:, :, None] & field.present[:, None, :]
    deviation = np.where(both, field.correlation, 0.0)
    s = field.covariance + field.tau[:, None, None, None] ** 2 * deviation
    return np.linalg.inv(s), np.linalg.slogdet(s)[1]


def _log_marginal(q: Floats, h: Floats) -> Floats:
    """Return 1/2 (h' Q^-1 h - log|Q|), by a Cholesky factorization written out so that it runs over all Q at once."""
    size = q.shape[-1]
    lower = np.linalg.cholesky(q)
    total = np.zeros(q.shape[:-2])
    solved: list[Floats] = []
    for k in range(size):
        left = h[..., k] - sum((lower[..., k, m] * solved[m] for m in range(k)), np.zeros(()))
        solved.append(left / lower[..., k, k])
        total = total + 0.5 * solved[k] ** 2 - np.log(lower[..., k, k])
    return total


def _log_sum(value: Floats, tau_weight: Floats) -> Floats:
    """Return the log of the weighted sum over points and tau, the first two axes."""
    weight = tau_weight.reshape((1, -1) + (1,) * (value.ndim - 2))
    peak = value.max(axis=(0, 1))
    found: Floats = np.log((weight * np.exp(value - peak)).sum(axis=(0, 1))) + peak
    return found
