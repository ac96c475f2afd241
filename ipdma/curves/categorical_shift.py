"""A difference for each planned value from that at the reference, with no shape between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import Columns, Place, ShiftCurve
from ipdma.errors import DesignError
from ipdma.priors.prior import Normal, Prior, Sd


@dataclass(frozen=True)
class CategoricalShift(ShiftCurve):
    """For each planned level but the reference its difference from it; what is reported is the stated move.

    Between levels the value of the nearest one. The reference and both ends of the move must be levels.

    Examples
    --------
    >>> place = Place(reference=60.0, levels=(0.0, 60.0, 120.0), move=(60.0, 120.0))
    >>> [float(column) for column in CategoricalShift("timing_min").columns(120.0, place)]
    [0.0, 1.0]
    """

    name: ClassVar[str] = "categorical"
    source: ClassVar[str] = "treatment contrasts against the reference level"
    steps: ClassVar[bool] = True
    levels_only: ClassVar[bool] = True
    read_off: ClassVar[bool] = True

    def coefficients(self, place: Place) -> Mapping[str, Prior]:
        """Return each level's difference from the reference ~ Normal(0, 0.25 s)."""
        return {f"[{level:g}]": Normal(0.0, Sd(0.25)) for level in self._others(place)}

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return for each level but the reference whether x is nearest to it."""
        x, levels = np.asarray(x, dtype="float64"), np.array(place.levels)
        nearest = levels[np.abs(x[..., None] - levels).argmin(axis=-1)]
        return tuple((nearest == level).astype("float64") for level in self._others(place))

    def _others(self, place: Place) -> tuple[float, ...]:
        for x in (place.reference, *place.move):
            if x not in place.levels:
                raise DesignError(
                    f"{x:g} is in the reference or move of {self.variable}, but no active arm has it "
                    f"({', '.join(f'{level:g}' for level in place.levels)}): a categorical curve is read at its levels."
                )
        return tuple(level for level in place.levels if level != place.reference)
