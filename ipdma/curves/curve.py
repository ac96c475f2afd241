"""What a curve is: a name, parameters and coefficients with default priors, and a function of x and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from ipdma.curves.levelling import Levelling
from ipdma.priors.prior import Normal, Prior, Sd

Columns = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a curve reads of a design; constants that are fixed once for an analysis.

    Parameters
    ----------
    reference
        The x at which the effect is read, in the unit of the variable's column.
    smallest, largest
        Smallest and largest planned x of an active arm.
    levels
        The distinct planned x of the active arms, in ascending order.
    move
        From and to of a shift's stated move.
    """

    reference: Any
    smallest: float = 0.0
    largest: float = 1.0
    levels: tuple[float, ...] = ()
    move: tuple[Any, Any] = (0.0, 1.0)


def stated(settings: Mapping[str, Any]) -> str:
    """Return settings of a curve in words.

    Examples
    --------
    >>> stated({"knots": (0.0, 2.5, 12.0)}), stated({"at": 60.0})
    ('knots 0, 2.5 and 12', 'at 60')
    """
    return ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in settings.items())


def _plain(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return f"{value:g}"
    *first, last = [f"{x:g}" for x in value]
    return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True)
class Curve:
    """How an effect depends on one variable of the arms: the sum of coefficients times columns.

    Coefficients enter the model linearly and are integrated out; parameters (kappa, ED50, a peak) shape the columns and
    are sampled. ``shape`` is written once with exp, log, sqrt, tanh, power and abs: NumPy, xarray and PyTensor evaluate
    the same line (``where``, ``minimum`` and ``clip`` fail on PyTensor).
    """

    variable: str
    name: ClassVar[str]
    source: ClassVar[str]
    above_zero: ClassVar[bool] = False  # True: the shape has no value at x = 0 or below
    steps: ClassVar[bool] = False  # True: the curve jumps between levels; it has no parameters, so no gradient is asked
    levels_only: ClassVar[bool] = False  # True: the curve says nothing between the values that some arm has
    read_off: ClassVar[bool] = False  # True: what is reported is read off the curve, and is no coefficient itself

    # Where each parameter may lie; above zero if nothing is said.
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = {}

    # A setting in the unit of x, what it is where x has no unit, and its largest share of the largest x: beyond that
    # the curve would hardly bend. Of a variable with a unit it is stated, as what is small depends on the unit.
    length: ClassVar[tuple[str, float, float]] = ("", 0.0, 0.0)

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the curve is beside its variable, such as the knots of a spline, defaults among it."""
        name, default, _ = self.length
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "variable"}
        return own | ({name: default} if name and own[name] is None else {})

    @property
    def changed(self) -> Mapping[str, Any]:
        """Those of its settings that are not the default."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "variable"}
        return {name: value for name, value in own.items() if value != getattr(type(self), name)}

    @property
    def title(self) -> str:
        """The curve's name, with those of its settings that are not the default.

        Examples
        --------
        >>> from ipdma.curves.plateau import Plateau
        >>> Plateau("number_of_doses").title, Plateau("number_of_doses", corner=0.2).title
        ('plateau', 'plateau (corner 0.2)')
        """
        return f"{self.name} ({stated(self.changed)})" if self.changed else self.name

    def parameters(self, largest: float, smallest: float = 0.0, reference: float = 0.0) -> Mapping[str, Prior]:
        """Return the default prior of each parameter, from the largest and smallest planned x and the reference."""
        del largest, smallest, reference
        return {}

    def shape(self, x: Any, *args: Any, **parameters: Any) -> Any:
        """Return the shape at ``x``, before it is scaled to its reference or move."""
        raise TypeError("a Curve is one of the named curves")


@dataclass(frozen=True)
class MainCurve(Curve):
    """A curve that is 0 at 0: the treatment effect along how much, or how often, was given.

    A curve that cannot cross zero is ``effect`` times g with g(0) = 0 and g(reference) = 1. One that can is additive:
    D(x) = sum of coefficients times columns with D(0) = 0, and ``effect`` is D(reference). ``words``: whether the claim
    of levelling off may be put in words (``claim``), the curve has no free levelling (``cannot_answer``), or carries
    numbers and figures only (``none``).
    """

    additive: ClassVar[bool] = False
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "none"

    def relative(self, x: Any, reference: Any, **parameters: Any) -> Any:
        """Return g(x), the effect at ``x`` as a share of the effect at the reference."""
        return self.shape(x, **parameters) / self.shape(reference, **parameters)

    def coefficients(self, place: Place) -> Mapping[str, Prior]:
        """Return the default prior of each coefficient, ``effect`` first."""
        del place
        return {"effect": Normal(0.0, Sd(1.0))}

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return what each coefficient is multiplied by at ``x``."""
        return (self.relative(x, place.reference, **parameters),)

    def levelled(self, levelling: Levelling, reference: float) -> Mapping[str, Prior]:
        """Return the priors under which the effect is as likely to go on rising as not, where the curve has any."""
        del levelling, reference
        return {}


@dataclass(frozen=True)
class ShiftCurve(Curve):
    """A curve f with f(reference) = 0 that is added where the variable is not at its reference.

    Where f has one coefficient and f(to) - f(from) = 1, the coefficient is the effect of the stated move.
    """

    def per_move(self, x: Any, reference: Any, move: tuple[Any, Any], **parameters: Any) -> Any:
        """Return f(x), in moves from the reference."""
        start, end = (self.shape(value, **parameters) for value in move)
        return (self.shape(x, **parameters) - self.shape(reference, **parameters)) / (end - start)

    def coefficients(self, place: Place) -> Mapping[str, Prior]:
        """Return the default prior of each coefficient, by what follows the variable's name (mostly nothing)."""
        del place
        return {"": Normal(0.0, Sd(0.25))}

    def columns(self, x: Any, place: Place, **parameters: Any) -> Columns:
        """Return what each coefficient is multiplied by at ``x``; all zero at the reference."""
        return (self.per_move(x, place.reference, place.move, **parameters),)
