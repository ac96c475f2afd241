"""Does the answer rest on how alike the active arms of a trial are?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.sensitivity.sensitivity import Sensitivity


@dataclass(frozen=True)
class ArmCorrelation(Sensitivity):
    """Deviations of a trial's active arms correlated 0 and 0.9 instead of 0.5."""

    correlations: tuple[float, ...] = (0.0, 0.9)
    name: ClassVar[str] = "arm_correlation"
    question: ClassVar[str] = "active arms of a trial uncorrelated, and correlated 0.9"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with each correlation; nothing where no trial has several active arms, or without tau."""
        several = analysis.design.arms["trial"].duplicated().any() and analysis.inputs.random
        stated = analysis.model.arm_correlation
        if not several or analysis.inputs.proportional:
            return
        for correlation in self.correlations:
            if correlation != stated:
                model = replace(analysis.model, arm_correlation=correlation)
                yield f"correlation of a trial's arms {correlation:g}", analysis.with_model(model)
