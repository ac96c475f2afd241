"""The estimand: what is asked, before any number."""

from collections.abc import Iterator

from ipdma.report.blocks import Definitions, Section, Text
from ipdma.report.page import Page, say
from ipdma.report.words import METRICS, favors, sentence_case, spaced, variable_words

_POPULATIONS = {"all_randomized": "All participants as randomized, whether or not they took the treatment"}
_STRATEGIES = {"treatment_policy": "Treatment policy: outcomes after it are used as they are"}
_MISSING = {
    "error": "None is tolerated: a missing baseline or covariate would have stopped the analysis",
    "complete_case": "Participants with a missing baseline or covariate are left out and counted below",
}


def question(page: Page) -> Section:
    """Return the estimand as terms and what each means in this analysis (ICH E9(R1))."""
    return Section("question", "The question", [Definitions(tuple(_items(page)))])


def _items(page: Page) -> Iterator[tuple[Text, Text]]:
    yield from _population(page)
    contrast = page.get("contrast")
    yield "Contrast", say("{words}.", words=sentence_case(f"{contrast['treatment']} against {contrast['control']}"))
    if page.has("outcome"):
        at = say(" at visit “{visit}”", visit=spaced(page.get("visit"))) if page.has("visit") else ""
        yield "Outcome", say("{outcome}{at}.", outcome=sentence_case(spaced(page.get("outcome"))), at=at)
    yield "Metric", _metric(page)
    yield "Summary measure", _measure(page)
    yield from _dosing(page)
    yield from _events(page)
    if page.setting("estimand.minimal_important_difference") is not None:
        difference = page.setting("estimand.minimal_important_difference")
        yield "Minimal important difference", say("{value:g} {unit}.", value=difference, unit=page.unit)


def _population(page: Page) -> Iterator[tuple[Text, Text]]:
    if not page.get("flow"):
        return  # given estimates: whom they describe is not known here
    population = page.setting("estimand.population") or "all_randomized"
    yield "Population", _POPULATIONS.get(population, spaced(population)) + "."
    if page.setting("estimand.include"):
        yield "Included", say("Participants and trials with {rule}.", rule=page.setting("estimand.include"))


def _measure(page: Page) -> Text:
    ancova = page.get("flow") and page.setting("two_stage.adjustment") == "ancova"
    adjusted = ", adjusted for the baseline" if page.has("pooled_effect") or ancova else ""
    sentence = "Difference in means, {treatment} minus {control}{adjusted}; {favors}."
    return say(sentence, adjusted=adjusted, favors=favors(page.get("direction")), **page.get("contrast"))


def _events(page: Page) -> Iterator[tuple[Text, Text]]:
    if not page.get("flow"):
        return
    for event, strategy in (page.setting("estimand.intercurrent_events") or {}).items():
        yield sentence_case(spaced(event)), _STRATEGIES.get(strategy, spaced(strategy)) + "."
    missing = page.setting("estimand.missing_covariates")
    if missing:
        yield "Missing covariates", _MISSING.get(missing, spaced(missing)) + "."


def _metric(page: Page) -> Text:
    words = METRICS.get(page.get("metric"), spaced(page.get("metric")))
    unit = page.unit
    same = unit.lower() in words.lower() or page.get("metric") == "rank"
    higher = "higher is worse" if page.get("direction") == "higher_is_worse" else "higher is better"
    if page.get("metric") != "raw" and page.get("flow"):
        higher += "; scores of which higher is better are turned round"
    return say(
        "{words}{unit}; {higher}.", words=sentence_case(words), unit="" if same else f", in {unit}", higher=higher
    )


def _dosing(page: Page) -> Iterator[tuple[Text, Text]]:
    """The profile at which effects are read: of the curves, so that it stands only where it is used."""
    seen: dict[str, Text] = {}
    for i, item in enumerate(page.get("curves") or ()):
        words = variable_words(item["variable"], item.get("unit", ""))
        at = page.stated(f"curves.{i}.reference")
        seen.setdefault(item["variable"], say("{words} {at}", words=words if seen else sentence_case(words), at=at))
    if seen:
        profile = say(", ").join(seen.values())
        yield "Reference profile", say("{profile}; the effect of a curve is read there.", profile=profile)
