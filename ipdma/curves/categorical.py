"""An effect for each planned value, with no shape between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import Columns, MainCurve, Place
from ipdma.errors import DesignError
from ipdma.priors.prior import Normal, Prior, Sd


@dataclass(frozen=True)
class Categorical(MainCurve):
    """The effect at the reference, and for each other planned level its difference from it.

    Between levels the value of the nearest one; 0 at 0. The reference must be one of the levels.

    Examples
    --------
    >>> place = Place(reference=5.0, levels=(1.0, 5.0, 12.0))
    >>> [float(column) for column in Categorical("number_of_doses").columns(12.0, place)]
    [1.0, 0.0, 1.0]
    """

    name: ClassVar[str] = "categorical"
    source: ClassVar[str] = "treatment contrasts against the reference level"
    additive: ClassVar[bool] = True
    steps: ClassVar[bool] = True
    levels_only: ClassVar[bool] = True

    def coefficients(self, place: Place) -> Mapping[str, Prior]:
        """Return the effect ~ Normal(0, s) and each level's difference from the reference ~ Normal(0, 0.5 s)."""
        others = {f"curves.{self.variable}[{level:g}]": Normal(0.0, Sd(0.5)) for level in self._others(place)}
        return {"effect": Normal(0.0, Sd(1.0)), **others}

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return whether there is a dose, and for each other level whether x is nearest to it."""
        x, levels = np.asarray(x, dtype="float64"), np.array(place.levels)
        nearest = np.abs(x[..., None] - levels).argmin(axis=-1)
        dosed = (x > 0.0).astype("float64")
        return dosed, *(dosed * (levels[nearest] == level) for level in self._others(place))

    def _others(self, place: Place) -> tuple[float, ...]:
        if place.reference not in place.levels:
            raise DesignError(
                f"the reference of {self.variable} is {place.reference:g}, which no active arm has "
                f"({', '.join(f'{level:g}' for level in place.levels)}): a categorical curve is read at one of its "
                f"levels. State one: `reference: {{{self.variable}: ...}}`."
            )
        return tuple(level for level in place.levels if level != place.reference)
