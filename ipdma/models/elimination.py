"""The linear parameters of a one-stage model integrated out, exactly: a Gaussian elimination trial by trial.

Given the curve, tau and the residual SDs, everything else is linear with normal (or flat) priors. Write for trial j
v = (nuisance, trial effects, shared) for the coefficients of its cells, with X'X = ``gram``, X'y = ``cross``,
y'y = ``square``, and v = T w with w = (nuisance, z, levels, shared): trial effect a is

    sum_k columns[k, j, a] level_k + tau sum_l root[a, l] z_l,     z ~ Normal(0, 1),

root root' being the correlation of the arms' deviations (in proportion to the main curve: columns[0, j, a] z). The
trial's own parameters (nuisance, z) are eliminated first, then levels and shared, which all trials have in common. The
gradient needs no differentiation of the elimination: by Fisher's identity it is the posterior expectation of the
gradient given the linear parameters. Both are checked against a dense multivariate normal and finite differences.
"""

import numba
import numpy as np

_compiled = numba.njit(cache=True, error_model="numpy", nogil=True)


@_compiled
def factorize(a):  # type: ignore[no-untyped-def]
    """Turn a positive definite matrix into its lower Cholesky factor in place; return log det of the matrix.

    The diagonal holds the reciprocals: each is divided by many times, and a division costs as much as ten products.
    """
    log_det = 0.0
    for k in range(a.shape[0]):
        pivot = a[k, k]
        for m in range(k):
            pivot -= a[k, m] ** 2
        log_det += np.log(pivot)
        inverse_root = 1.0 / np.sqrt(pivot)
        a[k, k] = inverse_root
        for i in range(k + 1, a.shape[0]):
            value = a[i, k]
            for m in range(k):
                value -= a[i, m] * a[k, m]
            a[i, k] = value * inverse_root
    return log_det


@_compiled
def forward(lower, b):  # type: ignore[no-untyped-def]
    """Solve lower x = b in place, ``lower`` as ``factorize`` leaves it."""
    for k in range(b.shape[0]):
        value = b[k]
        for m in range(k):
            value -= lower[k, m] * b[m]
        b[k] = value * lower[k, k]


@_compiled
def backward(lower, b):  # type: ignore[no-untyped-def]
    """Solve lower' x = b in place, ``lower`` as ``factorize`` leaves it."""
    for k in range(b.shape[0] - 1, -1, -1):
        value = b[k]
        for m in range(k + 1, b.shape[0]):
            value -= lower[m, k] * b[m]
        b[k] = value * lower[k, k]


@_compiled
def transform(t, columns, j, tau, root, nuisance, proportional):  # type: ignore[no-untyped-def]
    """Fill T of trial j: from w = (nuisance, z, levels, shared) to v = (nuisance, trial effects, shared)."""
    arms, own = root.shape
    levels = columns.shape[0]
    for e in range(nuisance):
        t[e, e] = 1.0
    for a in range(arms):
        for l in range(own):
            t[nuisance + a, nuisance + l] = tau * (columns[0, j, a] if proportional else root[a, l])
        for k in range(levels):
            t[nuisance + a, nuisance + own + k] = columns[k, j, a]
    for s in range(t.shape[0] - nuisance - arms):
        t[nuisance + arms + s, nuisance + own + levels + s] = 1.0


@_compiled
def information(w, gt, b, t, gram, cross, nuisance, arms):  # type: ignore[no-untyped-def]
    """Fill W = T'GT, GT and b = T'c; only the trial effects are mixed by T, what is left moves to its place."""
    p, d = t.shape
    moved = d - p  # how far the shared parameters stand behind their coefficients
    first_shared = nuisance + arms + moved
    for k in range(d):
        mixed = nuisance <= k < first_shared
        for i in range(p):
            if mixed:
                value = 0.0
                for a in range(nuisance, nuisance + arms):
                    value += gram[i, a] * t[a, k]
                gt[i, k] = value
            else:
                gt[i, k] = gram[i, k if k < nuisance else k - moved]
    for i in range(d):
        if nuisance <= i < first_shared:
            value = 0.0
            for a in range(nuisance, nuisance + arms):
                value += t[a, i] * cross[a]
            b[i] = value
            for k in range(i + 1):
                value = 0.0
                for a in range(nuisance, nuisance + arms):
                    value += t[a, i] * gt[a, k]
                w[i, k] = value
                w[k, i] = value
        else:
            row = i if i < nuisance else i - moved
            b[i] = cross[row]
            for k in range(i + 1):
                w[i, k] = gt[row, k]
                w[k, i] = gt[row, k]


@_compiled
def normalizer(mean, precision):  # type: ignore[no-untyped-def]
    """Return what a normal prior adds to the log marginal likelihood beside its precision."""
    return 0.5 * np.log(precision) - 0.5 * precision * mean**2


