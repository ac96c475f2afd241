"""One-stage beside two-stage, and which difference in assumptions explains a gap."""

from collections.abc import Iterator
from typing import NamedTuple

from ipdma.report.blocks import Block, Bullets, Heading, Paragraph, Section, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.words import INTERVAL, sentence_case

_SMALL = 0.1  # of a standard error: a gap below it is no gap


class _Line(NamedTuple):
    """One analysis: its name in the table and in a sentence, and where center, spread and interval stand."""

    name: str
    words: str
    center: str
    spread: str
    interval: str
    tau: str
    new_trial: str


_LINES = (
    _Line(
        "One-stage, Bayesian (headline)", "one-stage",
        "pooled_effect.mean", "pooled_effect.sd", "pooled_effect", "tau.median", "new_trial_effect",
    ),
    _Line(
        "Two-stage, Bayesian", "Bayesian two-stage",
        "bayes_two_stage.pooled_effect.mean", "bayes_two_stage.pooled_effect.sd", "bayes_two_stage.pooled_effect",
        "bayes_two_stage.tau.median", "bayes_two_stage.new_trial_effect",
    ),
    _Line(
        "Two-stage, REML, Hartung-Knapp", "REML two-stage",
        "two_stage.estimate", "two_stage.se", "two_stage.ci_hartung_knapp", "two_stage.tau2", "two_stage.prediction",
    ),
    _Line(
        "Two-stage, REML, Wald", "REML two-stage",
        "two_stage.estimate", "two_stage.se", "two_stage.ci_wald", "two_stage.tau2", "",
    ),
)  # fmt: skip


_NOTE = (
    "Bayesian: posterior mean, SD and equal-tailed interval; τ: median and interval. REML: estimate, SE and confidence "
    "interval; τ: estimate and Q-profile interval."
)


def comparison(page: Page) -> Section | None:
    """Return the analyses side by side, or None where there is only one."""
    lines = [line for line in _LINES if page.has(line.center) and page.has(line.interval)]
    if len(lines) < 2:
        return None
    both = page.has("pooled_effect")
    blocks: list[Block] = [_table(page, lines), *(Paragraph(sentence) for sentence in _heterogeneity(page))]
    blocks += [Heading("Which assumption explains a gap"), Bullets(tuple(_gaps(page)))]
    return Section("two-stage", "One-stage beside two-stage" if both else "Bayesian beside REML", blocks)


def _table(page: Page, lines: list[_Line]) -> Table:
    tau = any(page.has(line.tau) for line in lines)
    new = any(line.new_trial and page.has(line.new_trial) for line in lines)
    head = ["Analysis", "Effect", "SD or SE", INTERVAL, *(["τ"] * tau), *(["Effect in a new trial"] * new)]
    rows = []
    for line in lines:
        cells: list[Text] = [
            line.name,
            page.number(line.center),
            page.number(line.spread),
            page.interval(line.interval),
        ]
        cells += [_tau(page, line.tau)] * tau
        cells += [page.interval(line.new_trial) if line.new_trial and page.has(line.new_trial) else ""] * new
        rows.append(tuple(cells))
    return Table(
        caption=f"The same trials analyzed in different ways, {page.unit}.",
        head=tuple(head),
        rows=tuple(rows),
        note=_NOTE,
    )


def _tau(page: Page, path: str) -> Text:
    if not page.has(path):
        return ""
    if path.endswith("tau2"):
        interval = say(" ({ends})", ends=page.root(f"{path}_ci")) if page.has(f"{path}_ci") else ""
        return say("{tau}{interval}", tau=page.root(path), interval=interval)
    interval = page.interval(path.removesuffix(".median"))
    return say("{median} ({interval})", median=page.number(path), interval=interval)


def _heterogeneity(page: Page) -> Iterator[Text]:
    if page.has("two_stage.q") and page.has("two_stage.df"):
        numbers = {"q": page.number("two_stage.q", 1), "df": page.count("two_stage.df")}
        share = say("; I² is {i2}%", i2=page.number("two_stage.i2", 0)) if page.has("two_stage.i2") else ""
        yield say("Cochran's Q is {q} on {df} degrees of freedom{share}.", share=share, **numbers)


