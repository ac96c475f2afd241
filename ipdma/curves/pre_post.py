"""One difference between before and after a point."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import ShiftCurve


@dataclass(frozen=True)
class PrePost(ShiftCurve):
    """0 below ``at``, 1 from there on.

    Examples
    --------
    >>> float(PrePost("timing_min").per_move(-30.0, 60.0, (60.0, -60.0)))
    1.0
    """

    at: float = 0.0
    name: ClassVar[str] = "pre_post"
    source: ClassVar[str] = "indicator of two groups"
    steps: ClassVar[bool] = True

    def shape(self, x: Any) -> Any:
        """Return whether ``x`` lies at or above ``at``."""
        return (np.asarray(x) >= self.at).astype("float64")
