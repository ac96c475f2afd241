"""Does the answer rest on each trial having a residual SD of its own?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.sensitivity.sensitivity import Sensitivity


@dataclass(frozen=True)
class ResidualSd(Sensitivity):
    """One residual SD for all trials where they have their own, and the other way round."""

    name: ClassVar[str] = "residual_sd"
    question: ClassVar[str] = "one residual SD for all trials, or one for each"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with the other choice; nothing where there is one trial."""
        if len(analysis.design.trials) < 2:
            return
        if analysis.model.residual_sd == "by_trial":
            yield "one residual SD", analysis.with_model(replace(analysis.model, residual_sd="common"))
        else:
            yield "a residual SD for each trial", analysis.with_model(replace(analysis.model, residual_sd="by_trial"))
