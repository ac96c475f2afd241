"""Several analyses side by side."""

from types import SimpleNamespace
from typing import Any

from ipdma.project.analyses import across, index_lines

FIVE = {"mean": -2.0, "sd": 1.0, "q2.5": -4.0, "median": -2.0, "q97.5": 0.0}
SUMMARY: dict[str, Any] = {
    "outcome": "symptom_severity",
    "visit": "post",
    "contrast": {"treatment": "drug", "control": "placebo"},
    "trials": 3,
    "participants_analyzed": 120,
    "metric": "pomp",
    "unit": "percent of maximum possible",
    "pooled_effect": FIVE,
    "tau": FIVE | {"median": 1.5},
}


def analysis(name: str, summary: dict[str, Any], form: str = "one_stage") -> tuple[Any, dict[str, Any]]:
    return SimpleNamespace(name=name, form=form), summary


def test_one_row_an_analysis_with_headline_tau_claim_and_report() -> None:
    two_stage = {key: value for key, value in SUMMARY.items() if key not in ("pooled_effect", "tau")}
    two_stage |= {"bayes_two_stage": {"pooled_effect": FIVE | {"mean": -1.0}, "tau": FIVE | {"median": 0.5}}}
    claimed = SUMMARY | {"claim": {"statement": "cannot_tell"}}
    table = across([analysis("main", claimed), analysis("classic", two_stage, "two_stage")])
    assert list(table["mean"]) == [-2.0, -1.0]
    assert list(table["tau_median"]) == [1.5, 0.5]
    assert table["claim"][0] == "cannot_tell"
    assert list(table["report"]) == ["main/report.html", "classic/report.html"]


def test_no_column_is_empty() -> None:
    assert "claim" not in across([analysis("main", SUMMARY)])


def test_the_printed_index_is_aligned_and_one_analysis_needs_none() -> None:
    lines = list(index_lines({"main": SUMMARY, "a_longer_name": SUMMARY}))
    assert lines == [
        "analysis      trials  people  effect (95% interval)",
        "main               3     120  -2.00 (-4.00 to 0.00) percent of maximum possible",
        "a_longer_name      3     120  -2.00 (-4.00 to 0.00) percent of maximum possible",
    ]
    assert list(index_lines({"": SUMMARY})) == []
