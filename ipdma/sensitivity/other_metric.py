"""Does the answer rest on the metric of the outcome?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, get_args

from ipdma.analysis import Analysis
from ipdma.estimand import Metric
from ipdma.sensitivity.sensitivity import Sensitivity


@dataclass(frozen=True)
class OtherMetric(Sensitivity):
    """The outcome on each other metric; its unit is another, so that signs and intervals compare, not sizes.

    Priors stated as numbers of outcome units would mean something else there: such an analysis is refused.
    """

    name: ClassVar[str] = "metric"
    question: ClassVar[str] = "the outcome on each other metric, as far as the data allow"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the analysis on each other metric; those the data do not allow are refused when they are built."""
        estimand = replace(analysis.estimand, minimal_important_difference=None)
        for metric in get_args(Metric):
            if metric != estimand.metric:
                other = replace(estimand, metric=metric)
                yield f"metric {metric}", replace(analysis, estimand=other, constants_of=analysis.design)
