"""The headline."""

from typing import Any

import pytest
from markupsafe import Markup

from ipdma.report.blocks import Paragraph, Picture
from ipdma.report.page import Page
from ipdma.report.sections.headline import headline

Summary = dict[str, Any]


def prose(summary: Summary, **settings: Any) -> str:
    blocks = headline(Page(summary=summary, settings=settings)).blocks
    return " ".join(block.text.striptags() for block in blocks if isinstance(block, Paragraph))  # type: ignore[union-attr]


def test_the_plain_model_is_the_headline(full_summary: Summary) -> None:
    text = prose(full_summary, estimand={"minimal_important_difference": 5})
    assert text.startswith("The pooled effect of drug against placebo on symptom severity is \u22123.9 (95% interval")
    assert "665 analyzed participants of 8 trials" in text  # the sum over the example's flow
    assert "the minimal important difference of 5 percent of maximum possible is 0.18" in text
    assert "lies between \u22129.6 and 1.9" in text


def test_without_a_one_stage_model_the_two_stage_ones_lead(full_summary: Summary) -> None:
    for key in ("pooled_effect", "tau", "new_trial_effect"):
        del full_summary[key]
    assert "is \u22123.9 (95% interval \u22126.3 to \u22121.4)" in prose(full_summary)
    del full_summary["bayes_two_stage"]
    assert "is \u22123.8 (95% interval \u22126.6 to \u22121.0)" in prose(full_summary)
    del full_summary["two_stage"]["ci_hartung_knapp"]
    assert "is \u22123.8 (95% interval \u22125.9 to \u22121.7)" in prose(full_summary)


def test_a_summary_without_any_pooled_effect_has_no_headline_sentence(full_summary: Summary) -> None:
    for key in ("pooled_effect", "tau", "new_trial_effect", "two_stage", "bayes_two_stage", "benefit"):
        del full_summary[key]
    assert prose(full_summary) == "It rests on 665 analyzed participants of 8 trials."


@pytest.mark.parametrize(
    ("low", "high", "direction", "words"),
    [
        (-6.0, -1.0, "higher_is_worse", "The whole interval favors drug."),
        (1.0, 6.0, "higher_is_worse", "The whole interval favors placebo."),
        (1.0, 6.0, "higher_is_better", "The whole interval favors drug."),
        (-1.0, 6.0, "higher_is_worse", "The interval includes zero:"),
    ],
)
def test_the_side_of_the_interval_follows_the_numbers(
    full_summary: dict[str, Any], low: float, high: float, direction: str, words: str
) -> None:
    full_summary["direction"] = direction
    full_summary["pooled_effect"].update({"q2.5": low, "q97.5": high})
    assert words in prose(full_summary)


def test_a_new_trial_that_may_go_the_other_way_is_said_only_where_the_pooled_effect_does_not(
    full_summary: dict[str, Any],
) -> None:
    words = "includes zero although that of the pooled effect does not"
    assert words in prose(full_summary)
    full_summary["pooled_effect"]["q97.5"] = 0.2
    assert words not in prose(full_summary)
    full_summary["pooled_effect"]["q97.5"] = full_summary["new_trial_effect"]["q97.5"] = -0.2
    assert words not in prose(full_summary)


def test_the_forest_s_caption_names_the_marks_it_has(full_summary: Summary) -> None:
    def caption() -> str:
        blocks = headline(Page(summary=full_summary, pictures={"forest": Markup("<svg/>")})).blocks
        return str(next(block for block in blocks if isinstance(block, Picture)).caption)

    assert "shrunken toward the others" in caption() and "dotted: the effect in a new trial" in caption()
    del full_summary["tau"], full_summary["new_trial_effect"]  # a common effect
    assert caption() == (
        "Forest plot. Squares: each trial alone, their area by weight; dots: its effect under the model; filled "
        "diamond: pooled effect; open diamond: two-stage analysis. The numbers are those of dots and diamonds; the "
        "weight is of the squares."
    )
