"""Interactions: within trials, across trials, and their difference."""

from collections.abc import Iterator, Mapping

from ipdma.report.blocks import Block, Bullets, Paragraph, Picture, Section, Table, Text
from ipdma.report.judgments import includes_zero, verdict
from ipdma.report.page import Page, say
from ipdma.report.sections.guards import guard_sentences, guard_table
from ipdma.report.words import INTERVAL, listed, modifier_words

_PARTS = {"within": "Within\ntrials", "across": "Across\ntrials", "difference": "Difference"}
_CAPTION = "Change in the treatment effect with each modifier: {parts}; each modifier on a scale of its own."
_MARKS = {
    "within": "within trials (filled, the one to read)",
    "across": "across trials (open square)",
    "difference": "their difference (diamond, dashed)",
}


def interactions(page: Page) -> Section | None:
    """Return the table of interactions, or None where there are no modifiers."""
    items = page.get("interactions")
    if not items:
        return None
    parts = [part for part in _PARTS if any(part in item for item in items)]
    head: list[Text] = ["Modifier"]
    for part in parts:
        head += [_PARTS[part], INTERVAL]
    rows = tuple((_name(item), *_cells(page, i, parts)) for i, item in enumerate(items))
    table = Table(
        caption=f"Change in treatment effect by modifier, {page.unit} per unit of the modifier.",
        head=tuple(head),
        note="Difference: across minus within." if "difference" in parts else "",
        rows=rows,
    )
    blocks: list[Block] = [Paragraph(sentence) for sentence in _sentences(page, parts)]
    blocks += [Bullets(tuple(_told(page, i) for i in range(len(items))))]
    if "interactions" in page.pictures:
        caption = _CAPTION.format(parts=listed([_MARKS[part] for part in parts]))
        blocks.append(Picture(svg=page.pictures["interactions"], caption=caption))
    return Section("interactions", "Interactions", [*blocks, table, *_guards(page)])


def _guards(page: Page) -> Iterator[Block]:
    """What stands behind the parts across trials."""
    which = [i for i, item in enumerate(page.get("interactions")) if "guards" in item]
    if which:
        yield guard_table(
            page,
            [(f"interactions.{i}.guards", f"{_name(page.get(f'interactions.{i}'))}, across trials") for i in which],
        )
    for i in which:
        for sentence in guard_sentences(page, f"interactions.{i}"):
            words = say("{name}, across trials: {s}", name=_name(page.get(f"interactions.{i}")), s=sentence)
            yield Paragraph(words, "note")


def _told(page: Page, i: int) -> Text:
    """What the interval within trials says, and whether across trials says otherwise."""
    item = page.get(f"interactions.{i}")
    name, _ = modifier_words(item["modifier"], item.get("unit", ""))
    judged = verdict(item["within"], page.get("direction"))
    if judged == "includes_zero":
        first = "the interval within trials includes zero, so these data do not tell whether the effect changes with it"
    else:
        side = page.get("contrast.treatment" if judged == "favors_treatment" else "contrast.control")
        unit = item.get("unit") or ""
        when = f"for {unit}" if unit and not unit[:1].isdigit() else "with a higher value"  # such as: yes against no
        first = f"within trials the effect shifts in favor of {side} {when}"
    apart = "difference" in item and not includes_zero(item["difference"])
    second = "; across trials it looks otherwise, and the interval of the difference excludes zero" if apart else ""
    return say("{name}: {first}{second}.", name=name, first=first, second=second)


def _name(item: Mapping[str, str]) -> str:
    name, step = modifier_words(item["modifier"], item.get("unit", ""))
    return f"{name} ({step})" if step else name


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
