"""Curves beside the plain model: each with its figure, its numbers, and what stands behind them."""

from collections.abc import Iterator
from typing import Any

from ipdma.report.blocks import Block, Heading, Paragraph, Picture, Section, Table, Text
from ipdma.report.figures import curve_names
from ipdma.report.page import Page, say
from ipdma.report.sections.headline import headline_path
from ipdma.report.words import INTERVAL, sentence_case, spaced, variable_words

_PRIOR_DOMINATED = 0.3
_ACROSS = (
    "Trials, not participants, were allocated to their dosing, so this is observational, {trials} trials: other "
    "differences between the trials may stand behind it."
)


def curves(page: Page) -> Section | None:
    """Return all curves, or None where the analysis has none."""
    items = page.get("curves")
    if not items:
        return None
    blocks: list[Block] = [
        Paragraph(say("Each curve comes from a fit of its own; the headline above does not use it."))
    ]
    if any("effect_at_reference" in item for item in items):
        blocks.append(_beside(page))
    blocks += [Paragraph(str(page.get("claim.sentence")), "lead")] if page.has("claim.sentence") else []
    for i, name in enumerate(curve_names(items)):
        blocks += _one(page, i, name)
    return Section("curves", "Effect by dosing, beside the headline", blocks)


def _beside(page: Page) -> Table:
    """The plain model beside each curve's effect at its reference."""
    rows: list[tuple[Text, ...]] = []
    prefix = headline_path(page)
    if page.has(f"{prefix}pooled_effect"):
        path = f"{prefix}pooled_effect"
        rows.append(("Plain model, no dosing (headline)", page.number(f"{path}.mean"), page.interval(path)))
    for i, item in enumerate(page.get("curves")):
        path = f"curves.{i}.effect_at_reference"
        if page.has(path):
            name = say("{curve} at {at}", curve=_title(item), at=_at(page, i))
            rows.append((name, page.number(f"{path}.mean"), page.interval(path)))
    return Table(
        caption=f"The plain model beside the curves, {page.unit}.",
        head=("Model", "Effect", INTERVAL),
        rows=tuple(rows),
    )


def _one(page: Page, i: int, name: str) -> Iterator[Block]:
    item = page.get(f"curves.{i}")
    yield Heading(_title(item))
    if name in page.pictures:
        yield Picture(svg=page.pictures[name], caption=_caption(page, i))
    rows = list(_quantities(page, i))
    if rows:
        yield _numbers(rows)
    yield Paragraph(say(_ACROSS, trials=page.count("trials")), "note")
    observed = [k for k, point in enumerate(item["points"]) if point["trials"] > 0]
    if observed:
        yield _observed(page, i, observed)


def _title(item: dict[str, Any]) -> str:
    return f"{sentence_case(variable_words(item['variable'], item.get('unit', '')))}: {_curve(item)} curve"


def _curve(item: dict[str, Any]) -> str:
    return str(item["curve"]).replace("_", "-")


def _at(page: Page, i: int) -> Text:
    unit = page.get(f"curves.{i}.unit") or ""
    return say("{x}{unit}", x=page.plain(f"curves.{i}.reference"), unit=f" {unit}" if unit not in ("", "1") else "")


def _caption(page: Page, i: int) -> Text:
    item = page.get(f"curves.{i}")
    role = "" if item["role"] == "main" else " The other dosing variables stand at their reference."
    return say(
        "Effect by {variable}: posterior mean with its 95% band, and below it the participants (bars) and trials "
        "(numbers) observed at each value. Dotted line: the reference.{role}",
        variable=variable_words(item["variable"], item.get("unit", "")),
        role=role,
    )


def _quantities(page: Page, i: int) -> Iterator[tuple[Text, Text, Text, Text]]:
    """Rows of (quantity, value, interval, remark)."""
    at = f"curves.{i}"
    if page.has(f"{at}.effect_at_reference"):
        yield say("Effect at the reference, {x}", x=_at(page, i)), *_mean(page, f"{at}.effect_at_reference"), ""
    if page.has(f"{at}.height"):
        yield (
            "Height: largest effect within the range observed",
            *_mean(page, f"{at}.height"),
            _contraction(page, i, "height"),
        )
    if page.has(f"{at}.prior_height"):
        yield "Height before the data (prior)", *_mean(page, f"{at}.prior_height"), ""
    for name in page.get(f"{at}.parameters") or ():
        if name != page.get(f"{at}.variable") or not page.has(f"{at}.move"):  # else the move below is that parameter
            yield _parameter(page, i, name)
    if page.has(f"{at}.n95"):
        yield (
            say("n95: where 95% of the largest effect is reached"),
            *_median(page, f"{at}.n95"),
            "no evidence of a plateau by itself",
        )
    if page.has(f"{at}.move"):
        ends = page.plain(f"{at}.move.from"), page.plain(f"{at}.move.to")
        words = say("Change in effect from {a} to {b}", a=ends[0], b=ends[1])
        yield words, *_mean(page, f"{at}.move.effect"), _contraction(page, i, page.get(f"{at}.variable"))
    for k, gain in enumerate(page.get(f"{at}.gains") or ()):
        if {"from", "to", "effect"} <= set(gain):
            ends = page.plain(f"{at}.gains.{k}.from"), page.plain(f"{at}.gains.{k}.to")
            yield say("Gain from {a} to {b}", a=ends[0], b=ends[1]), *_mean(page, f"{at}.gains.{k}.effect"), ""


def _parameter(page: Page, i: int, name: str) -> tuple[Text, Text, Text, Text]:
    path = f"curves.{i}.parameters.{name}"
    # An effect of a move is in outcome units, like every effect; a point on the dosing axis has digits of its own.
    numbers = _mean(page, path) if name == page.get(f"curves.{i}.variable") else _median(page, path)
    return _symbol(name), *numbers, _contraction(page, i, name)


def _symbol(name: str) -> str:
    return {"kappa": "κ: where the plateau begins (median)"}.get(name, sentence_case(spaced(name)))


def _mean(page: Page, path: str) -> tuple[Text, Text]:
    return page.number(f"{path}.mean"), page.interval(path)


def _median(page: Page, path: str) -> tuple[Text, Text]:
    digits = page.own_digits(path)
    return page.number(f"{path}.median", digits), page.interval(path, digits)


def _contraction(page: Page, i: int, name: str) -> Text:
    """What the data added: 1 - var(posterior) / var(prior)."""
    path = f"curves.{i}.contraction.{name}"
    if not page.has(path):
        return ""
    word = "prior-dominated: " if page.get(path) < _PRIOR_DOMINATED else ""
    return say("{word}contraction {value}", word=word, value=page.number(path, 2))


def _numbers(rows: list[tuple[Text, Text, Text, Text]]) -> Table:
    remarks = any(row[3] for row in rows)
    note = (
        "Contraction: share of the prior variance that the data removed; below 0.3 the prior dominates."
        if remarks
        else ""
    )
    return Table(
        caption="Numbers of this curve.",
        head=("Quantity", "Value", INTERVAL, "Remark") if remarks else ("Quantity", "Value", INTERVAL),
        rows=tuple(row if remarks else row[:3] for row in rows),
        align="lrrl"[: 4 if remarks else 3],
        note=note,
    )


def _observed(page: Page, i: int, observed: list[int]) -> Table:
    item = page.get(f"curves.{i}")
    rows = tuple(
        (
            page.plain(f"curves.{i}.points.{k}.x"),
            *_mean(page, f"curves.{i}.points.{k}.effect"),
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
