"""One analysis of a project: its designs first, so that a refusal comes before anything is written; then its fits."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ipdma.analysis import Analysis
from ipdma.analysis_file.read import AnalysisFile
from ipdma.design.design import Design, build_design
from ipdma.errors import AnalysisError, DesignError, PriorError
from ipdma.harmonize.consortium import Consortium
from ipdma.models.two_stage import TwoStageFit, fit_estimates, fit_two_stage
from ipdma.project.sensitivities import analyses_of, refuse_without_sampler, sensitivities

if TYPE_CHECKING:  # a two-stage analysis needs no sampler
    from ipdma.fit import Fit
    from ipdma.sensitivity.checks import Checks
    from ipdma.sensitivity.sensitivity import Sensitivity

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """An analysis whose designs stand.

    ``one_stage`` holds the plain model first, then those beside it; empty in a two-stage analysis. ``design`` is the
    plain design, absent for given estimates. ``sensitivities`` are those the file names, or others that were asked for.
    """

    file: AnalysisFile
    consortium: Consortium
    one_stage: tuple[Analysis, ...]
    design: Design | None
    sensitivities: "tuple[Sensitivity, ...]" = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """What was fitted: the one-stage fits (plain first), the two-stage one, and what is to be said of them.

    ``claim_under`` is the fit that carries the claim under halved and doubled priors, by their name.
    """

    prepared: Prepared
    fits: "tuple[Fit, ...]" = ()
    two_stage: TwoStageFit | None = None
    notes: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    checks: "Checks | None" = None
    claim_under: "dict[str, Fit]" = field(default_factory=dict)


def prepare(consortium: Consortium, file: AnalysisFile, *, only: Sequence[str] | None = None) -> Prepared:
    """Return the analysis with its designs built, its priors checked and its sensitivity analyses known.

    Parameters
    ----------
    consortium, file
        The trials and the question.
    only
        Names of sensitivity analyses, in place of those the file names.

    Raises
    ------
    DesignError
        If the tables cannot answer the question.
    AnalysisError, PriorError
        If a prior does not fit a model, or a sensitivity analysis is unknown.
    """
    if file.form == "two_stage":
        refuse_without_sampler(file, only)
        design = build_design(consortium, file.estimand) if len(consortium.tables["participants"]) else None
        return Prepared(file=file, consortium=consortium, one_stage=(), design=design)
    if not len(consortium.tables["participants"]) and len(consortium.tables["estimates"]):
        raise DesignError(
            "the trials give estimates and no participants, so no one-stage model can be fitted. "
            "Write model: {form: two_stage} in the analysis file."
        )
    analyses = analyses_of(consortium, file)
    for analysis in analyses:
        try:
            _ = analysis.inputs
        except (AnalysisError, PriorError) as error:
            raise AnalysisError(f"{file.name}.yaml: {error}") from None
    return Prepared(
        file=file,
        consortium=consortium,
        one_stage=analyses,
        design=analyses[0].design,
        sensitivities=sensitivities(consortium, file, only),
    )


def estimate(prepared: Prepared, progress: Progress | None = None, *, draws: Path | None = None) -> Fitted:
    """Return the fits of an analysis and its sensitivity analyses.

    Parameters
    ----------
    prepared
        The analysis.
    progress
        Called with a sentence when a long step begins.
    draws
        Folder in which draws are kept, so that nothing is sampled twice.

    Raises
    ------
    FitError
        If a sampler fails.
    DesignError, PriorError
        If a two-stage analysis that is the headline has nothing to pool.
    """
    fits = _sampled(prepared, progress, draws) if prepared.one_stage else ()
    two_stage, notes = _two_stage(prepared)
    seconds = {name: sum(item.seconds[name] for item in fits) for name in ("compile", "sample")} if fits else {}
    under = _claim_under(fits, progress, draws)
    fitted = Fitted(prepared=prepared, fits=fits, two_stage=two_stage, notes=notes, seconds=seconds, claim_under=under)
    return replace(fitted, checks=_checks(fitted, progress, draws)) if prepared.sensitivities else fitted


def _sampled(prepared: Prepared, progress: Progress | None, draws: Path | None) -> "tuple[Fit, ...]":
    from ipdma.fit import fit
    from ipdma.trace_store import TraceStore

    sampling, store = asdict(prepared.file.sampling), TraceStore(draws) if draws else None
    return tuple(fit(analysis, **sampling, progress=progress, store=store) for analysis in prepared.one_stage)


def _claim_under(fits: "Sequence[Fit]", progress: Progress | None, draws: Path | None) -> "dict[str, Fit]":
    """Return the fit that may carry the claim under other priors."""
    if not fits:
        return {}
    from ipdma.summaries.claim_refits import claim_refits, first_with_main
    from ipdma.trace_store import TraceStore

    first = first_with_main(fits)
    return claim_refits(first, progress=progress, store=TraceStore(draws) if draws else None) if first else {}


def _checks(fitted: Fitted, progress: Progress | None, draws: Path | None) -> "Checks":
    """Return the sensitivity analyses of the headline, of its interactions and of the first model with curves."""
    from ipdma.sensitivity.patch import kind_of
    from ipdma.sensitivity.run import run
    from ipdma.trace_store import TraceStore

    first: dict[str, Fit] = {}
    for fit in fitted.fits:
        first.setdefault(kind_of(fit.analysis.model), fit)
    store = TraceStore(draws) if draws else None
    return run(list(first.values()), fitted.prepared.sensitivities, progress=progress, store=store)


def _two_stage(prepared: Prepared) -> tuple[TwoStageFit | None, tuple[str, ...]]:
    if prepared.design is None:
        return fit_estimates(prepared.consortium, prepared.file.two_stage), ()
    try:
        return fit_two_stage(prepared.design, prepared.file.two_stage), ()
    except (DesignError, PriorError) as error:
        if not prepared.one_stage:
            raise
        return None, (f"No two-stage analysis stands beside: {error}",)
