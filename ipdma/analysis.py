"""An analysis: which data, which question, which model."""

from dataclasses import dataclass, replace
from functools import cached_property

from ipdma.design.design import Design, build_design
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage


@dataclass(frozen=True, eq=False)
class Analysis:
    """The unit of reproducibility: a frozen value; a sensitivity analysis is another value.

    Parameters
    ----------
    consortium, estimand, model
        The harmonized trials, the question, and the one-stage model.

    Examples
    --------
    >>> from dataclasses import fields
    >>> [field.name for field in fields(Analysis)]
    ['consortium', 'estimand', 'model']
    """

    consortium: Consortium
    estimand: Estimand
    model: OneStage

    @cached_property
    def design(self) -> Design:
        """The arrays the model reads.

        Raises
        ------
        DesignError
            If the tables cannot answer the question.
        """
        return build_design(self.consortium, self.estimand, self.model.terms)

    def with_model(self, model: OneStage) -> "Analysis":
        """Return the same question of the same data with another model."""
        return replace(self, model=model)

    def __repr__(self) -> str:
        e = self.estimand
        return f"<Analysis: {e.treatment} against {e.control}, {e.outcome} at {e.visit}, metric {e.metric}>"
