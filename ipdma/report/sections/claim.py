"""The one claim that carries words: its sentence, and the numbers behind it."""

from collections.abc import Iterator

from ipdma.report.blocks import Block, Paragraph, Section, Table, Text
from ipdma.report.page import Page, say
from ipdma.report.tables import carries_claim
from ipdma.report.words import spaced

_STATEMENTS = {
    "no_effect": "No effect to describe",
    "supported": "Supported: levels off or falls",
    "contradicted": "Contradicted: goes on growing",
    "cannot_tell": "Cannot tell",
    "cannot_answer": "This curve cannot answer",
}
_CAUTION = (
    "Between trials nobody was randomized to {variable}: the comparison is observational, {trials} trials, and other "
    "differences between the trials may stand behind it. Curve and landmarks are those the analysis file "
    "states; this is the only sentence on the shape of the effect that the report gives, the curves below are figures."
)


def claim(page: Page) -> Section | None:
    """Return the claim with its sentence in front, or None where none was stated."""
    if not page.has("claim"):
        return None
    blocks: list[Block] = [Paragraph(page.words("claim.sentence"), "lead")]
    caution = say(_CAUTION, variable=spaced(page.get("claim.variable")), trials=page.count("trials"))
    blocks += [Paragraph(caution, "caution"), *_sampler(page), _table(page)]
    return Section("claim", "Does the effect level off?", blocks)


def _sampler(page: Page) -> Iterator[Block]:
    """What the sampler says of the model that carries the claim, where it is a warning."""
    for i, row in enumerate(page.get("diagnostics") or ()):
        if row["warnings"] and carries_claim(page.summary, row["model"]):
            warning = page.words(f"diagnostics.{i}.warnings.0")
            yield Paragraph(say("The sampler of this model: {warning}", warning=warning), "caution")


def _table(page: Page) -> Table:
    rows = tuple(_rows(page))
    return Table(
        caption="What the claim rests on.",
        head=("Quantity", "Value"),
        rows=rows,
        align="ll",
        note="Not rising: the late gain per unit is below a quarter of the early one, or the early one is not above "
        "zero. Supported from 0.90 on, contradicted up to 0.05, and only where the interval excludes zero; within two "
        "Monte Carlo errors of either nothing is claimed.",
    )


def _rows(page: Page) -> Iterator[tuple[Text, Text]]:
    yield "Statement", _STATEMENTS[page.get("claim.statement")]
    curve = say(
        "{curve} over {variable}",
        curve=str(page.get("claim.curve")).replace("_", "-"),
        variable=spaced(page.get("claim.variable")),
    )
    yield "Curve that carries it", curve
    for name in ("early", "late"):
        ends = page.plain(f"claim.{name}.0"), page.plain(f"claim.{name}.1")
        yield f"{name.capitalize()} gain between", say("{a} and {b}", a=ends[0], b=ends[1])
    zero = "includes" if page.get("claim.gate.includes_zero") else "excludes"
    interval = page.interval("claim.gate.interval")
    yield "Effect at the reference, 95% interval", say("{interval}: {zero} zero", interval=interval, zero=zero)
    yield "The effect is likelier a", str(page.get("claim.effect_is"))
    yield from _probabilities(page)
    for i, row in enumerate(page.get("claim.under_priors") or ()):
        path = f"claim.under_priors.{i}.posterior_probability"
        probability = say(" ({p})", p=page.probability(path)) if page.has(path) else ""
        words = _STATEMENTS[row["statement"]]
        yield f"With {row['priors']} priors", say("{words}{p}", words=words, p=probability)


def _probabilities(page: Page) -> Iterator[tuple[Text, Text]]:
    if page.has("claim.prior_probability"):
        yield "Not rising, before the data", page.probability("claim.prior_probability")
    if page.has("claim.posterior_probability"):
        error = say(" (Monte Carlo error {e})", e=page.number("claim.mcse", 3)) if page.has("claim.mcse") else ""
        probability = page.probability("claim.posterior_probability")
        yield "Not rising, after the data", say("{p}{error}", p=probability, error=error)
    if page.has("claim.odds_ratio"):
        yield "Odds ratio, after against before", page.number("claim.odds_ratio", 2)
    elif page.has("claim.odds_ratio_reason"):
        yield "Odds ratio, after against before", page.words("claim.odds_ratio_reason")
