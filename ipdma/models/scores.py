"""A curve's own parameter through a score without bounds, standard normal under its prior wherever that has a name."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ipdma.models.backend import pt
from ipdma.priors.prior import HalfNormal, LogNormal, Normal, Prior, Uniform


def of_prior(kind: type[Prior], score: Any, numbers: Sequence[Any]) -> tuple[Any, Any]:
    """Return the parameter at a score, and the prior's log density in the score up to a constant.

    Raises
    ------
    TypeError
        If no curve's parameter takes a prior of this kind.
    """
    normal = -0.5 * score**2
    if kind is Uniform:
        lower, upper = numbers
        return lower + (upper - lower) * 0.5 * (1.0 + pt.erf(score / np.sqrt(2.0))), normal
    if kind is Normal:
        mean, sd = numbers
        return mean + sd * score, normal
    if kind is LogNormal:
        median, sigma = numbers
        return median * pt.exp(sigma * score), normal
    if kind is HalfNormal:
        value = numbers[0] * pt.exp(score)
        return value, kind.logp(value, *numbers) + score
    raise TypeError(f"no curve has a parameter with a {kind.kind} prior")
