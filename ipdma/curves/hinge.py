"""Nothing up to a point, then linear."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import ShiftCurve


@dataclass(frozen=True)
class Hinge(ShiftCurve):
    """max(x - at, 0).

    Examples
    --------
    >>> float(Hinge("timing_min", at=60.0).per_move(90.0, 60.0, (60.0, 120.0)))
    0.5
    """

    at: float = 0.0
    name: ClassVar[str] = "hinge"
    source: ClassVar[str] = "truncated linear basis"

    def shape(self, x: Any) -> Any:
        """Return the part of ``x`` above ``at``."""
        return 0.5 * (x - self.at + np.abs(x - self.at))
