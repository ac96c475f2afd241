"""Best at one value, less before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import Columns, Place, ShiftCurve
from ipdma.priors.prior import LogNormal, Prior, Uniform


@dataclass(frozen=True)
class Window(ShiftCurve):
    """exp(-(x - peak)^2 / (2 width^2)) from its value at the reference; both peak and width are estimated.

    The coefficient is the difference between the peak and far away from it, the most any move can do; scaled to a
    stated move it would grow without bounds where both ends are as far from the peak. What is reported is the effect of
    the stated move, read off the curve.

    Examples
    --------
    >>> float(Window("timing_min").shape(90.0, peak=90.0, width=30.0))
    1.0
    """

    name: ClassVar[str] = "window"
    source: ClassVar[str] = "Gaussian response curve with optimum and tolerance: ter Braak & Looman 1986"
    read_off: ClassVar[bool] = True
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = {"peak": (-np.inf, np.inf)}

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return the peak ~ Uniform over the planned range, and the width log-normal around a quarter of it."""
        del reference
        return {"peak": Uniform(smallest, largest), "width": LogNormal(0.25 * (largest - smallest), 0.5)}

    def shape(self, x: Any, peak: Any, width: Any) -> Any:
        """Return the height at ``x``, 1 at the peak."""
        return np.exp(-0.5 * ((x - peak) / width) ** 2)

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return the height at ``x`` less that at the reference."""
        return (self.shape(x, **parameters) - self.shape(place.reference, **parameters),)
