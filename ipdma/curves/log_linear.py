"""Every doubling adds the same."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import ShiftCurve


@dataclass(frozen=True)
class LogLinear(ShiftCurve):
    """Linear in the logarithm of x, for x above zero; never extrapolated to x = 0.

    Examples
    --------
    >>> round(float(LogLinear("dose").per_move(250.0, 50.0, (50.0, 250.0))), 12)
    1.0
    """

    name: ClassVar[str] = "log_linear"
    source: ClassVar[str] = "log-linear dose-response"
    above_zero: ClassVar[bool] = True

    def shape(self, x: Any) -> Any:
        """Return log ``x``."""
        return np.log(x)
