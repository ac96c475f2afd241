"""Every further dose adds less: the hyperbola of receptor occupancy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ipdma.curves.curve import MainCurve
from ipdma.curves.levelling import Levelling
from ipdma.errors import AnalysisError
from ipdma.priors.prior import LogNormal, Prior


@dataclass(frozen=True)
class Emax(MainCurve):
    """x / (ED50 + x), ED50 being the x with half of the largest possible effect.

    Examples
    --------
    >>> round(Emax("dose").relative(30.0, 10.0, ed50=10.0), 12)
    1.5
    """

    name: ClassVar[str] = "emax"
    source: ClassVar[str] = "Emax model: Hill 1910; in dose-response meta-analysis Thomas, Sweeney & Somayaji 2014"
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "claim"

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return ED50 log-normal around a quarter of the largest planned x, with 95 % within a factor of 7."""
        del smallest, reference
        return {"ed50": LogNormal(0.25 * largest, 1.0)}

    def shape(self, x: Any, ed50: Any) -> Any:
        """Return the share of the largest possible effect."""
        return x / (ed50 + x)

    def levelled(self, levelling: Levelling, reference: float) -> Mapping[str, Prior]:
        """Return ED50 log-normal around the ED50 at which the late gain is a quarter of the early one.

        Between a and b the gain per unit is ED50 / ((ED50 + a) (ED50 + b)), so that ED50 is the positive root of
        3 x^2 + (4 (e0 + e1) - l0 - l1) x + 4 e0 e1 - l0 l1.

        Raises
        ------
        AnalysisError
            If the landmarks are so close together that no Emax curve levels off between them.
        """
        del reference
        (e0, e1), (l0, l1) = levelling.early, levelling.late
        b, c = 4.0 * (e0 + e1) - l0 - l1, 4.0 * e0 * e1 - l0 * l1
        if c >= 0.0:
            raise AnalysisError(
                f"between {e0:g} and {e1:g} and {l0:g} and {l1:g} an emax curve cannot level off by the claim's rule: "
                "begin the early stretch lower or end the late one higher, or let a plateau carry the claim."
            )
        return {"ed50": LogNormal((-b + float(np.sqrt(b**2 - 12.0 * c))) / 6.0, 1.0)}
