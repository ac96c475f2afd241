"""What a sensitivity analysis is: a name, a question, and the analyses it puts beside the stated one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.priors.prior import Prior


@dataclass(frozen=True)
class Sensitivity:
    """A way to vary an analysis.

    A new one is one file with a ``name``, a ``question`` and ``variants``, and one name in the registry. Variants keep
    every constant taken from the data, and the kinds of priors where they can: the compiled code is then shared.
    """

    name: ClassVar[str]
    question: ClassVar[str]
    interactions: ClassVar[bool] = False  # True: it is about the interactions, so theirs are the numbers that count

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield label and analysis of each variant; nothing where the analysis has nothing to vary.

        A variant that the data cannot answer may be yielded: it is refused when its design is built, and reported.
        """
        raise TypeError("a Sensitivity is one of the named sensitivity analyses")


def with_priors(analysis: Analysis, priors: Mapping[str, Prior]) -> Analysis:
    """Return the analysis with some priors replaced; the others are those it has, spelled out or default."""
    return analysis.with_model(replace(analysis.model, priors={**analysis.model.priors, **priors}))
