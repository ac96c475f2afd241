"""Every dose adds the same up to a number of doses, and nothing after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ipdma.curves.curve import MainCurve
from ipdma.curves.levelling import Levelling
from ipdma.priors.prior import Prior, Uniform


@dataclass(frozen=True)
class Plateau(MainCurve):
    """min(x, kappa) with its corner smoothed over about ``corner``, exactly 0 at 0.

    h(x) = (x + sqrt(kappa^2 + d^2) - sqrt((x - kappa)^2 + d^2)) / 2, d = ``corner``, 0.5 of a variable without a unit;
    of another it must be stated, in the unit of its reference. A kappa above the largest x
    observed reads "no levelling within the range observed".

    Examples
    --------
    >>> curve = Plateau("number_of_doses")
    >>> bool(curve.relative(12.0, 5.0, kappa=5.0) < 1.1)
    True
    """

    corner: float | None = None
    name: ClassVar[str] = "plateau"
    source: ClassVar[str] = "linear-plateau response with the hyperbolic corner of Griffiths & Miller 1973"
    length: ClassVar[tuple[str, float, float]] = ("corner", 0.5, 0.25)
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "claim"

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return kappa ~ Uniform(0, twice the largest planned x)."""
        del smallest, reference
        return {"kappa": Uniform(0.0, 2.0 * largest)}

    def shape(self, x: Any, kappa: Any) -> Any:
        """Return the smoothed min(x, kappa)."""
        d2 = self.settings["corner"] ** 2
        return 0.5 * (x + np.sqrt(kappa**2 + d2) - np.sqrt((x - kappa) ** 2 + d2))

    def levelled(self, levelling: Levelling, reference: float) -> Mapping[str, Prior]:
        """Return kappa ~ Uniform(0, K): half of it below the kappa at which a sharp corner just stops rising.

        Up to l0 the late gain is zero; beyond, (kappa - l0) / (l1 - l0) of the early one, which is a quarter at K / 2.
        """
        del reference
        start, end = levelling.late
        return {"kappa": Uniform(0.0, 2.0 * (start + 0.25 * (end - start)))}
