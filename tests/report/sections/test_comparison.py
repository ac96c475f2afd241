"""One-stage beside two-stage."""

from typing import Any

import pytest
from markupsafe import Markup

from ipdma.report.blocks import Bullets, Section, Table
from ipdma.report.page import Page
from ipdma.report.sections.comparison import comparison

Summary = dict[str, Any]


def parts(summary: Summary, **settings: Any) -> tuple[Table, list[str]]:
    section = comparison(Page(summary=summary, settings=settings))
    assert isinstance(section, Section)
    table = next(block for block in section.blocks if isinstance(block, Table))
    bullets = next(block for block in section.blocks if isinstance(block, Bullets))
    return table, [Markup(item).striptags() for item in bullets.items]


def test_all_analyses_stand_in_one_table(full_summary: Summary) -> None:
    table, _ = parts(full_summary)
    assert [row[0] for row in table.rows] == [
        "One-stage, Bayesian (headline)", "Two-stage, Bayesian",
        "Two-stage, REML, Hartung-Knapp", "Two-stage, REML, Wald",
    ]  # fmt: skip
    assert all(len(row) == len(table.head) for row in table.rows)


@pytest.mark.parametrize(
    ("shift", "factor", "words"),
    [
        (0.0, 1.0, "estimates and their precision agree"),
        (0.2, 1.0, "the estimates differ by more than a tenth of a standard error."),
        (0.0, 1.2, "the estimates agree, their precision differs"),
        (0.2, 1.2, "estimates and their precision differ"),
    ],
)
def test_the_sentence_follows_the_numbers(full_summary: Summary, shift: float, factor: float, words: str) -> None:
    one = full_summary["pooled_effect"]
    two = dict(one, mean=one["mean"] + shift * one["sd"], sd=one["sd"] * factor)
    full_summary["bayes_two_stage"]["pooled_effect"] = two
    assert words in parts(full_summary)[1][0]


def test_the_reason_follows_the_settings(full_summary: Summary) -> None:
    assert "takes each trial's standard error as known" in parts(full_summary)[1][0]
    common = parts(full_summary, model={"residual_sd": "common", "baseline_slope": "common"})[1][0]
    assert "one baseline slope and residual SD for all trials" in common
    assert "does not adjust for the baseline" in parts(full_summary, two_stage={"adjustment": "final"})[1][0]


def test_trials_and_assumptions_that_only_one_analysis_has_are_named(full_summary: Summary) -> None:
    assert "too small for an estimate" not in parts(full_summary)[1][0]
    del full_summary["trial_effects"][2]["raw"]
    assert "uses a trial that is too small for an estimate of its own" in parts(full_summary)[1][0]
    del full_summary["trial_effects"][3]["raw"]
    assert "uses trials that are too small for an estimate of their own" in parts(full_summary)[1][0]
    assert "takes one effect for all trials" in parts(full_summary, model={"effect": "common_effect"})[1][0]


def test_one_analysis_alone_is_not_compared(full_summary: Summary) -> None:
    del full_summary["two_stage"], full_summary["bayes_two_stage"]
    assert comparison(Page(summary=full_summary)) is None


def test_covariates_that_only_the_one_stage_model_has_are_named_as_a_reason(full_summary: Summary) -> None:
    assert "also adjusts for the modifiers" in parts(full_summary)[1][0]
    del full_summary["interactions"]
    assert "also adjusts" not in parts(full_summary)[1][0]
