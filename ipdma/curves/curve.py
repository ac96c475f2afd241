"""What a curve is: a name, parameters with default priors, and one function of x and its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ipdma.priors.prior import Prior


@dataclass(frozen=True)
class Curve:
    """How an effect depends on one variable of the arms.

    ``shape`` is written once with exp, log, sqrt, tanh, power and abs: NumPy, xarray and PyTensor evaluate the same
    line (``where``, ``minimum`` and ``clip`` fail on PyTensor).
    """

    variable: str
    name: ClassVar[str]
    source: ClassVar[str]
    above_zero: ClassVar[bool] = False  # True: the shape has no value at x = 0 or below

    def parameters(self, largest: float) -> Mapping[str, Prior]:
        """Return the default prior of each parameter; ``largest`` is the largest planned x."""
        del largest
        return {}

    def shape(self, x: Any, *args: Any, **parameters: Any) -> Any:
        """Return the shape at ``x``, before it is scaled to its reference or move."""
        raise TypeError("a Curve is one of the named curves")


@dataclass(frozen=True)
class MainCurve(Curve):
    """A curve g with g(0) = 0 and g(reference) = 1: the treatment effect is ``effect`` times g."""

    def relative(self, x: Any, reference: Any, **parameters: Any) -> Any:
        """Return g(x), the effect at ``x`` as a share of the effect at the reference."""
        return self.shape(x, **parameters) / self.shape(reference, **parameters)


@dataclass(frozen=True)
class ShiftCurve(Curve):
    """A curve f with f(reference) = 0 and f(to) - f(from) = 1: its coefficient is the effect of the stated move."""

    def per_move(self, x: Any, reference: Any, move: tuple[Any, Any], **parameters: Any) -> Any:
        """Return f(x), in moves from the reference."""
        start, end = (self.shape(value, **parameters) for value in move)
        return (self.shape(x, **parameters) - self.shape(reference, **parameters)) / (end - start)
