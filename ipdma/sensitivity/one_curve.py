"""Do the curves of a model rest on each other?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.models.default_priors import default_priors
from ipdma.sensitivity.sensitivity import Sensitivity


@dataclass(frozen=True)
class OneCurve(Sensitivity):
    """Each curve of the model alone: dosing variables of trials go together, so one curve may stand for another."""

    name: ClassVar[str] = "curves"
    question: ClassVar[str] = "each curve of the model alone"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with each curve alone; nothing where it has fewer than two."""
        main, shifts = analysis.model.main, analysis.model.shifts
        if (main is not None) + len(shifts) < 2:
            return
        if main is not None:
            yield f"only {main.title} over {main.variable}", _with_curves(analysis, main, ())
        for shift in shifts:
            yield f"only {shift.title} over {shift.variable}", _with_curves(analysis, None, (shift,))


def _with_curves(analysis: Analysis, main: MainCurve | None, shifts: tuple[ShiftCurve, ...]) -> Analysis:
    """Return the analysis with these curves and those of its priors that are of parameters left."""
    stated, levelling = analysis.model, analysis.model.levelling if main is not None else None
    bare = analysis.with_model(replace(stated, main=main, shifts=shifts, levelling=levelling, priors={}))
    known = default_priors(bare.design, bare.model)
    priors = {name: prior for name, prior in stated.priors.items() if name in known}
    return bare.with_model(replace(bare.model, priors=priors))
