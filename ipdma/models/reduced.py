"""The numbers of the elimination with each trial's own intercept and slopes eliminated, residual SDs given.

What is left costs a fraction at each further point of a grid.
"""

import numpy as np

# What the elimination reads, in its order.
LINEAR = ("n", "gram", "cross", "square", "own_mean", "own_precision", "common_mean", "common_precision")


def reduced(numbers: tuple[np.ndarray, ...], sd: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the numbers of the elimination, residual SDs 1, with each trial's intercept and slopes eliminated.

    What is left is known up to a constant that depends on the residual SDs only.
    """
    n, gram, cross, square, own_mean, own_precision, common_mean, common_precision = numbers
    e, scale = len(own_precision), 1.0 / sd**2
    gram, cross = gram * scale[:, None, None], cross * scale[:, None]
    own = gram[:, :e, :e] + np.diag(own_precision)
    score = cross[:, :e] + own_precision * own_mean
    solved = np.linalg.solve(own, np.concatenate([gram[:, :e, e:], score[..., None]], axis=-1))
    left = gram[:, e:, e:] - gram[:, e:, :e] @ solved[..., :-1]
    right = cross[:, e:] - (gram[:, e:, :e] @ solved[..., -1:])[..., 0]
    parts = (n, left, right, 0.0 * square, np.zeros((len(n), 0)), np.zeros(0), common_mean, common_precision)
    return tuple(np.ascontiguousarray(part) for part in parts)