@_compiled
def own_block(lower, gain, mean, w, b, scale, prior_mean, prior_precision):  # type: ignore[no-untyped-def]
    """Eliminate a trial's own parameters: fill Cholesky factor, gain (own by common) and mean at zero common ones.

    Return half of the quadratic form they leave minus half the log det of their precision.
    """
    own, common = gain.shape
    nuisance = prior_precision.shape[0]
    for i in range(own):
        for k in range(own):
            lower[i, k] = w[i, k] * scale
        for k in range(common):
            gain[i, k] = w[i, own + k] * scale
        lower[i, i] += prior_precision[i] if i < nuisance else 1.0
        mean[i] = b[i] * scale + (prior_precision[i] * prior_mean[i] if i < nuisance else 0.0)
    left = -0.5 * factorize(lower)
    forward(lower, mean)
    for i in range(own):
        left += 0.5 * mean[i] ** 2
    backward(lower, mean)
    for k in range(common):
        forward(lower, gain[:, k])
        backward(lower, gain[:, k])
    return left


@_compiled
def common_block(q, h, gain, mean, w, b, scale):  # type: ignore[no-untyped-def]
    """Add to precision and score of the common parameters what a trial leaves after its own are eliminated."""
    own, common = gain.shape
    for i in range(common):
        value = b[own + i] * scale
        for m in range(own):
            value -= w[own + i, m] * scale * mean[m]
        h[i] += value
        for k in range(common):
            value = w[own + i, own + k] * scale
            for m in range(own):
                value -= w[own + i, m] * scale * gain[m, k]
            q[i, k] += value


@_compiled
def eliminate(columns, tau, sd, numbers, root, proportional):  # type: ignore[no-untyped-def]
    """Return the log marginal likelihood, and what the gradient and draws of the linear parameters need.

    ``numbers`` = (n, gram, cross, square, nuisance prior mean and precision, common prior mean and precision); every
    precision is above zero.
    """
    n, gram, cross, square, prior_mean, prior_precision, common_mean, common_precision = numbers
    trials, p = cross.shape
    nuisance, own, common = prior_precision.shape[0], prior_precision.shape[0] + root.shape[1], common_mean.shape[0]
    d = own + common
    t, w, gt, b = np.zeros((trials, p, d)), np.zeros((trials, d, d)), np.zeros((trials, p, d)), np.zeros((trials, d))
    lower, gain, mean = np.zeros((trials, own, own)), np.zeros((trials, own, common)), np.zeros((trials, own))
    q, h = np.zeros((common, common)), np.zeros(common)
    total = 0.0
    for i in range(common):
        q[i, i] = common_precision[i]
        h[i] = common_precision[i] * common_mean[i]
        total += normalizer(common_mean[i], common_precision[i])
    for j in range(trials):
        scale = 1.0 / sd[j] ** 2
        transform(t[j], columns, j, tau, root, nuisance, proportional)
        information(w[j], gt[j], b[j], t[j], gram[j], cross[j], nuisance, root.shape[0])
        left = own_block(lower[j], gain[j], mean[j], w[j], b[j], scale, prior_mean[j], prior_precision)
        if n[j] > 0.0:
            total += left - 0.5 * square[j] * scale - n[j] * np.log(sd[j])
            for e in range(nuisance):
                total += normalizer(prior_mean[j, e], prior_precision[e])
            common_block(q, h, gain[j], mean[j], w[j], b[j], scale)
    total -= 0.5 * factorize(q)
    forward(q, h)
    for i in range(common):
        total += 0.5 * h[i] ** 2
    backward(q, h)
    return total, t, w, gt, b, lower, gain, mean, q, h


@_compiled
def inverse(out, lower):  # type: ignore[no-untyped-def]
    """Fill the inverse of the matrix whose Cholesky factor is ``lower``; the factor's inverse is made on the way."""
    size = lower.shape[0]
    for k in range(size):  # the factor's inverse, in the lower triangle
        out[k, k] = lower[k, k]
        for i in range(k + 1, size):
            value = 0.0
            for m in range(k, i):
                value -= lower[i, m] * out[m, k]
            out[i, k] = value * lower[i, i]
    for i in range(size):  # its square, row by row: what is overwritten is not needed again
        for k in range(i + 1):
            value = 0.0
            for m in range(i, size):
                value += out[m, i] * out[m, k]
            out[i, k] = value
            out[k, i] = value


