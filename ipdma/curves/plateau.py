"""Every dose adds the same up to a number of doses, and nothing after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import MainCurve
from ipdma.priors.prior import Prior, Uniform


@dataclass(frozen=True)
class Plateau(MainCurve):
    """min(x, kappa) with its corner smoothed over about ``corner``, exactly 0 at 0.

    h(x) = (x + sqrt(kappa^2 + d^2) - sqrt((x - kappa)^2 + d^2)) / 2, d = ``corner``. A kappa above the largest x
    observed reads "no levelling within the range observed".

    Examples
    --------
    >>> curve = Plateau("number_of_doses")
    >>> bool(curve.relative(12.0, 5.0, kappa=5.0) < 1.1)
    True
    """

    corner: float = 0.5
    name: ClassVar[str] = "plateau"
    source: ClassVar[str] = "linear-plateau response with the hyperbolic corner of Griffiths & Miller 1973"

    def parameters(self, largest: float) -> Mapping[str, Prior]:
        """Return kappa ~ Uniform(0, twice the largest planned x)."""
        return {"kappa": Uniform(0.0, 2.0 * largest)}

    def shape(self, x: Any, kappa: Any) -> Any:
        """Return the smoothed min(x, kappa)."""
        d2 = self.corner**2
        return 0.5 * (x + np.sqrt(kappa**2 + d2) - np.sqrt((x - kappa) ** 2 + d2))
