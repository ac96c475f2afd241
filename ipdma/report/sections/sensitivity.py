"""Sensitivity analyses: the same question under other choices."""

from collections.abc import Iterator, Mapping
from typing import Any

from ipdma.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Section, Table, Text
from ipdma.report.judgments import includes_zero
from ipdma.report.page import Page, say
from ipdma.report.tables import claim_rows
from ipdma.report.words import INTERVAL, sentence_case, spaced

_QUANTITIES = {
    "pooled_effect": "Pooled effect",
    "effect_at_reference": "Effect at the reference of the curves",
    "pooled_effect_other_unit": "Pooled effect on another metric",
    "effect_at_reference_other_unit": "Effect at the reference on another metric",
}
_CAPTION = (
    "The pooled effect under each sensitivity analysis. Diamond, band and dashed line: the headline. Filled dots: the "
    "interval excludes zero; open dots: it includes zero."
)
_CLAIM_CAPTION = (
    "What the claim rests on under each sensitivity analysis: the probability that the effect does not rise over the "
    "late stretch. Within the gray band nothing is claimed; filled dots lie outside it. Where the interval of the "
    "effect includes zero there is no effect to describe, whatever the probability. Diamond and dashed line: as stated."
)


def sensitivity(page: Page) -> Section | None:
    """Return what was varied and what it did, or None where nothing was."""
    rows = page.get("sensitivity")
    if not rows:
        return None
    blocks: list[Block] = [Paragraph(sentence) for sentence in (*_sentences(page), *_claims(page))]
    blocks += [Paragraph(sentence, "caution") for sentence in _sampler_failed(page)]
    if "specification" in page.pictures:
        blocks.append(Picture(svg=page.pictures["specification"], caption=_CAPTION))
    if "claim_specification" in page.pictures:
        blocks.append(Picture(svg=page.pictures["claim_specification"], caption=_CLAIM_CAPTION))
    for quantity in dict.fromkeys(row["quantity"] for row in rows if "mean" in row):
        blocks.append(_table(page, quantity))
    refused = tuple(
        say("{label}: {why}", label=row["label"], why=page.words(f"sensitivity.{i}.refused"))
        for i, row in enumerate(rows)
        if "refused" in row
    )
    blocks += [Heading("Not possible with these data"), Bullets(refused)] if refused else []
    return Section("sensitivity", "Sensitivity analyses", blocks)


def _sentences(page: Page) -> Iterator[Text]:
    """The range of the pooled effect, and how often its interval includes zero."""
    found = {
        i: row
        for i, row in enumerate(page.get("sensitivity"))
        if row.get("quantity") == "pooled_effect" and "mean" in row
    }
    if not found:
        return
    low, high = (pick(found, key=lambda i: found[i]["mean"]) for pick in (min, max))
    ends = page.number(f"sensitivity.{low}.mean"), page.number(f"sensitivity.{high}.mean")
    total = page.tally("sensitivity", "pooled_effect", len(found))
    if len(found) == 1:
        yield say("In the one sensitivity analysis the pooled effect is {a} {unit}.", a=ends[0], unit=page.unit)
    else:
        yield say(
            "Over {n} sensitivity analyses the pooled effect lies between {a} and {b} {unit}.",
            n=total, a=ends[0], b=ends[1], unit=page.unit,
        )  # fmt: skip
    yield _zero(page, list(found.values()))


def _sampler_failed(page: Page) -> Iterator[Text]:
    """How many refits the sampler did not manage: their rows say so, and their numbers are not to be used."""
    failed = sum(_failed(row) for row in page.get("sensitivity"))
    if failed:
        many = "" if failed == 1 else "s"
        yield say(
            "The sampler did not manage {k} refit{s}, told by \u2018not met\u2019 in the last column: do not use their "
            "numbers.",
            k=page.tally("sensitivity", "not_met", failed),
            s=many,
        )


def _failed(row: Mapping[str, Any]) -> bool:
    return bool(row.get("divergences") or row.get("rhat_max", 1.0) >= 1.01)


