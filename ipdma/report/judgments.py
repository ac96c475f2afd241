"""What an interval says in words; every sentence follows from the numbers it stands beside."""

from collections.abc import Mapping
from typing import Literal

Verdict = Literal["includes_zero", "favors_treatment", "favors_control"]


def includes_zero(estimate: Mapping[str, float]) -> bool:
    """Return whether the 95 % interval of an estimate includes zero."""
    return estimate["q2.5"] <= 0.0 <= estimate["q97.5"]


def verdict(estimate: Mapping[str, float], direction: str) -> Verdict:
    """Return which side the whole interval of an effect favors, if it is on one side."""
    if includes_zero(estimate):
        return "includes_zero"
    below = estimate["q97.5"] < 0.0
    return "favors_treatment" if below == (direction == "higher_is_worse") else "favors_control"
