"""The curves by the names an analysis file uses. A new curve: one file and one name here."""

from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.curves.hinge import Hinge
from ipdma.curves.linear import Linear
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau

MAIN_CURVES: dict[str, type[MainCurve]] = {curve.name: curve for curve in (Linear, Plateau)}
SHIFT_CURVES: dict[str, type[ShiftCurve]] = {curve.name: curve for curve in (LogLinear, Hinge)}
