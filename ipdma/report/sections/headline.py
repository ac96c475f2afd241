"""The plain model: pooled effect, heterogeneity, a new trial, and the trials themselves."""

from collections.abc import Iterator

from markupsafe import Markup

from ipdma.report.blocks import Block, Paragraph, Picture, Section, Table, Text
from ipdma.report.judgments import includes_zero, verdict
from ipdma.report.page import Page, say
from ipdma.report.words import INTERVAL, spaced

_TAU = (
    "Variation between trials, τ: the posterior (filled, solid) and the prior (dashed). Where the two look alike, the "
    "trials say little of it."
)


def headline(page: Page) -> Section:
    """Return the headline with its forest plot and the table of trials."""
    blocks: list[Block] = [Paragraph(sentence, "lead") for sentence in _first(page)]
    around = list(_around(page))
    blocks += [Paragraph(Markup(" ").join(around))] if around else []
    if "forest" in page.pictures:
        blocks.append(Picture(svg=page.pictures["forest"], caption=_forest(page)))
    if "tau" in page.pictures:
        blocks.append(Picture(svg=page.pictures["tau"], caption=_TAU))
    if page.get("trial_effects"):
        blocks.append(_trials(page))
    return Section("effect", "Treatment effect", blocks)


def _forest(page: Page) -> str:
    """What the marks of the forest plot are, of those that it has."""
    own = "its effect shrunken toward the others" if page.has(f"{page.headline}tau") else "its effect under the model"
    parts = [f"Squares: each trial alone, their area by weight; dots: {own}"]
    if page.has(f"{page.headline}pooled_effect"):
        parts.append("filled diamond: pooled effect")
    if page.has(f"{page.headline}new_trial_effect"):
        parts.append("dotted: the effect in a new trial")
    if page.has("two_stage"):
        parts.append("open diamond: two-stage analysis")
    return f"Forest plot. {'; '.join(parts)}. The numbers are those of dots and diamonds; the weight is of the squares."


def _first(page: Page) -> Iterator[Text]:
    contrast, path = page.get("contrast"), page.headline
    where = f" on {spaced(page.get('outcome'))}" if page.has("outcome") else ""
    if path != "two_stage":
        effect: Text = page.estimate(f"{path}pooled_effect")
    elif page.has("two_stage"):
        interval = "ci_hartung_knapp" if page.has("two_stage.ci_hartung_knapp") else "ci_wald"
        numbers = page.number("two_stage.estimate"), page.interval(f"two_stage.{interval}")
        effect = say("{mean} (95% interval {interval})", mean=numbers[0], interval=numbers[1])
    else:
        return
    words = "The pooled effect of" if page.get("trials") > 1 else "The effect of"
    yield say(
        "{words} {treatment} against {control}{where} is {effect} {unit}.",
        words=words, where=where, effect=effect, unit=page.unit, **contrast,
    )  # fmt: skip


def _around(page: Page) -> Iterator[Text]:
    yield from _evidence(page)
    yield from _side(page)
    yield from _benefit(page)
    prefix = page.headline
    if page.get("trials") == 1:
        yield "With one trial the variation between trials cannot be estimated; no effect in a new trial is given."
    elif page.has(f"{prefix}tau"):
        tau = say("{tau} {unit}", tau=page.estimate(f"{prefix}tau", center="median"), unit=page.unit)
        yield say("The trials' effects vary around it with a standard deviation τ of {tau} (median).", tau=tau)
    if page.has(f"{prefix}new_trial_effect"):
        interval = page.interval(f"{prefix}new_trial_effect", word="and")
        yield say(
            "In a new trial like these the effect lies between {interval} with 95% probability{zero}.",
            interval=interval,
            zero=_new_trial(page, f"{prefix}new_trial_effect"),
        )


def _new_trial(page: Page, path: str) -> str:
    """What a reader of a pooled effect overlooks: the next trial may well go the other way."""
    headline = page.get(f"{page.headline}pooled_effect")
    wider = includes_zero(page.get(path)) and not includes_zero(headline)
    return ", an interval that includes zero although that of the pooled effect does not" if wider else ""


