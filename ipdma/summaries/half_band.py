"""The inner band of a curve: half the probability."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ipdma.summaries.profile_effect import effects_along

if TYPE_CHECKING:
    from ipdma.fit import Fit


def half_band(fit: "Fit", variable: str, x: Sequence[float]) -> list[dict[str, float]]:
    """Return the 25 and 75 % points of the effect at each value of a variable, the others at their reference."""
    effects = effects_along(fit, variable, np.array(x, dtype=np.float64))
    ends = [np.quantile(effect, [0.25, 0.75]) for effect in effects]
    return [{"q25": float(low), "q75": float(high)} for low, high in ends]
