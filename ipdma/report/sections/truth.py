"""What the simulated data were made from, where they were simulated."""

from collections.abc import Iterator, Mapping
from typing import Any

from ipdma.report.blocks import Paragraph, Section, Table
from ipdma.report.page import Page
from ipdma.report.words import sentence_case, spaced


def truth(page: Page) -> Section | None:
    """Return the simulation's own numbers, or None for real data."""
    paths = list(_numbers(page.get("truth"), ())) if page.has("truth") else []
    if not paths:
        return None
    rows = tuple((sentence_case(spaced(", ".join(path))), page.plain(".".join(("truth", *path)))) for path in paths)
    words = Paragraph("The data are simulated; these are the values they were drawn with. No analysis has seen them.")
    table = Table(caption="Values of the simulation.", head=("Quantity", "Value"), rows=rows)
    return Section("truth", "Truth of the simulation", [words, table])


def _numbers(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Paths of all numbers that stand under names; lists (values by trial) are too long for a report."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _numbers(value, (*path, str(key)))
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path