def _side(page: Page) -> Iterator[Text]:
    """Which side the interval favors; of a confidence interval only whether it includes zero."""
    ends = page.get(f"{page.headline}pooled_effect")
    if ends is None:
        return
    judged = verdict(ends, page.get("direction"))
    if judged == "includes_zero":
        yield "The interval includes zero: the data are compatible with no effect, and with one in either direction."
    else:
        side = page.get("contrast.treatment" if judged == "favors_treatment" else "contrast.control")
        yield say("The whole interval favors {side}.", side=side)


def _evidence(page: Page) -> Iterator[Text]:
    trials = page.count("trials")
    noun = "trial" if page.get("trials") == 1 else "trials"
    if page.has("participants_analyzed"):
        people = page.count("participants_analyzed")
        yield say(
            "It rests on {people} analyzed participants of {trials} {noun}.", people=people, trials=trials, noun=noun
        )
    else:
        yield say("It rests on the estimates of {trials} {noun}.", trials=trials, noun=noun)


def _benefit(page: Page) -> Iterator[Text]:
    if page.has("benefit.beyond_zero"):
        probability = page.probability("benefit.beyond_zero")
        yield say(
            "The probability that {treatment} is better than {control} is {p}.", p=probability, **page.get("contrast")
        )
    if page.has("benefit.beyond_mid"):
        difference = page.setting("estimand.minimal_important_difference")
        of = say(" of {x:g} {unit}", x=difference, unit=page.unit) if difference is not None else ""
        probability = page.probability("benefit.beyond_mid")
        yield say(
            "The probability that it is better by more than the minimal important difference{of} is {p}.",
            of=of,
            p=probability,
        )


_COLUMNS = {
    "n": "Analyzed",
    "raw": "Trial alone",
    "raw_se": "SE",
    "shrunken.mean": "Shrunken effect",
    "shrunken": INTERVAL,
    "weight": "Weight, %",
}


def _trials(page: Page) -> Table:
    rows = page.get("trial_effects")
    columns = [c for c in _COLUMNS if any(page.has(f"trial_effects.{i}.{c}") for i in range(len(rows)))]
    body = tuple(
        (row["label"], *(_cell(page, f"trial_effects.{i}", column) for column in columns)) for i, row in enumerate(rows)
    )
    prefix = page.headline
    tau = page.has(f"{prefix}tau")
    heads = _COLUMNS if tau else {**_COLUMNS, "shrunken.mean": "Effect in the model"}
    totals = [
        (words, *(_below(page, f"{prefix}{name}", column) for column in columns))
        for name, words in (("pooled_effect", "Pooled effect"), ("new_trial_effect", "Effect in a new trial"))
        if page.has(f"{prefix}{name}") and "shrunken" in columns
    ]
    return Table(
        caption=f"Effects by trial, {page.unit}.",
        head=("Trial", *(heads[column] for column in columns)),
        rows=body,
        totals=tuple(totals),
        note=_note(columns, tau=tau),
    )


def _note(columns: list[str], *, tau: bool) -> Text:
    parts = []
    if "raw" in columns:
        parts.append("Trial alone: least squares in that trial only.")
    if "shrunken" in columns and tau:
        parts.append(
            "Shrunken: the trial's effect in the pooled model, drawn toward the other trials as far as its own data "
            "are few."
        )
    if "weight" in columns:
        with_tau = " with this τ" if tau else ""
        parts.append(f"Weight: the share of the trial's own estimate in a pooled effect{with_tau}.")
    return " ".join(parts)


def _cell(page: Page, row: str, column: str) -> Text:
    path = f"{row}.{column}"
    if not page.has(path):
        return ""
    if column == "shrunken":
        return page.interval(path)
    return page.number(path, {"n": 0, "weight": 1}.get(column))


def _below(page: Page, path: str, column: str) -> Text:
    if column == "shrunken":
        return page.interval(path)
    return page.number(f"{path}.mean") if column == "shrunken.mean" else ""
