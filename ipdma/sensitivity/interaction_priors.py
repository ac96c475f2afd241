"""Do the interactions rest on their priors?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.priors.scaled import scaled
from ipdma.sensitivity.sensitivity import Sensitivity, with_priors


@dataclass(frozen=True)
class InteractionPriors(Sensitivity):
    """The priors of the interactions, within and across trials, with twice and four times their SD."""

    factors: tuple[float, ...] = (2.0, 4.0)
    name: ClassVar[str] = "interaction_priors"
    question: ClassVar[str] = "the priors of interactions two and four times as wide"
    interactions: ClassVar[bool] = True

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with each set of priors; nothing where there is no modifier."""
        described = analysis.inputs.priors.described
        stated = {name: prior for name, prior in described.items() if name.startswith(("within.", "across."))}
        for factor in self.factors:
            wider = {name: prior for name, old in stated.items() if (prior := scaled(old, factor)) is not None}
            if wider:
                yield f"interactions' priors {factor:g} times as wide", with_priors(analysis, wider)
