"""A shift that saturates: every further unit adds less."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ipdma.curves.curve import ShiftCurve
from ipdma.priors.prior import LogNormal, Prior


@dataclass(frozen=True)
class EmaxShift(ShiftCurve):
    """x / (ED50 + x), from the reference, in stated moves; for x above zero.

    Examples
    --------
    >>> round(EmaxShift("dose").per_move(150.0, 50.0, (50.0, 150.0), ed50=100.0), 12)
    1.0
    """

    name: ClassVar[str] = "emax"
    source: ClassVar[str] = "Emax model: Hill 1910; in dose-response meta-analysis Thomas, Sweeney & Somayaji 2014"
    above_zero: ClassVar[bool] = True

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return ED50 log-normal around a quarter of the largest planned x, with 95 % within a factor of 7."""
        del smallest, reference
        return {"ed50": LogNormal(0.25 * largest, 1.0)}

    def shape(self, x: Any, ed50: Any) -> Any:
        """Return the share of the largest possible effect."""
        return x / (ed50 + x)
