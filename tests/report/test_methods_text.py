"""The methods say what was done and nothing else."""

from typing import Any

from ipdma.report.cite import references
from ipdma.report.methods_text import methods_text
from ipdma.report.page import Page

Summary = dict[str, Any]


def text_of(summary: Summary, settings: Summary) -> str:
    cited = {item.key: item for item in references(summary, settings=settings)}
    return " ".join(part.striptags() for part in methods_text(Page(summary=summary, settings=settings), cited))


def test_the_text_follows_the_settings(full_summary: Summary, settings: Summary) -> None:
    before = text_of(full_summary, settings)
    assert "a residual standard deviation of its own in each trial" in before
    assert "4 chains of 1000 draws after 1000 tuning steps, seed 1" in before
    assert "least squares of the outcome on arm and baseline" in before
    settings["model"]["residual_sd"] = "common"
    settings["model"]["prognostic_factors"] = ["age_years", "sex"]
    settings["two_stage"]["adjustment"] = "change"
    settings["sampling"]["draws"] = 250
    after = text_of(full_summary, settings)
    assert "a residual standard deviation common to all trials" in after
    assert "adjusted for age (years) and sex" in after
    assert "the difference in mean change from baseline" in after
    assert "4 chains of 250 draws" in after


def test_the_text_follows_what_the_summary_holds(full_summary: Summary, settings: Summary) -> None:
    assert "37 without an outcome" in text_of(full_summary, settings)  # the sum over the example's flow
    assert "standard deviation \u03c4 (R\u00f6ver et al. 2021)" in text_of(full_summary, settings)
    for key, words in (
        ("curves", "plateau"), ("interactions", "Interactions of treatment"), ("bayes_two_stage", "normal-normal"),
        ("tau", "vary between trials"),
    ):  # fmt: skip
        assert words in text_of(full_summary, settings), key
        shorter = {name: value for name, value in full_summary.items() if name != key}
        assert words not in text_of(shorter, settings), key


def test_given_estimates_are_not_described_as_participants(full_summary: Summary) -> None:
    kept = ("metric", "trials", "direction", "contrast", "two_stage", "trial_effects")
    given = {key: full_summary[key] for key in kept} | {"flow": [], "diagnostics": []}
    text = text_of(given, {})
    assert "Effect estimates and standard errors of 8 trials were analyzed" in text
    assert "the given estimates were used" in text
    assert "Participant" not in text and "sampled" not in text


def test_two_sources_share_one_pair_of_brackets(full_summary: Summary, settings: Summary) -> None:
    assert "(Hua et al. 2017; Riley et al. 2020)" in text_of(full_summary, settings)


def test_a_part_across_trials_is_told_only_where_the_summary_has_one(full_summary: Summary, settings: Summary) -> None:
    # The example has one modifier with a part across trials and one without.
    assert "a part across trials of antidepressant baseline (trial mean)" in text_of(full_summary, settings)
    first, second = full_summary["interactions"]
    text = text_of({**full_summary, "interactions": [first]}, settings)
    assert "splits off a part across trials (trial mean)" in text
    text = text_of({**full_summary, "interactions": [second]}, settings)
    assert "within trials (participant minus trial mean)" in text and "across" not in text


def test_what_is_stated_of_a_curve_is_said(full_summary: Summary, settings: Summary) -> None:
    full_summary["curves"] = [
        {**full_summary["curves"][0], "curve": "spline", "settings": {"knots": [0.0, 2.5, 12.0]}},
        {**full_summary["curves"][0], "role": "shift", "variable": "timing_min", "unit": "min", "curve": "emax"},
        {**full_summary["curves"][0], "role": "shift", "variable": "dose", "curve": "hinge", "settings": {"at": 50.0}},
    ]
    text = text_of(full_summary, settings)
    assert "number of doses by a spline curve (knots 0, 2.5 and 12)" in text
    assert "timing (min) by an emax curve and dose by a hinge curve (at 50)" in text
