"""What a reader must know before any number: warnings of the sampler, and notes of the analysis."""

from ipdma.report.blocks import Bullets, Section
from ipdma.report.page import Page, say


def warnings(page: Page) -> Section | None:
    """Return the sampler's warnings by model, or None where there are none."""
    items = tuple(
        say("{model}: {warning}", model=row["model"], warning=warning)
        for row in page.get("diagnostics")
        for warning in row["warnings"]
    )
    return Section("warnings", "Warning: the sampler's diagnostics are not met", [Bullets(items)]) if items else None


def notes(page: Page) -> Section | None:
    """Return the notes of the analysis, or None."""
    items = tuple(str(note) for note in page.get("notes") or ())
    return Section("notes", "Notes of the analysis", [Bullets(items)]) if items else None
