"""Does the answer rest on what was assumed of the differences between trials?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.priors.prior import HalfCauchy, HalfNormal, Prior, Sd
from ipdma.sensitivity.sensitivity import Sensitivity, with_priors


@dataclass(frozen=True)
class TauPrior(Sensitivity):
    """Other priors of tau, in baseline SDs: half-normal with scale 0.25 and 1, half-Cauchy with scale 0.5.

    Source: Röver et al. 2021, on weakly informative priors of heterogeneity; Gelman 2006, on the half-Cauchy.
    """

    priors: tuple[Prior, ...] = (HalfNormal(Sd(0.25)), HalfNormal(Sd(1.0)), HalfCauchy(Sd(0.5)))
    name: ClassVar[str] = "tau_prior"
    question: ClassVar[str] = "other priors of tau, the differences between trials"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with each prior that is not its own; nothing where it has no tau."""
        stated = analysis.inputs.priors.described.get("tau")
        for prior in self.priors if stated is not None else ():
            if prior != stated:
                yield f"tau ~ {prior}", with_priors(analysis, {"tau": prior})
