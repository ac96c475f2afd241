"""The report of fits made in Python, without a project folder."""

from collections.abc import Mapping
from pathlib import Path

from ipdma.errors import AnalysisError
from ipdma.fit import Fit
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage import fit_two_stage
from ipdma.report.html import render_report
from ipdma.sensitivity.checks import Checks
from ipdma.summaries.summary import summarize


def write_report(
    path: Path | str,
    *parts: Fit | Checks,
    title: str = "",
    claim_under: Mapping[str, Fit] | None = None,
    simulated: bool = False,
) -> Path:
    """Write a self-contained report and return its path.

    Parameters
    ----------
    path
        The HTML file to write; its folder must exist.
    parts
        The plain fit, which is the headline, fits with curves that stand beside it, and sensitivity analyses, in any
        order.
    title
        Of the page; else treatment, control and outcome.
    claim_under
        The first fit with a main curve under other priors, as :func:`ipdma.summaries.claim_refits` gives; without it
        the report does not say whether the claim depends on the prior.
    simulated
        Whether nobody took part: the page then says so.

    Raises
    ------
    AnalysisError
        If not exactly one of the fits is plain: a headline does not lean on curves.
    DesignError
        If no trial gives an estimate of its own for the two-stage analysis.
    """
    fits = [part for part in parts if isinstance(part, Fit)]
    checks = [part for part in parts if isinstance(part, Checks)]
    plain = [fit for fit in fits if fit.analysis.model.main is None and not fit.analysis.model.shifts]
    if len(plain) != 1:
        raise AnalysisError(
            f"a report needs one plain fit as its headline, {len(plain)} given. "
            "Fit analysis.with_model(OneStage()) too and give both: write_report(path, plain, curve)."
        )
    beside = [fit for fit in fits if fit is not plain[0]]
    two_stage = fit_two_stage(plain[0].design)
    summary = summarize(
        plain=plain[0],
        beside=beside,
        claim_under=claim_under,
        two_stage=two_stage,
        title=title,
        simulated=simulated,
    )
    if checks:
        summary["sensitivity"] = [dict(row) for each in checks for row in each.rows]
        summary["notes"] += [sentence for each in checks for sentence in each.refused]
    target = Path(path)
    html = render_report(summary, settings={"model": _model(plain[0].analysis.model)})
    target.write_text(html, encoding="utf-8", newline="\n")
    return target


def _model(model: OneStage) -> dict[str, object]:
    names = ("baseline_slope", "residual_sd", "effect", "prognostic_factors")
    return {name: getattr(model, name) for name in names}
