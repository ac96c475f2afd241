"""The methods in sentences, following the settings: what was not done is not described."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ipdma.curves.curve import stated
from ipdma.report.cite import Reference
from ipdma.report.page import Page, say
from ipdma.report.words import METRICS, column_words, listed, spaced, variable_words

Cited = Mapping[str, Reference]
_BY = {"by_trial": "of its own in each trial", "common": "common to all trials"}
_ADJUSTMENTS = {
    "ancova": "least squares of the outcome on arm and baseline{vickers2001}",
    "final": "the difference in mean outcome between the arms",
    "change": "the difference in mean change from baseline between the arms",
}


def methods_text(page: Page, cited: Cited) -> list[Markup]:
    """Return the paragraphs of the methods.

    Parameters
    ----------
    page
        The summary with its settings.
    cited
        References of this analysis by key; a source that is not among them is not named.
    """
    parts = (_data, _one_stage, _interactions, _curves, _claim, _two_stage, _sensitivity, _computation)
    return [paragraph for part in parts for paragraph in part(page, cited)]


def _with_sources(sentence: str, cited: Cited, **words: object) -> Markup:
    """Fill a sentence in; ``{hua2017}`` becomes a link to that reference where it is cited, else nothing."""
    names = set(_fields(sentence)) - set(words)
    links = {name: _link(cited[name]) if name in cited else Markup("") for name in names}
    filled = str(say(sentence, **links, **words))
    return Markup(filled.replace("</a>) (<a", "</a>; <a"))  # two sources share one pair of brackets


def _fields(sentence: str) -> Iterator[str]:
    for part in sentence.split("{")[1:]:
        yield part.split("}")[0].split(":")[0]


def _link(reference: Reference) -> Markup:
    return Markup(' (<a href="#ref-{}">{}</a>)').format(reference.key, reference.short)


def _data(page: Page, cited: Cited) -> Iterator[Markup]:
    trials = page.count("trials")
    kind = "simulated trial" if page.get("simulated") else "trial"
    noun = kind if page.get("trials") == 1 else f"{kind}s"
    if page.get("flow"):
        sentence = (
            "Participant-level files were mapped to one common schema by a recipe for each source, and checked before "
            "analysis{riley2021}; {trials} {noun} {were} analyzed. {metric}{missing}"
        )
    else:
        sentence = "Effect estimates and standard errors of {trials} {noun} were analyzed{riley2021}. {metric}{missing}"
    were = "was" if page.get("trials") == 1 else "were"
    yield _with_sources(
        sentence, cited, trials=trials, noun=noun, were=were, metric=_metric(page, cited), missing=_missing(page)
    )


def _metric(page: Page, cited: Cited) -> Markup:
    sentences = {
        "pomp": "Scores were expressed as percent of maximum possible, (score − minimum) / (maximum − minimum) × 100, "
        "reversed where higher is better{cohen1999}.",
        "baseline_sd": "Scores were divided by the pooled standard deviation at baseline, reversed where higher is "
        "better.",
        "rank": "Scores were replaced by their rank within trial and visit, 0 to 100, higher being worse.",
        "raw": "Scores were analyzed in their own unit.",
    }
    other = f"Scores were analyzed as {METRICS.get(page.get('metric'), spaced(page.get('metric')))}."
    return _with_sources(sentences.get(page.get("metric"), other), cited)


def _missing(page: Page) -> Markup:
    counts = []
    if any(row.get("outcome_missing") for row in page.get("flow")):
        counts.append(say("{n} without an outcome", n=page.total("flow.*.outcome_missing")))
    if any(row.get("other_arm") for row in page.get("flow")):
        counts.append(say("{n} in an arm outside the contrast", n=page.total("flow.*.other_arm")))
    if any(row.get("not_included") for row in page.get("flow")):
        rule = page.setting("estimand.include") or "the rule of inclusion"
        counts.append(say("{n} not included by \u2018{rule}\u2019", n=page.total("flow.*.not_included"), rule=rule))
    if any(row.get("covariate_missing") for row in page.get("flow")):
        counts.append(say("{n} without a baseline or covariate", n=page.total("flow.*.covariate_missing")))
    if not counts:
        return Markup("")
    words = Markup(", ").join(counts[:-1]) + (Markup(" and ") if len(counts) > 1 else "") + counts[-1]
    return say(" Participants were analyzed in the arm they were randomized to; left out were {words}.", words=words)


def _one_stage(page: Page, cited: Cited) -> Iterator[Markup]:
    if not page.has("pooled_effect"):
        return
    trials = _BY.get(page.setting("model.baseline_slope") or "by_trial", "")
    residual = _BY.get(page.setting("model.residual_sd") or "by_trial", "")
    yield _with_sources(
        "One-stage model: a Bayesian linear model of the outcome on arm and baseline{vickers2001}, with an intercept "
        "for each trial, a baseline slope {slope} and a residual standard deviation {residual}. {effect}{prognostic}",
        cited, slope=trials, residual=residual, effect=_heterogeneity(page, cited), prognostic=_prognostic(page),
    )  # fmt: skip


def _heterogeneity(page: Page, cited: Cited) -> Markup:
    if page.get("trials") == 1:
        return Markup("With one trial, no variation between trials was modeled.")
    if page.setting("model.effect") == "common_effect" or not page.has("tau"):
        return Markup("The treatment effect was taken to be common to all trials.")
    return _with_sources(
        "Treatment effects were taken to vary between trials around the pooled effect by a normal distribution with "
        "standard deviation τ{roever2021}.",
        cited,
    )


def _prognostic(page: Page) -> Markup:
    names = [column_words(name) for name in page.setting("model.prognostic_factors") or ()]
    return say(" It was adjusted for {names}.", names=listed(names)) if names else Markup("")


def _interactions(page: Page, cited: Cited) -> Iterator[Markup]:
    items = page.get("interactions") or ()
    if not items:
        return
    names = listed(_modifiers(items))
    both = _modifiers([item for item in items if "across" in item])
    part = ""
    if both:
        of = "" if len(both) == len(_modifiers(items)) else f" of {listed(both)}"
        part = f" A model beside the headline splits off a part across trials{of} (trial mean)."
    yield _with_sources(
        "Interactions of treatment with {names} were estimated within trials (participant minus trial "
        "mean){hua2017}{riley2020}.{part} Each modifier also has its prognostic slope.",
        cited, names=names, part=part,
    )  # fmt: skip


def _modifiers(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of interactions in words, each once: one of k categories has k - 1 of them."""
    return list(dict.fromkeys(column_words(str(item["modifier"]).partition("[")[0]) for item in items))


