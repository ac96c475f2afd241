"""The inner band of a curve: half the probability."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ipdma.summaries.profile_effect import profile_effect

if TYPE_CHECKING:
    from ipdma.fit import Fit


def half_band(fit: "Fit", variable: str, x: Sequence[float]) -> list[dict[str, float]]:
    """Return the 25 and 75 % points of the effect at each value of a variable, the others at their reference."""
    ends = [np.quantile(profile_effect(fit, {variable: float(value)}), [0.25, 0.75]) for value in x]
    return [{"q25": float(low), "q75": float(high)} for low, high in ends]
