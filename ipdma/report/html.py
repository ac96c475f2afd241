"""The report: one HTML file that needs nothing else, no script, no network, no fonts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ipdma.report.blocks import Section
from ipdma.report.drawn import Drawn, inline_svg
from ipdma.report.figures import draw_figures
from ipdma.report.page import Page
from ipdma.report.sections.citation import citation
from ipdma.report.sections.claim import claim
from ipdma.report.sections.comparison import comparison
from ipdma.report.sections.contrasts import contrasts
from ipdma.report.sections.curves import curves
from ipdma.report.sections.diagnostics import diagnostics
from ipdma.report.sections.flow import flow
from ipdma.report.sections.headline import headline
from ipdma.report.sections.interactions import interactions
from ipdma.report.sections.methods import methods
from ipdma.report.sections.origin import origin
from ipdma.report.sections.question import question
from ipdma.report.sections.sensitivity import sensitivity
from ipdma.report.sections.trials import trials
from ipdma.report.sections.truth import truth
from ipdma.report.sections.warnings import notes, warnings
from ipdma.report.words import sentence_case, spaced

# In the order of PRISMA-IPD, but what a reader must be warned of comes first.
SECTIONS: tuple[Callable[[Page], Section | None], ...] = (
    warnings,
    notes,
    question,
    trials,
    flow,
    headline,
    claim,
    curves,
    interactions,
    contrasts,
    sensitivity,
    comparison,
    truth,
    methods,
    diagnostics,
    origin,
    citation,
)
_HERE = Path(__file__).resolve().parent


def render_report(
    summary: Mapping[str, Any],
    *,
    provenance: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    figures: Mapping[str, Drawn] | None = None,
) -> str:
    """Return the report of one analysis as HTML.

    What is absent in the summary is absent in the report, with its heading. Every number of the summary stands in an
    element whose ``data-key`` is its path (``pooled_effect.mean``, ``trial_effects.3.raw``).

    Parameters
    ----------
    summary
        As in ``data_schemas/summary.schema.json``.
    provenance
        ``ipdma``, ``schema``: the package's version and the common schema's; ``versions``: version by package;
        ``without``: trials left out by hand; every other mapping is a group of files with the hash of each, shown under
        its name (``raw``, ``recipes``, ``analysis``).
    settings
        All optional. ``estimand``: ``population, include, intercurrent_events, missing_covariates,
        minimal_important_difference``; ``model``: ``baseline_slope, residual_sd, effect, prognostic_factors``;
        ``two_stage``: ``adjustment``; ``priors``: by parameter the prior as text, or ``{"prior": as stated, "points":
        in outcome units}``; ``sampling``: ``seed, chains, draws, tune``.
    figures
        As :func:`ipdma.report.figures.draw_figures` returns them, where they were drawn already.
    """
    drawn = draw_figures(summary) if figures is None else figures
    pictures = {name: inline_svg(figure, name=name, title=spaced(name)) for name, figure in drawn.items()}
    page = Page(summary=summary, provenance=provenance or {}, settings=settings or {}, pictures=pictures)
    sections = [section for make in SECTIONS if (section := make(page)) is not None]
    template = _environment().get_template("report.html.j2")
    return template.render(page=page, title=_title(page), sections=sections)


def _title(page: Page) -> str:
    if page.get("title"):
        return str(page.get("title"))
    what = f"{page.get('contrast.treatment')} against {page.get('contrast.control')}"
    return sentence_case(f"{what}: {spaced(page.get('outcome'))}" if page.has("outcome") else what)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
