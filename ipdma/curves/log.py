"""Every further dose adds less, without end."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ipdma.curves.curve import MainCurve


@dataclass(frozen=True)
class Log(MainCurve):
    """log(1 + x / offset), which is 0 at 0.

    ``offset`` is in the unit of the variable, 1 of one without a unit; of another it must be stated, in the unit of its
    reference.

    Examples
    --------
    >>> round(float(Log("number_of_doses").relative(15.0, 3.0)), 12)
    2.0
    """

    offset: float | None = None
    name: ClassVar[str] = "log"
    source: ClassVar[str] = "linear in log(x + offset), zero at no dose: Bornkamp, Pinheiro & Bretz 2009 (MCP-Mod)"
    length: ClassVar[tuple[str, float, float]] = ("offset", 1.0, 1.0)
    words: ClassVar[Literal["claim", "cannot_answer", "none"]] = "cannot_answer"

    def shape(self, x: Any) -> Any:
        """Return log(1 + x / offset)."""
        return np.log(1.0 + x / self.settings["offset"])
