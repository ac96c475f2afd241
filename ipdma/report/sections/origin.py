"""From what and with what the report was made: versions and hashes."""

from collections.abc import Mapping

from markupsafe import Markup

from ipdma.report.blocks import Block, Paragraph, Section, Table, Text
from ipdma.report.page import Page
from ipdma.report.words import listed, sentence_case, spaced

_HASH = Markup('<code class="hash">{}</code>')


def origin(page: Page) -> Section | None:
    """Return versions and hashes, or None where none are known."""
    blocks: list[Block] = []
    for name, entries in page.provenance.items():
        if isinstance(entries, Mapping) and entries:
            blocks.append(_versions(page, entries) if name == "versions" else _hashes(name, entries))
    left_out = [str(trial) for trial in page.provenance.get("without", ())]
    blocks += [Paragraph(f"Left out when the analysis was run: {listed(left_out)}.")] if left_out else []
    return Section("origin", "Versions and hashes", blocks) if blocks else None


def _versions(page: Page, entries: Mapping[str, object]) -> Table:
    schema = page.provenance.get("schema")
    known = {"ipdma": page.provenance.get("ipdma"), "common schema": schema, **entries}
    rows: tuple[tuple[Text, ...], ...] = tuple((str(name), str(text)) for name, text in known.items() if text)
    return Table(caption="Software.", head=("Package", "Version"), rows=rows, align="ll", results=False, style="narrow")


def _hashes(kind: str, entries: Mapping[str, object]) -> Table:
    rows: tuple[tuple[Text, ...], ...] = tuple((str(name), _HASH.format(value)) for name, value in entries.items())
    head = ("File", "SHA-256")
    return Table(
        caption=f"{sentence_case(spaced(kind))}.", head=head, rows=rows, align="ll", results=False, style="hashes"
    )
