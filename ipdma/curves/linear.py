"""Every dose adds the same."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from ipdma.curves.curve import MainCurve


@dataclass(frozen=True)
class Linear(MainCurve):
    """Proportional to x, through zero.

    Examples
    --------
    >>> Linear("number_of_doses").relative(10.0, 5.0)
    2.0
    """

    name: ClassVar[str] = "linear"
    source: ClassVar[str] = "proportionality through the origin"
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "cannot_answer"

    def shape(self, x: Any) -> Any:
        """Return ``x``."""
        return x
