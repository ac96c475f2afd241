"""Does the answer rest on the prior of the effect?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.priors.scaled import scaled
from ipdma.sensitivity.sensitivity import Sensitivity, with_priors


@dataclass(frozen=True)
class EffectPrior(Sensitivity):
    """The prior of the effect with half and twice its SD."""

    factors: tuple[float, ...] = (0.5, 2.0)
    name: ClassVar[str] = "effect_prior"
    question: ClassVar[str] = "the prior of the effect half and twice as wide"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with each prior; nothing where it is flat."""
        stated = analysis.inputs.priors.described["effect"]
        for factor in self.factors:
            prior = scaled(stated, factor)
            if prior is not None:
                yield f"effect ~ {prior}", with_priors(analysis, {"effect": prior})
