"""Methods text and priors."""

from collections.abc import Mapping

from ipdma.report.blocks import Block, Paragraph, Section, Table, Text
from ipdma.report.cite import references
from ipdma.report.methods_text import methods_text
from ipdma.report.page import Page, say
from ipdma.report.words import spaced


def methods(page: Page) -> Section:
    """Return the methods in sentences and the priors in outcome units."""
    cited = {item.key: item for item in references(page.summary, settings=page.settings)}
    blocks: list[Block] = [Paragraph(text) for text in methods_text(page, cited)]
    if page.setting("priors"):
        blocks.append(_priors(page))
    return Section("methods", "Methods", blocks)


def _priors(page: Page) -> Table:
    rows: list[tuple[Text, ...]] = []
    for name, prior in page.setting("priors").items():
        both = prior if isinstance(prior, Mapping) else {"prior": prior}
        rows.append((spaced(name), str(both.get("prior", "")), str(both.get("points", ""))))
    points = any(row[2] for row in rows)
    size = (
        say("sd: the pooled baseline SD of this analysis, {s} {unit}.", s=page.number("baseline_sd"), unit=page.unit)
        if page.has("baseline_sd")
        else ""
    )
    return Table(
        caption="Priors.",
        head=("Parameter", "Prior", f"In {page.unit}") if points else ("Parameter", "Prior"),
        rows=tuple(row if points else row[:2] for row in rows),
        align="lll"[: 3 if points else 2],
        note=size,
        results=False,
    )
