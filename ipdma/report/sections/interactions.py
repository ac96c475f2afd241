"""Interactions: within trials, across trials, and their difference."""

from ipdma.report.blocks import Paragraph, Section, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import INTERVAL, sentence_case, spaced

_PARTS = {"within": "Within\ntrials", "across": "Across\ntrials", "difference": "Difference"}


def interactions(page: Page) -> Section | None:
    """Return the table of interactions, or None where there are no modifiers."""
    items = page.get("interactions")
    if not items:
        return None
    parts = [part for part in _PARTS if any(part in item for item in items)]
    head: list[Text] = ["Modifier"]
    for part in parts:
        head += [_PARTS[part], INTERVAL]
    rows = tuple((sentence_case(spaced(item["modifier"])), *_cells(page, i, parts)) for i, item in enumerate(items))
    table = Table(
        caption=f"Change in treatment effect by modifier, {page.unit} per unit of the modifier.",
        head=tuple(head),
        note="Difference: across minus within." if "difference" in parts else "",
        rows=rows,
    )
    blocks = [Paragraph(sentence) for sentence in _sentences(page, parts)]
    return Section("interactions", "Interactions", [*blocks, table])


def _cells(page: Page, i: int, parts: list[str]) -> list[Text]:
    cells: list[Text] = []
    # A modifier has a unit of its own (a point, ten years, yes against no), so each row has decimals of its own.
    digits = page.own_digits(f"interactions.{i}.within")
    for part in parts:
        path = f"interactions.{i}.{part}"
        cells += [page.number(f"{path}.mean", digits), page.interval(path, digits)] if page.has(path) else ["", ""]
    return cells


def _sentences(page: Page, parts: list[str]) -> list[Text]:
    sentences: list[Text] = [
        "The interaction within trials compares participants who were randomized together and is the one to read."
    ]
    if "across" in parts:
        trials = page.count("trials")
        sentences.append(
            say(
                "The interaction across trials compares trials with each other (observational, {trials} trials); the "
                "two are never pooled, and their difference shows how far they disagree.",
                trials=trials,
            )
        )
    return sentences
