"""The numbers of one curve, with what the prior said and how much the data added."""

from collections.abc import Iterator
from typing import Any

from ipdma.report.blocks import Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import INTERVAL, sentence_case, spaced

_PRIOR_DOMINATED = 0.3
_WORDS = {
    ("", "kappa"): "κ: where the plateau begins (median)",
    ("broken_line", "kappa"): "κ: where the line breaks (median)",
    ("", "ed50"): "ED50: where half of the largest possible effect is reached (median)",
    ("", "ratio"): "Second slope over the first (median)",
    ("", "peak"): "Peak of the window (median)",
    ("", "width"): "Width of the window (median)",
    ("broken_line", "size"): "Root mean square of the effects where the line breaks and at the reference",
    ("window", "size"): "Effect at the peak of the window less that far from it",
}
_PROBABILITIES = {
    "beyond_observed": "Probability of no levelling within the range observed",
    "falls": "Probability that the effect gets smaller between the late landmarks",
}


def numbers_of_curve(page: Page, i: int) -> Iterator[Table]:
    """Return the table of a curve's numbers, or nothing where it has none."""
    rows = list(_quantities(page, i))
    if rows:
        yield _table(rows)


def fitted_together(page: Page) -> list[list[int]]:
    """Return the curves by the fit they come from: those of one fit have one effect at the reference."""
    groups: list[tuple[Any, list[int]]] = []
    for i, item in enumerate(page.get("curves")):
        effect = item.get("effect_at_reference")
        known = next((members for other, members in groups if other == effect), None)
        if effect is not None and known is not None:
            known.append(i)
        elif effect is not None:
            groups.append((effect, [i]))
    return [members for _, members in groups]


def _at(page: Page, i: int) -> Text:
    return say("{x}{unit}", x=page.stated(f"curves.{i}.reference"), unit=_unit(page, i))


def _unit(page: Page, i: int) -> str:
    """Return the unit of a curve's variable after a blank; nothing where it has none."""
    unit = page.get(f"curves.{i}.unit") or ""
    return f" {unit}" if unit not in ("", "1") else ""


def _quantities(page: Page, i: int) -> Iterator[tuple[Text, Text, Text, Text]]:
    """Rows of (quantity, value, interval, remark)."""
    at = f"curves.{i}"
    if any(group[0] == i for group in fitted_together(page)):
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
        if not _is_the_move(page, i, name):
            yield _parameter(page, i, name)
    if page.has(f"{at}.n95"):
        yield (
            say("n95: where 95% of the largest effect is reached"),
            *_median(page, f"{at}.n95"),
            page.words(f"{at}.n95_caution") if page.has(f"{at}.n95_caution") else "no evidence of a plateau by itself",
        )
    for key, words in _PROBABILITIES.items():
        if page.has(f"{at}.{key}"):
            yield words, page.probability(f"{at}.{key}"), "", ""
    if page.has(f"{at}.move"):
        ends = page.stated(f"{at}.move.from"), page.stated(f"{at}.move.to")
        words = say("Change in effect from {a} to {b}{unit}", a=ends[0], b=ends[1], unit=_unit(page, i))
        yield words, *_mean(page, f"{at}.move.effect"), _contraction(page, i, page.get(f"{at}.variable"))
    for k, gain in enumerate(page.get(f"{at}.gains") or ()):
        if {"from", "to", "effect"} <= set(gain):
            ends = page.plain(f"{at}.gains.{k}.from"), page.plain(f"{at}.gains.{k}.to")
            words = say("Gain from {a} to {b}{unit}", a=ends[0], b=ends[1], unit=_unit(page, i))
            yield words, *_mean(page, f"{at}.gains.{k}.effect"), ""


def _is_the_move(page: Page, i: int, name: str) -> bool:
    """Whether a parameter is the effect of the stated move, which has a row of its own."""
    at = f"curves.{i}"
    return page.has(f"{at}.move") and page.get(f"{at}.parameters.{name}") == page.get(f"{at}.move.effect")


def _parameter(page: Page, i: int, name: str) -> tuple[Text, Text, Text, Text]:
    path, curve, variable = f"curves.{i}.parameters.{name}", page.get(f"curves.{i}.curve"), _variable(page, i)
    own = name.removeprefix(f"{variable}[").removesuffix("]") if name.startswith(f"{variable}[") else name
    # An effect is in outcome units; a point on the dosing axis has digits of its own.
    effect = own == "size" or curve == "categorical" or name == variable
    numbers = _mean(page, path) if effect else _median(page, path)
    return _words(curve, own), *numbers, _contraction(page, i, name)


def _variable(page: Page, i: int) -> str:
    return str(page.get(f"curves.{i}.variable"))


def _words(curve: str, name: str) -> Text:
    """Return what a parameter is; ``bend[10]`` is the bend at the knot 10."""
    kind, _, knot = name.removesuffix("]").partition("[")
    if kind == "bend":
        where = f", bent at {knot}" if knot else ""
        return say("Largest departure from a proportional effect{where} (median)", where=where)
    if curve == "categorical":
        return say("Effect at {level} less that at the reference", level=kind or knot)
    return _WORDS.get((curve, name)) or _WORDS.get(("", name), sentence_case(spaced(name)))


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


def _table(rows: list[tuple[Text, Text, Text, Text]]) -> Table:
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
