"""Every further dose adds less, without end."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ipdma.curves.curve import MainCurve


@dataclass(frozen=True)
class Log(MainCurve):
    """log(1 + x / offset), which is 0 at 0; ``offset`` in the unit of the variable.

    Examples
    --------
    >>> round(float(Log("number_of_doses").relative(15.0, 3.0)), 12)
    2.0
    """

    offset: float = 1.0
    name: ClassVar[str] = "log"
    source: ClassVar[str] = "linear in log(x + offset), zero at no dose: Bornkamp, Pinheiro & Bretz 2009 (MCP-Mod)"
    scale: ClassVar[tuple[str, float]] = ("offset", 1.0)  # with a larger one the curve is a straight line
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "cannot_answer"

    def shape(self, x: Any) -> Any:
        """Return log(1 + x / offset)."""
        return np.log(1.0 + x / self.offset)
