"""A curve's own parameter through a score without bounds, standard normal under its prior wherever that is possible."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import special

from ipdma.priors.prior import HalfNormal, LogNormal, Normal, Prior, Uniform


def of_score(
    kind: type[Prior], score: Any, numbers: Sequence[Any], *, erf: Callable[[Any], Any] = special.erf
) -> tuple[Any, Any]:
    """Return the parameter at a score, and the prior's log density in the score up to a constant.

    Parameters
    ----------
    erf
        The error function of the arrays given: SciPy's, or PyTensor's for its variables.

    Raises
    ------
    TypeError
        If no curve's parameter takes a prior of this kind.
    """
    normal = -0.5 * score**2
    if kind is Uniform:
        lower, upper = numbers
        return lower + (upper - lower) * 0.5 * (1.0 + erf(score / np.sqrt(2.0))), normal
    if kind is Normal:
        mean, sd = numbers
        return mean + sd * score, normal
    if kind is LogNormal:
        median, sigma = numbers
        return median * np.exp(sigma * score), normal
    if kind is HalfNormal:
        value = numbers[0] * np.exp(score)
        return value, kind.logp(value, *numbers) + score
    raise TypeError(f"no curve has a parameter with a {kind.kind} prior")
