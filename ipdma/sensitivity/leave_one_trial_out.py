"""Does the answer rest on one trial?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.sensitivity.sensitivity import Sensitivity


@dataclass(frozen=True)
class LeaveOneTrialOut(Sensitivity):
    """The analysis without each trial in turn; priors, reference and centers stay those of all trials."""

    name: ClassVar[str] = "leave_one_trial_out"
    question: ClassVar[str] = "each trial left out in turn"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis without each trial; nothing where there is one trial."""
        trials = analysis.design.trials
        for trial in trials if len(trials) > 1 else ():
            yield f"without {analysis.design.labels[trial]}", analysis.leave_out(trial)
