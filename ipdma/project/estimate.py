"""One analysis of a project: its designs first, so that a refusal comes before anything is written; then its fits."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from ipdma.analysis import Analysis
from ipdma.analysis_file.read import AnalysisFile
from ipdma.design.design import Design, build_design
from ipdma.errors import AnalysisError, DesignError, PriorError
from ipdma.harmonize.consortium import Consortium
from ipdma.models.default_priors import across_columns
from ipdma.models.inputs import build_inputs
from ipdma.models.two_stage import TwoStageFit, fit_estimates, fit_two_stage

if TYPE_CHECKING:  # a two-stage analysis needs no sampler
    from ipdma.fit import Fit

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """An analysis whose designs stand.

    ``one_stage`` holds the plain model first, then those beside it; empty in a two-stage analysis. ``design`` is the
    plain design, absent for given estimates.
    """

    file: AnalysisFile
    consortium: Consortium
    one_stage: tuple[Analysis, ...]
    design: Design | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """What was fitted: the one-stage fits (plain first), the two-stage one, and what is to be said of them."""

    prepared: Prepared
    fits: "tuple[Fit, ...]" = ()
    two_stage: TwoStageFit | None = None
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


def prepare(consortium: Consortium, file: AnalysisFile) -> Prepared:
    """Return the analysis with its designs built and its priors checked.

    Raises
    ------
    DesignError
        If the tables cannot answer the question.
    AnalysisError, PriorError
        If a prior does not fit a model.
    """
    if file.form == "two_stage":
        design = build_design(consortium, file.estimand) if len(consortium.tables["participants"]) else None
        return Prepared(file=file, consortium=consortium, one_stage=(), design=design)
    if not len(consortium.tables["participants"]) and len(consortium.tables["estimates"]):
        raise DesignError(
            "the trials give estimates and no participants, so no one-stage model can be fitted. "
            "Write model: {form: two_stage} in the analysis file."
        )
    models = (file.plain, *file.beside)
    analyses = tuple(Analysis(consortium=consortium, estimand=file.estimand, model=model) for model in models)
    analyses = tuple(analysis for analysis in analyses if not _across_for_nothing(analysis))
    for analysis in analyses:
        try:
            build_inputs(analysis.design, analysis.model)
        except (AnalysisError, PriorError) as error:
            raise AnalysisError(f"{file.name}.yaml: {error}") from None
    return Prepared(file=file, consortium=consortium, one_stage=analyses, design=analyses[0].design)


def _across_for_nothing(analysis: Analysis) -> bool:
    """Whether interactions across trials are asked for where all trial means are equal."""
    return analysis.model.interaction_across and not across_columns(analysis.design)


def estimate(prepared: Prepared, progress: Progress | None = None) -> Fitted:
    """Return the fits of an analysis.

    Raises
    ------
    FitError
        If a sampler fails.
    DesignError, PriorError
        If a two-stage analysis that is the headline has nothing to pool.
    """
    fits = _sampled(prepared, progress) if prepared.one_stage else ()
    two_stage, notes = _two_stage(prepared)
    seconds = {name: sum(item.seconds[name] for item in fits) for name in ("compile", "sample")} if fits else {}
    return Fitted(prepared=prepared, fits=fits, two_stage=two_stage, notes=notes, seconds=seconds)


def _sampled(prepared: Prepared, progress: Progress | None) -> "tuple[Fit, ...]":
    from ipdma.fit import fit

    sampling = asdict(prepared.file.sampling)
    return tuple(fit(analysis, **sampling, progress=progress) for analysis in prepared.one_stage)


def _two_stage(prepared: Prepared) -> tuple[TwoStageFit | None, tuple[str, ...]]:
    if prepared.design is None:
        return fit_estimates(prepared.consortium, prepared.file.two_stage), ()
    try:
        return fit_two_stage(prepared.design, prepared.file.two_stage), ()
    except (DesignError, PriorError) as error:
        if not prepared.one_stage:
            raise
        return None, (f"No two-stage analysis stands beside: {error}",)
