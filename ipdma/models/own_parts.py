"""Each trial's intercept and slopes eliminated for any residual SD: what does not depend on it, computed once.

Given its residual SD, with s = 1 / sd^2, a trial's log likelihood is a quadratic form in its own coefficients u
(intercept and slopes, prior Normal(m, P^-1)) and the others v (effects of its arms and what all trials share),

    -s/2 (y'y - 2 c_u'u - 2 c'v + u'G_uu u + 2 u'G_u v + v'G v) + n/2 log s - 1/2 (u - m)'P(u - m) + 1/2 log|P|.

With s0 near the s to come, R'R = s0 G_uu + P and R^-T G_uu R^-1 = U diag(gamma) U', the coordinates x = U'R u have the
precisions a = 1 + (s - s0) gamma, all between 0 and some number near 1 whatever the priors, flat ones too. Integrated
over x, what is left is again a quadratic form in v, whose parts are sums over gamma (``elimination.others``).
"""

from collections.abc import Mapping

import numpy as np

# What the elimination reads, in its order.
NUMBERS = (
    *("n", "square", "others_gram", "others_cross", "own_scale", "own_gamma", "own_score", "own_prior", "own_others"),
    *("own_constant", "common_mean", "common_precision"),
)
# The arrays the log density reads, in the order in which they are packed, and those of which nothing is left in it.
READ = (*NUMBERS, "root", "proportional", "columns", "moving")
REPLACED = ("gram", "cross", "own_mean", "own_precision")


def own_parts(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the parts, by the names in ``NUMBERS``, and ``own_basis``, which takes x to u.

    Parameters
    ----------
    arrays
        n, gram, cross, own_mean, own_precision and log_sd_mean as ``build_inputs`` gives them.
    """
    gram, cross, precision = arrays["gram"], arrays["cross"], arrays["own_precision"]
    e, trials = len(precision), len(arrays["n"])
    scale = np.broadcast_to(np.exp(-2.0 * arrays["log_sd_mean"]), trials).copy()
    lower = np.linalg.cholesky(scale[:, None, None] * gram[:, :e, :e] + np.diag(precision))
    half = np.linalg.solve(lower, gram[:, :e, :e])
    gamma, u = np.linalg.eigh(np.linalg.solve(lower, half.transpose(0, 2, 1)))
    into = u.transpose(0, 2, 1) @ np.linalg.inv(lower)  # u' R^-T
    prior = arrays["own_mean"] * precision
    constant = np.log(precision).sum() - (arrays["own_mean"] * prior).sum(axis=1)
    constant = 0.5 * constant - np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    found = {
        "others_gram": gram[:, e:, e:],
        "others_cross": cross[:, e:],
        "own_scale": scale,
        "own_gamma": np.clip(gamma, 0.0, 1.0 / scale[:, None]),  # rounding must not make a precision negative
        "own_score": (into @ cross[:, :e, None])[..., 0],
        "own_prior": (into @ prior[..., None])[..., 0],
        "own_others": into @ gram[:, :e, e:],
        "own_constant": constant,
        "own_basis": into.transpose(0, 2, 1),
    }
    return {name: np.ascontiguousarray(array) for name, array in found.items()}


def numbers_in(arrays: Mapping[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Return what the elimination reads."""
    known = {**arrays, **own_parts(arrays)}
    return tuple(np.ascontiguousarray(known[name]) for name in NUMBERS)
