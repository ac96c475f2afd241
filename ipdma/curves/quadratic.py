"""A rise that bends, and may turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ipdma.curves.curve import Columns, MainCurve, Place
from ipdma.priors.prior import Normal, Prior, Sd


@dataclass(frozen=True)
class Quadratic(MainCurve):
    """D(x) = effect x / reference + bend x (x - reference) / c, through zero.

    c, the largest size of x (x - reference) between 0 and the largest planned x, makes ``bend`` the largest departure
    from proportionality within that range. ``effect`` is D(reference) exactly.

    Examples
    --------
    >>> place = Place(reference=5.0, largest=10.0)
    >>> Quadratic("number_of_doses").columns(10.0, place)
    (2.0, 1.0)
    """

    name: ClassVar[str] = "quadratic"
    source: ClassVar[str] = "quadratic dose-response through the origin: Crippa & Orsini 2016"
    additive: ClassVar[bool] = True

    def coefficients(self, place: Place) -> Mapping[str, Prior]:
        """Return the effect ~ Normal(0, s) and the bend ~ Normal(0, s): levelling off needs a bend of that size."""
        del place
        return {"effect": Normal(0.0, Sd(1.0)), "bend": Normal(0.0, Sd(1.0))}

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return x / reference and x (x - reference) / c."""
        reference, largest = place.reference, place.largest
        scale = max(reference**2 / 4.0, largest * (largest - reference))
        return x / reference, x * (x - reference) / scale