@_compiled
def second_moments(moments, center, lower, gain, mean, covariance, level):  # type: ignore[no-untyped-def]
    """Fill E[w w'] and E[w] of a trial: its own parameters' given the common ones, and the common ones'."""
    own, common = gain.shape
    inverse(moments[:own, :own], lower)
    for i in range(own):
        center[i] = mean[i]
        for k in range(common):
            center[i] -= gain[i, k] * level[k]
            value = 0.0
            for m in range(common):
                value -= gain[i, m] * covariance[m, k]
            moments[i, own + k] = value
            moments[own + k, i] = value
    for i in range(own):
        for l in range(own):
            for k in range(common):
                moments[i, l] -= moments[i, own + k] * gain[l, k]
    for i in range(common):
        center[own + i] = level[i]
        for k in range(common):
            moments[own + i, own + k] = covariance[i, k]
    for i in range(own + common):
        for k in range(own + common):
            moments[i, k] += center[i] * center[k]


@_compiled
def lean(cross, gt, moments, center, i, k):  # type: ignore[no-untyped-def]
    """Return E[(c - G v)_i w_k]: how the likelihood leans on coefficient i, against linear parameter k."""
    value = cross[i] * center[k]
    for m in range(center.shape[0]):
        value -= gt[i, m] * moments[m, k]
    return value


@_compiled
def marginal(columns, moving, tau, sd, numbers, root, proportional):  # type: ignore[no-untyped-def]
    """Return the log marginal likelihood and its gradient by the columns at ``moving``, tau and sd."""
    n, cross, square, nuisance = numbers[0], numbers[2], numbers[3], numbers[5].shape[0]
    total, _, w, gt, b, lower, gain, mean, q, level = eliminate(columns, tau, sd, numbers, root, proportional)
    trials, own, common = gain.shape
    covariance, moments, center = (
        np.zeros((common, common)),
        np.zeros((own + common, own + common)),
        np.zeros(own + common),
    )
    inverse(covariance, q)
    d_moved, d_tau, d_sd = np.zeros((moving.shape[0], *columns.shape[1:])), 0.0, np.zeros(trials)
    for j in range(trials):
        if n[j] == 0.0:
            continue
        scale = 1.0 / sd[j] ** 2
        second_moments(moments, center, lower[j], gain[j], mean[j], covariance, level)
        rss = square[j]
        for i in range(own + common):
            rss -= 2.0 * b[j, i] * center[i]
            for k in range(own + common):
                rss += w[j, i, k] * moments[i, k]
        d_sd[j] = (rss * scale - n[j]) / sd[j]
        for a in range(root.shape[0]):
            for i in range(moving.shape[0]):
                d_moved[i, j, a] = lean(cross[j], gt[j], moments, center, nuisance + a, own + moving[i]) * scale
            for l in range(root.shape[1]):
                by_z = lean(cross[j], gt[j], moments, center, nuisance + a, nuisance + l) * scale
                d_tau += by_z * (columns[0, j, a] if proportional else root[a, l])
                if proportional and moving.shape[0] > 0 and moving[0] == 0:
                    d_moved[0, j, a] += tau * by_z
    return total, d_moved, d_tau, d_sd


@_compiled
def marginal_value(columns, taus, sd, numbers, root, proportional):  # type: ignore[no-untyped-def]
    """Return the log marginal likelihood alone for columns (point, level, trial, arm) at each tau: (point, tau)."""
    found = np.empty((columns.shape[0], taus.shape[0]))
    for i in range(columns.shape[0]):
        for k in range(taus.shape[0]):
            found[i, k] = eliminate(columns[i], taus[k], sd, numbers, root, proportional)[0]
    return found


@_compiled
def draw(v, common, columns, tau, sd, numbers, root, proportional, normals):  # type: ignore[no-untyped-def]
    """Fill one draw of the linear parameters given the others; standard normals come in ``normals`` and ``common``."""
    _, t, _, _, _, lower, gain, mean, q, level = eliminate(columns, tau, sd, numbers, root, proportional)
    backward(q, common)
    for k in range(common.shape[0]):
        common[k] += level[k]
    trials, p, own = t.shape[0], t.shape[1], normals.shape[1]
    for j in range(trials):
        backward(lower[j], normals[j])
        for i in range(own):
            normals[j, i] += mean[j, i]
            for k in range(common.shape[0]):
                normals[j, i] -= gain[j, i, k] * common[k]
        for i in range(p):
            for m in range(own):
                v[j, i] += t[j, i, m] * normals[j, m]
            for k in range(common.shape[0]):
                v[j, i] += t[j, i, own + k] * common[k]


@_compiled
def draw_all(v, common, columns, tau, sd, numbers, root, proportional, normals):  # type: ignore[no-untyped-def]
    """Fill a draw of the linear parameters for each draw of the others; all arrays but the data begin with axis draw.

    ``v`` (draw, trial, coefficient) holds zeros, ``normals`` (draw, trial, own) and ``common`` (draw, common) standard
    normals; both are overwritten.
    """
    for i in range(tau.shape[0]):
        draw(v[i], common[i], columns[i], tau[i], sd[i], numbers, root, proportional, normals[i])
