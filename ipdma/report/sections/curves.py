"""Curves beside the plain model: each with its figure, its numbers, and what stands behind them."""

from collections.abc import Iterator
from typing import Any

from ipdma.report.blocks import Block, Heading, Paragraph, Picture, Section, Table, Text
from ipdma.report.figures import beside_name, curve_names
from ipdma.report.page import Page, say
from ipdma.report.sections.control_arm import control_arm
from ipdma.report.sections.curve_comparison import curve_comparison
from ipdma.report.sections.curve_numbers import fitted_together, numbers_of_curve
from ipdma.report.sections.guards import guard_sentences, guards
from ipdma.report.tables import curve_words, has_levels
from ipdma.report.words import INTERVAL, sentence_case, spaced, variable_words

_ACROSS = (
    "Between trials nobody was randomized to {variable}: this is observational, {trials} trials. Other differences "
    "between them may stand behind it."
)


def curves(page: Page) -> Section | None:
    """Return all curves, or None where the analysis has none."""
    items = page.get("curves")
    if not items:
        return None
    blocks: list[Block] = [Paragraph("Curves are fitted beside the plain model; the headline above does not use them.")]
    if any("effect_at_reference" in item for item in items):
        blocks.append(_beside(page))
    blocks += _together(page)
    for i, name in enumerate(curve_names(items)):
        blocks += _one(page, i, name)
    blocks += [*curve_comparison(page), *guards(page), *control_arm(page)]
    return Section("curves", "Curves, beside the headline", blocks)


def _together(page: Page) -> Iterator[Block]:
    """The figures in which all curves over one variable stand together."""
    for variable in dict.fromkeys(item["variable"] for item in page.get("curves")):
        name = beside_name(variable)
        if name in page.pictures:
            first = next(item for item in page.get("curves") if item["variable"] == variable)
            caption = say(
                "All curves over {variable}, posterior means; the band is the 95% band of the first, {curve}. Where "
                "they part, the shape that was assumed decides and not the data.",
                variable=variable_words(variable, first.get("unit", "")), curve=curve_words(first, page.get("curves")),
            )  # fmt: skip
            yield Picture(svg=page.pictures[name], caption=caption)


def _beside(page: Page) -> Table:
    """The plain model beside each curve's effect at its reference."""
    rows: list[tuple[Text, ...]] = []
    prefix = page.headline
    if page.has(f"{prefix}pooled_effect"):
        path = f"{prefix}pooled_effect"
        rows.append(("Plain model, without a curve (headline)", page.number(f"{path}.mean"), page.interval(path)))
    for group in fitted_together(page):
        path = f"curves.{group[0]}.effect_at_reference"
        if page.has(f"curves.{group[0]}.model"):  # what an earlier fit shows already is in this one too
            names: Text = f"Curves: {spaced(page.get(f'curves.{group[0]}.model'))}"
        else:
            names = say("Curves: {all}", all=say(", ").join(_at_reference(page, i) for i in group))
        rows.append((names, page.number(f"{path}.mean"), page.interval(path)))
    return Table(
        caption=f"The plain model beside the curves, {page.unit}.",
        head=("Model", "Effect at the reference", INTERVAL),
        rows=tuple(rows),
    )


def _at_reference(page: Page, i: int) -> Text:
    item = page.get(f"curves.{i}")
    words = variable_words(item["variable"], item.get("unit", ""))
    return say(
        "{words} {at} ({curve})",
        words=words,
        at=page.stated(f"curves.{i}.reference"),
        curve=curve_words(item, page.get("curves")),
    )


def _one(page: Page, i: int, name: str) -> Iterator[Block]:
    item = page.get(f"curves.{i}")
    words = variable_words(item["variable"], item.get("unit", ""))
    yield Heading(_title(page, item))
    if name in page.pictures:
        yield Picture(svg=page.pictures[name], caption=_caption(page, i))
    yield from numbers_of_curve(page, i)
    yield Paragraph(say(_ACROSS, variable=words, trials=page.count("trials")), "note")
    yield from (Paragraph(sentence, "note") for sentence in guard_sentences(page, f"curves.{i}"))
    observed = [k for k, point in enumerate(item["points"]) if point["trials"] > 0]
    if observed:
        yield _observed(page, i, observed)


def _value(page: Page, path: str) -> Text:
    return page.words(f"{path}.label") if page.has(f"{path}.label") else page.plain(f"{path}.x")


def _title(page: Page, item: dict[str, Any]) -> str:
    words = curve_words(item, page.get("curves"))
    return f"{sentence_case(variable_words(item['variable'], item.get('unit', '')))}: {words} curve"


def _caption(page: Page, i: int) -> Text:
    item = page.get(f"curves.{i}")
    role = "" if item["role"] == "main" else " Other variables with a curve stand at their reference."
    return say(
        "Effect by {variable}: posterior mean with its {bands}, and below it the participants (bars) and trials "
        "(numbers) observed at each value.{line}{role}",
        line="" if has_levels(item) else " Dotted line: the reference.",
        variable=variable_words(item["variable"], item.get("unit", "")),
        role=role,
        bands="50% and 95% bands" if "q25" in item["points"][0] else "95% band",
    )


def _observed(page: Page, i: int, observed: list[int]) -> Table:
    item = page.get(f"curves.{i}")
    rows = tuple(
        (
            _value(page, f"curves.{i}.points.{k}"),
            page.number(f"curves.{i}.points.{k}.effect.mean"),
            page.interval(f"curves.{i}.points.{k}.effect"),
            page.count(f"curves.{i}.points.{k}.trials"),
            page.count(f"curves.{i}.points.{k}.participants"),
        )
        for k in observed
    )
    return Table(
        caption="The curve where it was observed.",
        head=(
            sentence_case(variable_words(item["variable"], item.get("unit", ""))),
            "Effect",
            INTERVAL,
            "Trials",
            "Participants",
        ),
        rows=rows,
        align="rrrrr",
    )
