"""The flow in sentences."""

from typing import Any

from ipdma.report.flow_steps import flow_steps

Summary = dict[str, Any]


def test_trials_and_participants_from_identified_to_analyzed_with_reasons(full_summary: Summary) -> None:
    steps = flow_steps(full_summary)
    people = full_summary["flow"]
    lost = sum(row["outcome_missing"] for row in people)
    assert list(steps["text"]) == [
        "Trials identified\n10 trials",
        "1 trial excluded: 36 people of an open trial",
        "1 trial without individual data: no reply",
        f"Individual data\n8 trials, {sum(row['randomized'] for row in people)} participants randomized",
        "8 participants in an arm that is not in the contrast (2 trials)",
        "11 participants not included by the rule, or without what it asks for (7 trials)",
        f"{lost} participants without an outcome (8 trials)",
        f"Analyzed\n8 trials, {full_summary['participants_analyzed']} participants",
    ]
    assert list(steps["kind"]) == ["stage", "out", "out", "stage", "out", "out", "out", "stage"]


def test_trials_with_the_same_reason_are_counted_together(full_summary: Summary) -> None:
    for row in full_summary["consortium"][-2:]:
        row.update(status="no_individual_data", why="no reply")
    assert "2 trials without individual data: no reply" in list(flow_steps(full_summary)["text"])


def test_one_is_singular_and_a_trial_that_is_empty_in_the_end_is_said(full_summary: Summary) -> None:
    for row in full_summary["flow"]:
        row.update(other_arm=0, not_included=0, outcome_missing=0)
    full_summary["flow"][0].update(outcome_missing=1, analyzed=0)
    texts = list(flow_steps(full_summary)["text"])
    assert "1 participant without an outcome (1 trial)" in texts
    assert "1 trial of which nobody is left to analyze" in texts


def test_given_estimates_alone_have_no_flow_of_participants(full_summary: Summary) -> None:
    full_summary["flow"], full_summary["consortium"] = [], []
    assert not len(flow_steps(full_summary))