def _curves(page: Page, cited: Cited) -> Iterator[Markup]:
    items = page.get("curves") or ()
    mains = [_named(item) for item in items if item["role"] == "main"]
    shifts = [_named(item) for item in items if item["role"] == "shift"]
    if mains:
        yield _with_sources(
            "Beside the plain model, the effect was allowed to depend on {mains}; such a curve is 0 without treatment "
            "and its effect is read at the reference.",
            cited, mains=listed(mains),
        )  # fmt: skip
    if shifts:
        yield _with_sources(
            "The effect was further allowed to shift with {shifts}; a shift is 0 at its reference, and its parameter "
            "is the effect of a stated move.",
            cited, shifts=listed(shifts),
        )  # fmt: skip


def _named(item: Mapping[str, Any]) -> str:
    words, curve = variable_words(item["variable"], item.get("unit", "")), str(item["curve"]).replace("_", "-")
    article = "an" if curve[0] in "aeiou" else "a"
    settings = stated(item.get("settings", {}))
    return f"{words} by {article} {curve} curve" + (f" ({settings})" if settings else "")


def _claim(page: Page, cited: Cited) -> Iterator[Markup]:
    """The rule of the claim, and how curves are compared."""
    if page.has("claim"):
        early, late = (
            say("{a} to {b}", a=page.plain(f"claim.{name}.0"), b=page.plain(f"claim.{name}.1"))
            for name in ("early", "late")
        )
        yield _with_sources(
            "Whether the effect levels off follows a rule stated in the analysis file: the gain per unit of {variable} "
            "from {late} is set against that from {early}. By the curve's default priors levelling off is as likely as "
            "not; the word is looked at again under priors half and twice as wide.",
            cited, variable=spaced(page.get("claim.variable")), early=early, late=late,
        )  # fmt: skip
    if page.has("curve_comparison"):
        yield _with_sources(
            "Curves were compared by the log predictive density of each trial given the others; no weights are made of "
            "it.", cited,
        )  # fmt: skip


def _sensitivity(page: Page, cited: Cited) -> Iterator[Markup]:
    families = dict.fromkeys(spaced(row["family"]) for row in page.get("sensitivity") or ())
    if families:
        yield _with_sources(
            "Sensitivity analyses refit the models with all else as stated: {families}.",
            cited, families=listed(list(families)),
        )  # fmt: skip


def _two_stage(page: Page, cited: Cited) -> Iterator[Markup]:
    if not page.has("two_stage") and not page.has("bayes_two_stage"):
        return
    adjustment = _ADJUSTMENTS.get(page.setting("two_stage.adjustment") or "ancova", "")
    first = (
        f"each trial's effect was estimated by {adjustment}" if page.get("flow") else "the given estimates were used"
    )
    second = []
    if page.has("two_stage.tau2"):
        second.append("restricted maximum likelihood{viechtbauer2005}")
    if page.has("bayes_two_stage"):
        second.append("a Bayesian normal-normal model, integrated numerically{roever2020}")
    what = "the estimate was combined with its prior by" if page.get("trials") == 1 else "the estimates were pooled by"
    pooling = f", and {what} {listed(second)}" if second else ""
    yield _with_sources(f"Two-stage analysis: {first}{pooling}.{_intervals(page)}", cited)


_PARTS = {
    "ci_hartung_knapp": " Confidence intervals are modified Hartung-Knapp, never narrower than Wald{roever2015}.",
    "prediction": " The prediction interval is based on a t distribution{higgins2009}.",
    "i2": " Heterogeneity is described by Q and I²{higgins2002}.",
}


def _intervals(page: Page) -> str:
    return "".join(sentence for key, sentence in _PARTS.items() if page.has(f"two_stage.{key}"))


def _computation(page: Page, cited: Cited) -> Iterator[Markup]:
    if not page.get("diagnostics"):
        return
    sampling = page.setting("sampling") or {}
    how = "{chains} chains of {draws} draws after {tune} tuning steps, seed {seed}"
    detail = say(f", {how}", **sampling) if {"chains", "draws", "tune", "seed"} <= set(sampling) else Markup("")
    yield _with_sources(
        "Posteriors were sampled by Hamiltonian Monte Carlo (No-U-Turn sampler) in PyMC{abrilpla2023}{detail}. "
        "Convergence was judged by R-hat and effective sample sizes{vehtari2021}. Intervals are 95% equal-tailed "
        "posterior intervals; effects are posterior means.",
        cited, detail=detail,
    )  # fmt: skip
