"""Do the curves rest on their priors?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.models.inputs import Inputs
from ipdma.priors.prior import Prior, Uniform
from ipdma.priors.scaled import scaled
from ipdma.sensitivity.sensitivity import Sensitivity, with_priors


@dataclass(frozen=True)
class CurvePriors(Sensitivity):
    """Half and twice as wide: the priors of all moves of shift curves, and those of each parameter such as kappa.

    A uniform prior keeps its lower end. Where a parameter cannot lie beyond its bounds, its prior does not either.
    """

    factors: tuple[float, ...] = (0.5, 2.0)
    name: ClassVar[str] = "curve_priors"
    question: ClassVar[str] = "the priors of moves and of curves' parameters half and twice as wide"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis with each set of priors; nothing where it has no curve."""
        inputs = analysis.inputs
        described = inputs.priors.described
        moves = [name for term in inputs.terms for name in term.coefficients if name != "effect"]
        for factor in self.factors:
            wider = {name: prior for name in moves if (prior := scaled(described[name], factor)) is not None}
            if wider:
                yield f"moves' priors {factor:g} times as wide", with_priors(analysis, wider)
            for name, prior in _parameters(inputs, factor).items():
                yield f"{name} ~ {prior}", with_priors(analysis, {name: prior})


def _parameters(inputs: Inputs, factor: float) -> Mapping[str, Prior]:
    found = {}
    for term in inputs.terms:
        for name in term.parameters:
            prior = _wider(inputs.priors.described[name], factor, *term.bounds[name])
            if prior is not None:
                found[name] = prior
    return found


def _wider(prior: Prior, factor: float, lowest: float, highest: float) -> Prior | None:
    if not isinstance(prior, Uniform):
        return scaled(prior, factor)
    lower, upper = prior.numbers(1.0)
    wider = Uniform(lower, lower + factor * (upper - lower))
    return wider if lowest <= lower and wider.numbers(1.0)[1] <= highest else None
