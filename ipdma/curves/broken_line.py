"""A first slope up to a number of doses, then a second one, which may be negative."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Literal

import numpy as np
from scipy.optimize import brentq

from ipdma.curves.curve import Columns, MainCurve, Place
from ipdma.curves.levelling import Levelling
from ipdma.curves.plateau import Plateau
from ipdma.priors.prior import Prior, Uniform


@dataclass(frozen=True)
class BrokenLine(MainCurve):
    """h(x) = p(x) + ratio (x - p(x)), p the smoothed min(x, kappa): a second slope of ``ratio`` times the first.

    With a falling second slope h may cross zero, so the curve is additive: D(x) = size h(x) / H with
    H^2 = (p(reference)^2 + h(reference)^2) / 2, which is never zero. ``size`` carries the prior of the effect: the root
    mean square of the effects at the corner (at the reference, where that comes first) and at the reference, hence the
    effect at the reference itself where nothing bends before it, and under a flat second slope. ``corner`` is that of
    the plateau, 0.5 of a variable without a unit.

    Examples
    --------
    >>> curve = BrokenLine("number_of_doses", corner=0.0)
    >>> [float(curve.shape(x, kappa=4.0, ratio=-0.5)) for x in (0.0, 4.0, 8.0, 12.0)]
    [0.0, 4.0, 2.0, 0.0]
    """

    corner: float | None = None
    name: ClassVar[str] = "broken_line"
    source: ClassVar[str] = "two-phase regression of Hinkley 1969 with the hyperbolic corner of Griffiths & Miller 1973"
    additive: ClassVar[bool] = True
    read_off: ClassVar[bool] = True
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = {"ratio": (-1.0, 1.0)}
    length: ClassVar[tuple[str, float, float]] = ("corner", 0.5, 0.25)
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "claim"

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return kappa ~ Uniform(half the reference, largest planned x) and ratio ~ Uniform(-1, 1).

        With an earlier corner the curve may have the other sign at the reference than its rise, a second peak of the
        posterior apart from the first.
        """
        del smallest
        return {"kappa": Uniform(0.5 * min(reference, largest), largest), "ratio": Uniform(-1.0, 1.0)}

    def shape(self, x: Any, kappa: Any, ratio: Any) -> Any:
        """Return h(x), in first slopes."""
        first = Plateau(self.variable, self.corner).shape(x, kappa)
        return first + ratio * (x - first)

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return h(x) / H."""
        corner = Plateau(self.variable, self.corner).shape(place.reference, parameters["kappa"])
        there = self.shape(place.reference, **parameters)
        return (self.shape(x, **parameters) / np.sqrt(0.5 * (corner**2 + there**2)),)

    def levelled(self, levelling: Levelling, reference: float) -> Mapping[str, Prior]:
        """Return kappa ~ Uniform(lower, K), ratio ~ Uniform(-1, 1) with the largest K that gives P(not rising) = 1/2.

        The lower end is half the reference, or the first landmark where that comes later: a corner before it cannot be
        told from a straight line between the landmarks. Where no K gives 1/2, the K that comes nearest.
        """
        lower = max(levelling.early[0], 0.5 * reference)
        return {"kappa": Uniform(lower, _largest_kappa(levelling, reference, lower)), "ratio": Uniform(-1.0, 1.0)}


@lru_cache
def _largest_kappa(levelling: Levelling, reference: float, lower: float) -> float:
    tried = np.linspace(lower, 3.0 * levelling.late[1] + lower, 61)[1:]
    found = np.array([_prior_not_rising(levelling, reference, lower, upper) for upper in tried])
    enough = np.flatnonzero(found >= 0.5)
    if not len(enough):
        return float(tried[np.argmax(found)])
    last = int(enough[-1])
    ends = tried[last : last + 2]
    return float(brentq(lambda upper: _prior_not_rising(levelling, reference, lower, upper) - 0.5, *ends))


def _prior_not_rising(levelling: Levelling, reference: float, lower: float, upper: float) -> float:
    """Return P(not rising) given the reference's sign, kappa ~ Uniform(lower, upper) and ratio ~ Uniform(-1, 1)."""
    points = (np.arange(400) + 0.5) / 400
    kappa, ratio = (lower + (upper - lower) * points)[:, None], (2.0 * points - 1.0)[None, :]
    line = BrokenLine("", corner=0.0)
    sign = np.sign(line.shape(reference, kappa, ratio))
    return float(levelling.not_rising(lambda x: sign * line.shape(x, kappa, ratio)).mean())
