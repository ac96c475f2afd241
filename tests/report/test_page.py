"""Numbers on their way into the report."""

from typing import Any

import pytest
from markupsafe import Markup

from ipdma.report.page import Page, effect_digits, look_up, say

SUMMARY: dict[str, Any] = {
    "metric": "pomp",
    "pooled_effect": {"mean": -3.912, "sd": 1.2, "q2.5": -6.26, "median": -3.9, "q97.5": -1.54},
    "trial_effects": [{"trial": "a", "raw": -1234.56, "n": 1234}, {"trial": "b"}],
    "two_stage": {"ci_wald": [-5.94, -1.65], "tau2": 2.25},
    "benefit": {"beyond_zero": 0.9999, "beyond_mid": 0.1842, "small": 0.0004, "edge": 0.995},
    "curves": [{"reference": 0.25}, {"reference": 60.0}],
    "flow": [{"analyzed": 10, "other_arm": 1}, {"analyzed": 1200}],
}


@pytest.fixture
def page() -> Page:
    return Page(summary=SUMMARY)


def test_a_number_carries_its_path_and_its_decimals(page: Page) -> None:
    expected = '<span class="num" data-key="pooled_effect.mean" data-format="1">\u22123.9</span>'
    assert page.number("pooled_effect.mean") == expected
    assert ">\u22121,234.6<" in page.number("trial_effects.0.raw")
    assert 'data-format="0">1,234<' in page.count("trial_effects.0.n")


def test_keys_that_hold_dots_are_found() -> None:
    assert look_up(SUMMARY, "pooled_effect.q2.5") == -6.26
    assert look_up({"a": {"b": 1}, "a.b": {"c": 2}}, "a.b.c") == 2
    assert look_up(SUMMARY, "two_stage.ci_wald.1") == -1.65


@pytest.mark.parametrize(
    "path", ["tau", "pooled_effect.q2", "trial_effects.9.raw", "trial_effects.x", "metric.0", "two_stage.ci_wald.2"]
)
def test_what_is_absent_is_none(page: Page, path: str) -> None:
    assert page.get(path) is None and not page.has(path)


def test_an_interval_is_that_of_an_estimate_or_of_a_pair(page: Page) -> None:
    assert page.interval("pooled_effect").striptags() == "\u22126.3 to \u22121.5"
    assert page.interval("two_stage.ci_wald", word="and").striptags() == "\u22125.9 and \u22121.6"
    assert page.estimate("pooled_effect").striptags() == "\u22123.9 (95% interval \u22126.3 to \u22121.5)"


@pytest.mark.parametrize(
    ("name", "text"), [("beyond_zero", "> 0.999"), ("beyond_mid", "0.18"), ("small", "< 0.001"), ("edge", "0.995")]
)
def test_a_probability_never_claims_certainty(page: Page, name: str, text: str) -> None:
    assert page.probability(f"benefit.{name}").unescape().endswith(f">{text}</span>")


def test_a_variance_is_shown_as_a_standard_deviation_and_says_so(page: Page) -> None:
    assert page.root("two_stage.tau2") == (
        '<span class="num" data-key="two_stage.tau2" data-format="sqrt:1">1.5</span>'
    )


def test_a_number_of_the_design_is_not_rounded(page: Page) -> None:
    assert page.plain("curves.0.reference").striptags() == "0.25"
    assert page.plain("curves.1.reference").striptags() == "60"


def test_a_total_says_what_was_added(page: Page) -> None:
    assert page.total("flow.*.analyzed") == '<span class="num" data-sum="flow.*.analyzed" data-format="0">1,210</span>'
    assert page.total("flow.*.other_arm").striptags() == "1"


def test_decimals_follow_the_spread_of_the_headline_or_of_what_there_is() -> None:
    assert effect_digits({"pooled_effect": {"sd": 0.11}, "trial_effects": []}) == 2
    assert effect_digits({"two_stage": {"se": 12.0}, "trial_effects": []}) == 0
    assert effect_digits({"trial_effects": [{"raw_se": 1.0}, {"raw_se": 3.0}, {}]}) == 1
    assert effect_digits({"trial_effects": []}) == 2


def test_parts_of_a_sentence_are_escaped_unless_they_were() -> None:
    assert say("<p>{a} {b} {c:g}</p>", a="<i>", b=Markup("<b>x</b>"), c=5.0) == "<p>&lt;i&gt; <b>x</b> 5</p>"