def _gaps(page: Page) -> Iterator[Text]:
    if page.has("pooled_effect") and page.has("bayes_two_stage.pooled_effect"):
        yield say("{verdict} {why}", verdict=_verdict(page, _LINES[0], _LINES[1]), why=_one_against_two(page))
    if page.has("bayes_two_stage.pooled_effect") and page.has("two_stage.ci_hartung_knapp"):
        yield say("{verdict} {why}", verdict=_verdict(page, _LINES[1], _LINES[2]), why=_bayes_against_reml(page))
    if page.has("two_stage.ci_hartung_knapp"):
        yield (
            "Hartung-Knapp against Wald: the same estimate; the Hartung-Knapp interval also carries the uncertainty of"
            " the heterogeneity, through a t distribution, and is modified so that it is never narrower."
        )
    if page.has("pooled_effect") and not page.has("bayes_two_stage") and page.has("two_stage"):
        yield say("{verdict} {why}", verdict=_verdict(page, _LINES[0], _LINES[3]), why=_one_against_two(page))


def _verdict(page: Page, one: _Line, other: _Line) -> Text:
    spread = page.get(one.spread)
    apart = abs(page.get(one.center) - page.get(other.center)) > _SMALL * spread
    wider = abs(page.get(other.spread) / spread - 1) > _SMALL
    names = sentence_case(f"{one.words} against {other.words}")
    agree = {
        (False, False): "estimates and their precision agree within a tenth of a standard error.",
        (True, False): "the estimates differ by more than a tenth of a standard error.",
        (False, True): "the estimates agree, their precision differs by more than a tenth.",
        (True, True): "estimates and their precision differ by more than a tenth of a standard error.",
    }[(apart, wider)]
    return say("{names}: {agree}", names=names, agree=agree)


_KNOWN_ERRORS = (
    "The one-stage model estimates each trial's slope and residual SD together with the effects, under weak priors; "
    "the two-stage analysis takes each trial's standard error as known, which matters most where trials are small."
)
_UNADJUSTED = (
    "The two-stage analysis does not adjust for the baseline as the one-stage model does, so a difference at baseline "
    "between the arms moves it."
)


_MORE_COVARIATES = (
    "The one-stage model also adjusts for the modifiers and prognostic factors, the two-stage analysis for neither."
)


_ONE_EFFECT = "The one-stage model takes one effect for all trials, the two-stage analysis lets it vary between them."


def _left_out(trials: int) -> str:
    noun, own = ("a trial that is", "its own") if trials == 1 else ("trials that are", "their own")
    return f"The one-stage model uses {noun} too small for an estimate of {own}, the two-stage analysis does not."


def _one_against_two(page: Page) -> str:
    common = {"baseline slope": "model.baseline_slope", "residual SD": "model.residual_sd"}
    shared = " and ".join(words for words, path in common.items() if page.setting(path) == "common")
    why = f"The one-stage model takes one {shared} for all trials, the two-stage analysis one in each trial."
    adjusted = (page.setting("two_stage.adjustment") or "ancova") == "ancova"
    more = page.setting("model.prognostic_factors") or page.get("interactions")
    alone = sum("raw" not in row for row in page.get("trial_effects"))
    parts = [
        *([_left_out(alone)] if alone and page.get("flow") else []),
        *([_ONE_EFFECT] if page.setting("model.effect") == "common_effect" else []),
        why if shared else _KNOWN_ERRORS,
        *([] if adjusted else [_UNADJUSTED]),
        *([_MORE_COVARIATES] if more else []),
    ]
    return " ".join(parts)


def _bayes_against_reml(page: Page) -> str:
    return (
        "The Bayesian analysis uses the priors listed below and averages over τ; REML uses none and puts one value of "
        "τ in, so with few trials its weights and its interval lean on that value."
    )