def _claims(page: Page) -> Iterator[Text]:
    """How often the claim has the word it has as stated, and between which probabilities."""
    rows = claim_rows(page.summary)
    if not rows:
        return
    stated = page.get("claim.statement")
    same = sum(row["claim"] == stated for row in rows.values())
    low, high = (pick(rows, key=lambda i: rows[i]["claim_probability"]) for pick in (min, max))
    a, b = (page.probability(f"sensitivity.{i}.claim_probability") for i in (low, high))
    yield say(
        "The claim as stated is \u2018{word}\u2019; under {k} of {n} sensitivity analyses of its model it has the same "
        "word. The probability that the effect does not rise over the late stretch lies between {a} and {b}.",
        word=spaced(stated), k=page.tally("sensitivity", "claim_as_stated", same),
        n=page.tally("sensitivity", "claim", len(rows)), a=a, b=b,
    )  # fmt: skip


def _zero(page: Page, rows: list[Mapping[str, Any]]) -> Text:
    crossing = sum(includes_zero(row) for row in rows)
    path = f"{page.headline}pooled_effect"
    headline = page.get(path)
    same = "" if headline is None else f" The headline's {'includes' if includes_zero(headline) else 'excludes'} zero."
    if crossing in (0, len(rows)):
        each = "each" if len(rows) > 1 else "this"
        return f"The 95% interval of {each} {'includes' if crossing else 'excludes'} zero.{same}"
    return say(
        "The 95% interval includes zero in {k} of them.{same}",
        k=page.tally("sensitivity", "includes_zero", crossing), same=same,
    )  # fmt: skip


def _table(page: Page, quantity: str) -> Table:
    rows = [(i, row) for i, row in enumerate(page.get("sensitivity")) if row.get("quantity") == quantity]
    rows = [(i, row) for i, row in rows if "mean" in row]
    models = len({row.get("model") for _, row in rows}) > 1
    tau, claim = (any(name in row for _, row in rows) for name in ("tau", "claim"))
    head = ["Analysis", *(["Model"] * models), "Effect", INTERVAL, *(["\u03c4"] * tau), *(["Claim"] * claim), "Sampler"]
    body = tuple(_row(page, i, models=models, tau=tau, claim=claim) for i, _ in rows)
    letters = "l" + "l" * models + "rr" + "r" * tau + "l" * claim + "l"
    return Table(caption=f"{_name(quantity)}, {_unit(page, rows)}.", head=tuple(head), rows=body, align=letters,
                 note="\u03c4: posterior median." if tau else "", style="long")  # fmt: skip


def _name(quantity: str) -> str:
    if quantity in _QUANTITIES:
        return _QUANTITIES[quantity]
    part, _, modifier = quantity.partition(".")
    return f"Interaction with {spaced(modifier)} {part} trials"


def _unit(page: Page, rows: list[tuple[int, Mapping[str, Any]]]) -> str:
    return page.unit if not any("unit" in row for _, row in rows) else "each in its own unit"


def _row(page: Page, i: int, *, models: bool, tau: bool, claim: bool) -> tuple[Text, ...]:
    at, row = f"sensitivity.{i}", page.get(f"sensitivity.{i}")
    own = row["quantity"] not in ("pooled_effect", "effect_at_reference")
    digits = page.own_digits(at) if own else None
    label = say("{family}: {label}", family=sentence_case(spaced(row["family"])), label=row["label"])
    unit = say(" ({unit})", unit=row["unit"]) if "unit" in row else ""
    cells: list[Text] = [say("{label}{unit}", label=label, unit=unit), *([spaced(row.get("model", ""))] * models)]
    cells += [page.number(f"{at}.mean", digits), page.interval(at, digits)]
    cells += [page.number(f"{at}.tau.median", digits) if "tau" in row else ""] * tau
    cells += [_claim(page, i)] * claim
    return (*cells, _sampler(page, i))


def _claim(page: Page, i: int) -> Text:
    """The claim's word, and the probability of not rising behind it."""
    path = f"sensitivity.{i}.claim"
    if not page.has(f"{path}_probability"):
        return spaced(page.get(path) or "")
    return say("{word}, P {p}", word=spaced(page.get(path)), p=page.probability(f"{path}_probability"))


def _sampler(page: Page, i: int) -> Text:
    row = page.get(f"sensitivity.{i}")
    if "divergences" not in row:
        return ""
    bad = _failed(row)
    rhat = say("R-hat {r}", r=page.number(f"sensitivity.{i}.rhat_max", 3)) if "rhat_max" in row else "no R-hat"
    verdict = "not met: " if bad else ""
    many = "" if row["divergences"] == 1 else "s"
    return say(
        "{verdict}{n} divergence{s}, {rhat}", verdict=verdict, n=page.count(f"sensitivity.{i}.divergences"), s=many,
        rhat=rhat,
    )  # fmt: skip
