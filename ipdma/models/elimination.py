"""The linear parameters of a one-stage model integrated out, exactly: a Gaussian elimination trial by trial.

Given the curve, tau and the residual SDs, everything else is linear with normal (or flat) priors. A trial's own
intercept and slopes go first (``own_parts``). Write for trial j v = (trial effects, shared) for the coefficients left,
and v = T w with w = (z, levels, shared): trial effect a is

    sum_k columns[k, j, a] level_k + tau sum_l root[a, l] z_l,     z ~ Normal(0, 1),

root root' being the correlation of the arms' deviations (in proportion to the main curve: columns[0, j, a] z). The
trial's deviations z are eliminated next, then levels and shared, which all trials have in common. The gradient needs no
differentiation of the elimination: by Fisher's identity it is the posterior expectation of the gradient given the
linear parameters. Both are checked against a dense multivariate normal and finite differences.
"""

import numba
import numpy as np

_compiled = numba.njit(cache=True, error_model="numpy", nogil=True)
# What only compiled code calls has no entry from Python, and what calls the most is written into its callers: both
# because compiling takes long, each function being optimized again in all that call it.
_inner = numba.njit(cache=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
_inlined = numba.njit(error_model="numpy", nogil=True, inline="always")


@_inner
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


@_inner
def forward(lower, b):  # type: ignore[no-untyped-def]
    """Solve lower x = b in place, ``lower`` as ``factorize`` leaves it."""
    for k in range(b.shape[0]):
        value = b[k]
        for m in range(k):
            value -= lower[k, m] * b[m]
        b[k] = value * lower[k, k]


@_inner
def backward(lower, b):  # type: ignore[no-untyped-def]
    """Solve lower' x = b in place, ``lower`` as ``factorize`` leaves it."""
    for k in range(b.shape[0] - 1, -1, -1):
        value = b[k]
        for m in range(k + 1, b.shape[0]):
            value -= lower[m, k] * b[m]
        b[k] = value * lower[k, k]


@_inner
def others(numbers, sd):  # type: ignore[no-untyped-def]
    """Return constant, cross and gram of each trial's quadratic form with its own coefficients integrated out.

    Then their derivatives by s = 1 / sd^2. ``numbers`` as ``own_parts.NUMBERS`` names them.
    """
    n, square, rest_gram, rest_cross, scale, gamma, score, prior, rest, fixed, _, _ = numbers
    trials, p = rest_cross.shape
    constant, cross, gram = np.zeros(trials), np.zeros((trials, p)), np.zeros((trials, p, p))
    d_constant, d_cross, d_gram = np.zeros(trials), np.zeros((trials, p)), np.zeros((trials, p, p))
    for j in range(trials):
        if n[j] == 0.0:
            continue
        s = 1.0 / sd[j] ** 2
        constant[j] = fixed[j] - 0.5 * s * square[j] + 0.5 * n[j] * np.log(s)
        d_constant[j] = 0.5 * n[j] / s - 0.5 * square[j]
        for i in range(p):
            cross[j, i], d_cross[j, i] = s * rest_cross[j, i], rest_cross[j, i]
            for k in range(i + 1):
                gram[j, i, k], d_gram[j, i, k] = s * rest_gram[j, i, k], rest_gram[j, i, k]
        for e in range(gamma.shape[1]):
            g, h = gamma[j, e], score[j, e]
            a = 1.0 + (s - scale[j]) * g
            mean = (s * h + prior[j, e]) / a
            d_mean = (h - mean * g) / a
            constant[j] += 0.5 * a * mean**2 - 0.5 * np.log(a)
            d_constant[j] += mean * h - 0.5 * mean**2 * g - 0.5 * g / a
            share = s**2 / a
            d_share = (2.0 * s - share * g) / a
            for i in range(p):
                r = rest[j, e, i]
                cross[j, i] -= r * s * mean
                d_cross[j, i] -= r * (mean + s * d_mean)
                for k in range(i + 1):
                    both = r * rest[j, e, k]
                    gram[j, i, k] -= both * share
                    d_gram[j, i, k] -= both * d_share
        for i in range(p):
            for k in range(i):
                gram[j, k, i], d_gram[j, k, i] = gram[j, i, k], d_gram[j, i, k]
    return constant, cross, gram, d_constant, d_cross, d_gram


@_inner
def transform(t, columns, j, tau, root, proportional):  # type: ignore[no-untyped-def]
    """Fill T of trial j: from w = (z, levels, shared) to v = (trial effects, shared)."""
    arms, own = root.shape
    levels = columns.shape[0]
    for a in range(arms):
        for l in range(own):
            t[a, l] = tau * (columns[0, j, a] if proportional else root[a, l])
        for k in range(levels):
            t[a, own + k] = columns[k, j, a]
    for s in range(t.shape[0] - arms):
        t[arms + s, own + levels + s] = 1.0


@_inner
def information(w, gt, b, t, gram, cross, arms):  # type: ignore[no-untyped-def]
    """Fill W = T'GT, GT and b = T'c; only the trial effects are mixed by T, what is shared moves to its place."""
    p, d = t.shape
    moved = d - p  # how far the shared parameters stand behind their coefficients
    mixed = arms + moved
    for k in range(d):
        for i in range(p):
            if k < mixed:
                value = 0.0
                for a in range(arms):
                    value += gram[i, a] * t[a, k]
                gt[i, k] = value
            else:
                gt[i, k] = gram[i, k - moved]
    for i in range(d):
        if i < mixed:
            value = 0.0
            for a in range(arms):
                value += t[a, i] * cross[a]
            b[i] = value
            for k in range(i + 1):
                value = 0.0
                for a in range(arms):
                    value += t[a, i] * gt[a, k]
                w[i, k] = value
                w[k, i] = value
        else:
            b[i] = cross[i - moved]
            for k in range(i + 1):
                w[i, k] = gt[i - moved, k]
                w[k, i] = gt[i - moved, k]


@_inner
def own_block(lower, gain, mean, w, b):  # type: ignore[no-untyped-def]
    """Eliminate a trial's deviations: fill Cholesky factor, gain (own by common) and mean at zero common ones.

    Return half of the quadratic form they leave minus half the log det of their precision.
    """
    own, common = gain.shape
    for i in range(own):
        for k in range(own):
            lower[i, k] = w[i, k]
        for k in range(common):
            gain[i, k] = w[i, own + k]
        lower[i, i] += 1.0
        mean[i] = b[i]
    left = -0.5 * factorize(lower)
    forward(lower, mean)
    for i in range(own):
        left += 0.5 * mean[i] ** 2
    backward(lower, mean)
    for k in range(common):
        forward(lower, gain[:, k])
        backward(lower, gain[:, k])
    return left


@_inner
def common_block(q, h, gain, mean, w, b):  # type: ignore[no-untyped-def]
    """Add to precision and score of the common parameters what a trial leaves after its own are eliminated."""
    own, common = gain.shape
    for i in range(common):
        value = b[own + i]
        for m in range(own):
            value -= w[own + i, m] * mean[m]
        h[i] += value
        for k in range(common):
            value = w[own + i, own + k]
            for m in range(own):
                value -= w[own + i, m] * gain[m, k]
            q[i, k] += value


@_inlined
def eliminate(columns, tau, n, cross, gram, prior, root, proportional):  # type: ignore[no-untyped-def]
    """Return the log of the integral over the linear parameters, and what the gradient and draws of them need.

    ``cross`` and ``gram`` are those of :func:`others`, whose constants are left out; ``prior`` holds mean and precision
    of the common parameters, every precision above zero.
    """
    common_mean, common_precision = prior
    trials, p = cross.shape
    own, common = root.shape[1], common_mean.shape[0]
    d = own + common
    t, w, gt, b = np.zeros((trials, p, d)), np.zeros((trials, d, d)), np.zeros((trials, p, d)), np.zeros((trials, d))
    lower, gain, mean = np.zeros((trials, own, own)), np.zeros((trials, own, common)), np.zeros((trials, own))
    q, h = np.zeros((common, common)), np.zeros(common)
    total = 0.0
    for i in range(common):
        q[i, i] = common_precision[i]
        h[i] = common_precision[i] * common_mean[i]
        total += 0.5 * np.log(common_precision[i]) - 0.5 * common_precision[i] * common_mean[i] ** 2
    for j in range(trials):
        transform(t[j], columns, j, tau, root, proportional)
        information(w[j], gt[j], b[j], t[j], gram[j], cross[j], root.shape[0])
        left = own_block(lower[j], gain[j], mean[j], w[j], b[j])
        if n[j] > 0.0:
            total += left
            common_block(q, h, gain[j], mean[j], w[j], b[j])
    total -= 0.5 * factorize(q)
    forward(q, h)
    for i in range(common):
        total += 0.5 * h[i] ** 2
    backward(q, h)
    return total, t, gt, lower, gain, mean, q, h


@_inner
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


@_inner
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


@_inner
def lean(cross, gt, moments, center, i, k):  # type: ignore[no-untyped-def]
    """Return E[(c - G v)_i w_k]: how the likelihood leans on coefficient i, against linear parameter k."""
    value = cross[i] * center[k]
    for m in range(center.shape[0]):
        value -= gt[i, m] * moments[m, k]
    return value


@_inner
def by_scale(d_cross, d_gram, t, moments, center, mixed):  # type: ignore[no-untyped-def]
    """Return E[d_c'v - v'd_G v / 2]: how a trial's likelihood changes with its s, apart from its constant.

    ``mixed`` (arm, linear parameter) is room for E[v w'] of the trial effects.
    """
    arms, d = mixed.shape
    p = t.shape[0]
    moved = d - p
    value = 0.0
    for a in range(arms):
        for k in range(d):
            value += d_cross[a] * t[a, k] * center[k]
            mixed[a, k] = 0.0
            for m in range(d):
                mixed[a, k] += t[a, m] * moments[m, k]
        for b in range(a + 1):
            both = 0.0
            for k in range(d):
                both += mixed[a, k] * t[b, k]
            value -= (0.5 if a == b else 1.0) * d_gram[a, b] * both
        for s in range(arms, p):
            value -= d_gram[a, s] * mixed[a, s + moved]
    for s in range(arms, p):
        value += d_cross[s] * center[s + moved]
        for r in range(arms, p):
            value -= 0.5 * d_gram[s, r] * moments[s + moved, r + moved]
    return value


@_inlined
def marginal(columns, moving, tau, sd, numbers, root, proportional, slopes):  # type: ignore[no-untyped-def]
    """Return the log marginal likelihood, and with ``slopes`` its gradient by the columns at ``moving``, tau and sd."""
    n, prior = numbers[0], (numbers[10], numbers[11])
    constant, cross, gram, d_constant, d_cross, d_gram = others(numbers, sd)
    total, t, gt, lower, gain, mean, q, level = eliminate(columns, tau, n, cross, gram, prior, root, proportional)
    trials, own, common = gain.shape
    size = own + common
    covariance, moments, center = np.zeros((common, common)), np.zeros((size, size)), np.zeros(size)
    mixed = np.zeros((root.shape[0], size))
    d_moved, d_tau, d_sd = np.zeros((moving.shape[0], *columns.shape[1:])), 0.0, np.zeros(trials)
    if slopes:
        inverse(covariance, q)
    for j in range(trials):
        if n[j] == 0.0:
            continue
        total += constant[j]
        if not slopes:
            continue
        second_moments(moments, center, lower[j], gain[j], mean[j], covariance, level)
        by_s = d_constant[j] + by_scale(d_cross[j], d_gram[j], t[j], moments, center, mixed)
        d_sd[j] = -2.0 * by_s / sd[j] ** 3
        for a in range(root.shape[0]):
            for i in range(moving.shape[0]):
                d_moved[i, j, a] = lean(cross[j], gt[j], moments, center, a, own + moving[i])
            for l in range(root.shape[1]):
                by_z = lean(cross[j], gt[j], moments, center, a, l)
                d_tau += by_z * (columns[0, j, a] if proportional else root[a, l])
                if proportional and moving.shape[0] > 0 and moving[0] == 0:
                    d_moved[0, j, a] += tau * by_z
    return total, d_moved, d_tau, d_sd


@_compiled
def integrals(columns, taus, sd, numbers, root, proportional):  # type: ignore[no-untyped-def]
    """Return the log marginal likelihood for columns (point, level, trial, arm) at each tau: (point, tau).

    Then mean (point, tau, common) and covariance of the common parameters there.
    """
    n, prior = numbers[0], (numbers[10], numbers[11])
    constant, cross, gram, _, _, _ = others(numbers, sd)
    points, common = columns.shape[0], prior[0].shape[0]
    value = np.zeros((points, taus.shape[0]))
    mean, covariance = np.zeros((*value.shape, common)), np.zeros((*value.shape, common, common))
    for i in range(points):
        for k in range(taus.shape[0]):
            found = eliminate(columns[i], taus[k], n, cross, gram, prior, root, proportional)
            value[i, k] = found[0] + constant.sum()
            mean[i, k] = found[7]
            inverse(covariance[i, k], found[6])
    return value, mean, covariance


@_inlined
def draw_others(v, common, columns, tau, forms, prior, root, proportional, normals):  # type: ignore[no-untyped-def]
    """Fill one draw of (trial effects, shared) by trial, and of the common parameters, from standard normals."""
    n, cross, gram = forms
    _, t, _, lower, gain, mean, q, level = eliminate(columns, tau, n, cross, gram, prior, root, proportional)
    backward(q, common)
    for k in range(common.shape[0]):
        common[k] += level[k]
    trials, p, d = t.shape
    own = d - common.shape[0]
    for j in range(trials):
        backward(lower[j], normals[j])
        for i in range(own):
            normals[j, i] += mean[j, i]
            for k in range(common.shape[0]):
                normals[j, i] -= gain[j, i, k] * common[k]
        for i in range(p):
            v[j, i] = 0.0
            for m in range(own):
                v[j, i] += t[j, i, m] * normals[j, m]
            for k in range(common.shape[0]):
                v[j, i] += t[j, i, own + k] * common[k]


@_inner
def draw_own(u, v, s, j, numbers, basis):  # type: ignore[no-untyped-def]
    """Turn standard normals ``u`` into a draw of a trial's intercept and slopes given its other coefficients."""
    scale, gamma, score, prior, rest = numbers[4], numbers[5], numbers[6], numbers[7], numbers[8]
    own, x = u.shape[0], u.copy()
    for e in range(own):
        a = 1.0 + (s - scale[j]) * gamma[j, e]
        value = s * score[j, e] + prior[j, e]
        for i in range(v.shape[0]):
            value -= s * rest[j, e, i] * v[i]
        x[e] = value / a + x[e] / np.sqrt(a)
    for i in range(own):
        u[i] = 0.0
        for e in range(own):
            u[i] += basis[j, i, e] * x[e]


@_compiled
def draw_all(u, v, common, columns, tau, sd, numbers, basis, root, proportional, normals):  # type: ignore[no-untyped-def]
    """Fill a draw of the linear parameters for each draw of the others; all arrays but the data begin with axis draw.

    ``u`` (draw, trial, own), ``common`` (draw, common) and ``normals`` (draw, trial, deviation) hold standard normals
    and are overwritten, ``v`` (draw, trial, other) is filled.
    """
    prior = (numbers[10], numbers[11])
    for i in range(tau.shape[0]):
        _, cross, gram, _, _, _ = others(numbers, sd[i])
        forms = (numbers[0], cross, gram)
        draw_others(v[i], common[i], columns[i], tau[i], forms, prior, root, proportional, normals[i])
        for j in range(sd.shape[1]):
            draw_own(u[i, j], v[i, j], 1.0 / sd[i, j] ** 2, j, numbers, basis)
