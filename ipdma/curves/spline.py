"""A smooth rise of cubic pieces between stated knots, straight before the first and after the last of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ipdma.curves.curve import Columns, MainCurve, Place
from ipdma.errors import AnalysisError, DesignError
from ipdma.priors.prior import Normal, Prior, Sd

_FEWEST, _MOST = 3, 7
_POINTS = 1001  # between 0 and the largest x, where the largest departure is looked for
_EXAMPLE = "for example {spline: {knots: [0, 10, 30]}}"


@dataclass(frozen=True)
class Spline(MainCurve):
    """D(x) = effect x / reference + sum of bend[b] (R(x) - R(reference) x / reference) / w over the inner knots b.

    R is the nonlinear term of Harrell's restricted cubic spline on three knots, b and its neighbors a and c, divided by
    (c - a)^2: straight up to a and from c on, its slope growing in between, fastest at b. With three knots in all this
    is Harrell's basis. With more, these terms span the same curves as his, but all of his bend most at the last knot
    but one; here each bends at a knot of its own, and one prior fits them all. No knot lies below zero, so D(0) = 0.
    ``effect`` is D(reference) exactly, wherever the reference lies above zero. Beyond the last knot D goes straight on.

    w, the largest size of the parentheses between 0 and the largest planned x, makes ``bend[b]`` the largest departure
    from proportionality that bending at b alone makes, in outcome units. Its SD follows from the quadratic's, whose
    only bend has the SD s. Every R is convex, hence all departures are negative before the reference and positive after
    it: they are much alike, and m independent ones of one SD add up to at most sqrt(m) times it. So each has the SD
    s / sqrt(m): the whole departure has one of at most s at any x, and further knots let the curve bend in more places,
    not more in all.

    Parameters
    ----------
    knots
        Three to seven in ascending order, none below zero, in the unit of the reference. The first is best at 0 or at
        the smallest x, the last at the largest.

    Raises
    ------
    AnalysisError
        If the knots are no numbers, too few, too many, below zero, repeated or out of order.

    Examples
    --------
    >>> curve, place = Spline("dose", knots=(0.0, 10.0, 30.0)), Place(reference=20.0, largest=30.0)
    >>> list(curve.coefficients(place))
    ['effect', 'bend[10]']
    >>> [round(float(column), 12) for column in curve.columns(30.0, place)]
    [1.5, 1.0]
    """

    knots: tuple[float, ...] = ()
    name: ClassVar[str] = "spline"
    source: ClassVar[str] = (
        "restricted cubic spline: Harrell 2015, Regression Modeling Strategies, section 2.4.5; as a dose-response "
        "through the origin Crippa & Orsini 2016"
    )
    additive: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse knots that no spline goes by."""
        object.__setattr__(self, "knots", _numbers(self.knots))
        if not _FEWEST <= len(self.knots) <= _MOST:
            raise AnalysisError(
                f"a spline takes {_FEWEST} to {_MOST} knots, and has {len(self.knots)}{_listed(self.knots)}: fewer "
                f"make a straight line, and more bend where no trials tell. State them, {_EXAMPLE}."
            )
        _refuse_order(self.knots)

    def coefficients(self, place: Place) -> Mapping[str, Prior]:
        """Return the effect ~ Normal(0, s) and the bend at each of the m inner knots ~ Normal(0, s / sqrt(m))."""
        del place
        inner = self.knots[1:-1]
        bend = Normal(0.0, Sd(len(inner) ** -0.5))
        return {"effect": Normal(0.0, Sd(1.0)), **{f"bend[{knot:.12g}]": bend for knot in inner}}

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return x / reference, and by inner knot the departure from it in shares of the largest one.

        Raises
        ------
        DesignError
            If a bend begins where no active arm is: nothing would tell it.
        """
        self._refuse_beyond(place)
        planned = np.linspace(0.0, max(place.reference, place.largest), _POINTS)
        threes = list(zip(self.knots, self.knots[1:], self.knots[2:], strict=False))
        largest = [np.abs(_departure(planned, place.reference, three)).max() for three in threes]
        bends = [_departure(x, place.reference, three) / w for three, w in zip(threes, largest, strict=True)]
        return x / place.reference, *bends

    def _refuse_beyond(self, place: Place) -> None:
        start, knot = self.knots[-3:-1]
        if start >= place.largest:
            raise DesignError(
                f"the spline of {self.variable} bends at its knot {knot:g} from {start:g} on, but no active arm has "
                f"more than {place.largest:g}: up to there the curve is straight whatever that bend, and no data can "
                f"tell it. Take knots of which at most the last two lie at {place.largest:g} or beyond."
            )


def _numbers(knots: Any) -> tuple[float, ...]:
    try:
        found = tuple(float(knot) for knot in knots)
    except (TypeError, ValueError):
        found = (np.nan,)
    if not np.isfinite(found).all():
        raise AnalysisError(
            f"the knots of a spline are a list of numbers without a unit, in that of the reference, not {knots!r}: "
            f"{_EXAMPLE}."
        )
    return found


def _refuse_order(knots: tuple[float, ...]) -> None:
    if knots[0] < 0.0:
        raise AnalysisError(
            f"the first knot of a spline is {knots[0]:g}, but nothing is given below zero, where a main curve is "
            f"zero. Begin at 0 or above, {_EXAMPLE}."
        )
    if any(later <= knot for knot, later in zip(knots, knots[1:], strict=False)):
        raise AnalysisError(
            f"the knots of a spline ascend, each stated once, and these do not{_listed(knots)}: sort them and leave "
            "out what is repeated."
        )


def _listed(knots: tuple[float, ...]) -> str:
    return f" ({', '.join(f'{knot:g}' for knot in knots)})" if knots else ""


def _departure(x: Any, reference: Any, knots: tuple[float, ...]) -> Any:
    """Return what bending between three knots adds to proportionality: 0 at 0 and at the reference."""
    return _bend(x, *knots) - _bend(reference, *knots) * (x / reference)


def _bend(x: Any, a: float, b: float, c: float) -> Any:
    """Return Harrell's nonlinear term of three knots."""
    pieces = _cubed(x - a) - _cubed(x - b) * ((c - a) / (c - b)) + _cubed(x - c) * ((b - a) / (c - b))
    return pieces / (c - a) ** 2


def _cubed(x: Any) -> Any:
    """Return the cube of the part above zero; products, as a power of a number and of an array differ in rounding."""
    above = 0.5 * (x + np.abs(x))
    return above * above * above
