"""A stated change of the analysis: other people, another visit, other options."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from ipdma.analysis import Analysis
from ipdma.errors import AnalysisError, DesignError, PriorError
from ipdma.models.one_stage import OneStage
from ipdma.sensitivity.sensitivity import Sensitivity


@dataclass(frozen=True, eq=False)
class Patch(Sensitivity):
    """The analyses of a changed analysis file, each beside the stated one of the same kind.

    Parameters
    ----------
    label
        What the file calls the change.
    analyses
        What the changed file asks for: the plain model and those beside it.
    """

    label: str
    analyses: tuple[Analysis, ...]
    name: ClassVar[str] = "stated changes"
    question: ClassVar[str] = "changes of the analysis file, as stated in it"

    def variants(self, analysis: Analysis) -> Iterator[tuple[str, Analysis]]:
        """Yield the first analysis of the same kind: plain, with interactions across trials, or with curves."""
        kind = kind_of(analysis.model)
        for changed in [other for other in self.analyses if kind_of(other.model) == kind][:1]:
            try:
                yield self.label, beside(analysis, changed)
            except (AnalysisError, DesignError, PriorError):
                yield self.label, changed  # refused again, with its reason, when it is to be fitted


def kind_of(model: OneStage) -> str:
    """Return ``curve``, ``interactions`` (across trials, without curves) or ``plain``."""
    if model.main is not None or model.shifts:
        return "curve"
    return "interactions" if model.interaction_across else "plain"


def beside(stated: Analysis, changed: Analysis) -> Analysis:
    """Return the changed analysis with the constants of the stated one.

    A change that leaves whole trials out and nothing else is the stated analysis without them: no code is compiled.
    """
    lost = _trials_lost(stated, changed)
    if lost:
        return stated.leave_out(*lost)
    # The largest number of doses among fewer trials would give kappa another prior.
    described, names = stated.inputs.priors.described, set(stated.inputs.sampled)
    same_curves = (stated.model.main, stated.model.shifts) == (changed.model.main, changed.model.shifts)
    pinned = {name: described[name] for name in names} if same_curves and not _restated(stated, changed) else {}
    model = replace(changed.model, priors={**pinned, **changed.model.priors})
    return replace(changed, model=model, constants_of=stated.design)


def _restated(stated: Analysis, changed: Analysis) -> bool:
    """Whether the change is about what the curves' own priors are made from."""
    models = stated.model, changed.model
    return models[0].levelling != models[1].levelling or stated.estimand.reference != changed.estimand.reference


def _trials_lost(stated: Analysis, changed: Analysis) -> list[str]:
    """Return the trials left out where that is the only change; else nothing."""
    same = replace(changed.estimand, include=stated.estimand.include) == stated.estimand
    if not same or changed.model != stated.model:
        return []
    lost = [trial for trial in stated.design.trials if trial not in changed.design.trials]
    rows = stated.design.rows
    left = rows[~rows["trial"].isin(lost)].reset_index(drop=True)
    return lost if list(left.columns) == list(changed.design.rows) and left.equals(changed.design.rows) else []
