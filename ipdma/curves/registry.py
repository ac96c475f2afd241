"""The curves by the names an analysis file uses. A new curve: one file and one name here.

A main curve and a shift may share a name: whether a variable is the main one says which is meant.
"""

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.categorical import Categorical
from ipdma.curves.categorical_shift import CategoricalShift
from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.curves.emax import Emax
from ipdma.curves.emax_shift import EmaxShift
from ipdma.curves.hinge import Hinge
from ipdma.curves.linear import Linear
from ipdma.curves.log import Log
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.curves.pre_post import PrePost
from ipdma.curves.quadratic import Quadratic
from ipdma.curves.spline import Spline
from ipdma.curves.window import Window

MAIN_CURVES: dict[str, type[MainCurve]] = {
    curve.name: curve for curve in (Linear, Log, Plateau, Emax, BrokenLine, Quadratic, Spline, Categorical)
}
SHIFT_CURVES: dict[str, type[ShiftCurve]] = {
    curve.name: curve for curve in (LogLinear, Hinge, Window, EmaxShift, CategoricalShift, PrePost)
}
