"""Stated contrasts of dosing profiles, with the trials and participants behind each side."""

from ipdma.report.blocks import Paragraph, Section, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import INTERVAL

_BEHIND = {
    "trials_a": "Trials\na",
    "participants_a": "Participants\na",
    "trials_b": "Trials\nb",
    "participants_b": "Participants\nb",
}


_ACROSS = (
    "Unless a trial has arms of both profiles, these differences compare trials with each other: observational, "
    "{trials} trials."
)


def contrasts(page: Page) -> Section | None:
    """Return the table of contrasts, or None where none was stated."""
    items = page.get("contrasts")
    if not items:
        return None
    behind = [column for column in _BEHIND if any(column in item for item in items)]
    rows = tuple((_name(page, i), *_cells(page, i, behind)) for i in range(len(items)))
    table = Table(
        caption=f"Effect at profile a minus effect at profile b, {page.unit}.",
        head=("Contrast", "Difference", INTERVAL, *(_BEHIND[column] for column in behind)),
        rows=rows,
        note="Behind each side: trials with an active arm of that profile, and the analyzed participants of these arms."
        if behind
        else "",
    )
    words = say(_ACROSS, trials=page.count("trials"))
    return Section("contrasts", "Stated contrasts", [Paragraph(words), table])


def _name(page: Page, i: int) -> Text:
    """The contrast's name and the two profiles that it compares."""
    path = f"contrasts.{i}"
    if not page.has(f"{path}.a"):
        return str(page.get(f"{path}.name"))
    sides = (page.words(f"{path}.{side}") for side in ("a", "b"))
    return say("{name} (a: {a}; b: {b})", name=page.get(f"{path}.name"), a=next(sides), b=next(sides))


def _cells(page: Page, i: int, behind: list[str]) -> list[Text]:
    path = f"contrasts.{i}"
    cells: list[Text] = [page.number(f"{path}.effect.mean"), page.interval(f"{path}.effect")]
    return cells + [page.count(f"{path}.{c}") if page.has(f"{path}.{c}") else "" for c in behind]
