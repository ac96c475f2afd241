"""The analyses of a file: those it asks for, and the sensitivity analyses it names, as values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ipdma.analysis import Analysis
from ipdma.analysis_file.read import AnalysisFile, patched
from ipdma.errors import AnalysisError
from ipdma.harmonize.consortium import Consortium
from ipdma.models.default_priors import across_columns

if TYPE_CHECKING:  # the sampler is loaded where something is sampled
    from ipdma.sensitivity.sensitivity import Sensitivity


def analyses_of(consortium: Consortium, file: AnalysisFile) -> tuple[Analysis, ...]:
    """Return the one-stage analyses of a file, the plain one first.

    Raises
    ------
    DesignError
        If the tables cannot answer the question.
    """
    plain, *beside = asked_for(consortium, file)
    _ = plain.design  # read once, also for the same model with interactions across trials
    beside = [plain.with_model(analysis.model) for analysis in beside]
    return (plain, *(analysis for analysis in beside if not _across_for_nothing(analysis)))


def asked_for(consortium: Consortium, file: AnalysisFile) -> tuple[Analysis, ...]:
    """Return the one-stage analyses a file asks for, no design built; nothing is refused."""
    models = (file.plain, *file.beside)
    return tuple(Analysis(consortium=consortium, estimand=file.estimand, model=model) for model in models)


def _across_for_nothing(analysis: Analysis) -> bool:
    """Whether interactions across trials are asked for where all trial means are equal."""
    return analysis.model.interaction_across and not across_columns(analysis.design)


def sensitivities(
    consortium: Consortium, file: AnalysisFile, only: Sequence[str] | None = None
) -> "tuple[Sensitivity, ...]":
    """Return the sensitivity analyses a file names, or those asked for, in their order.

    Parameters
    ----------
    consortium, file
        The trials and the question.
    only
        Names of built-in ones or of changes stated in the file; None: all that the file names.

    Raises
    ------
    AnalysisError
        If a name is unknown, or a stated change asks for a two-stage analysis.
    """
    stated = {variant[0]: variant[1] for variant in file.sensitivity if not isinstance(variant, str)}
    wanted = [variant if isinstance(variant, str) else variant[0] for variant in file.sensitivity]
    wanted = wanted if only is None else list(dict.fromkeys(only))
    if not wanted:
        return ()
    from ipdma.sensitivity.patch import Patch
    from ipdma.sensitivity.registry import named

    found: list[Sensitivity] = []
    for name in wanted:
        if name not in stated:
            found += named([name], also=stated)
            continue
        changed = patched(file, stated[name])
        if changed.form == "two_stage":
            raise AnalysisError(
                f"{file.name}.yaml: the sensitivity analysis '{name}' asks for a two-stage analysis. It stands beside "
                "the headline already; an analysis file of its own gives it a report."
            )
        found.append(Patch(label=name, analyses=asked_for(consortium, changed)))
    return tuple(found)


def refuse_without_sampler(file: AnalysisFile, only: Sequence[str] | None) -> None:
    """Refuse sensitivity analyses of a two-stage analysis.

    Raises
    ------
    AnalysisError
        If there is one.
    """
    if only or (only is None and file.sensitivity):
        raise AnalysisError(
            f"{file.name}.yaml: sensitivity analyses refit a one-stage model, and its form is two_stage. "
            "Leave sensitivity out, or write model: {form: one_stage}."
        )
