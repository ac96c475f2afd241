"""How to cite the package and the methods this analysis used."""

from markupsafe import Markup

from ipdma.report.blocks import Bullets, Paragraph, Section, Text
from ipdma.report.cite import Reference, package_citation, references
from ipdma.report.page import Page


def citation(page: Page) -> Section:
    """Return the package's citation and the references of the methods used."""
    version = str(page.provenance.get("ipdma") or page.get("ipdma") or "")
    items: tuple[Text, ...] = tuple(_item(item) for item in references(page.summary, settings=page.settings))
    return Section("cite", "How to cite", [Paragraph(package_citation(version)), Bullets(items)])


def _item(item: Reference) -> Markup:
    link = Markup(' <a href="{}">doi:{}</a>').format(item.url, item.doi) if item.doi else ""
    return Markup('<span id="ref-{}">{}</span>{} <span class="why">({})</span>').format(
        item.key, item.text, link, item.why
    )
