"""The flow of trials and participants in sentences, with the reasons of those left out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ipdma.report.words import counted

_LEFT = {
    "other_arm": "in an arm that is not in the contrast",
    "not_included": "not included by the rule, or without what it asks for",
    "outcome_missing": "without an outcome",
    "covariate_missing": "without a baseline or a covariate",
}
_OUT = {
    "excluded": "excluded",
    "no_individual_data": "without individual data",
    "estimate_only": "with an estimate only",
}


def flow_steps(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return ``kind`` (stage or out) and ``text``, from the trials identified to the participants analyzed."""
    rows = [*_trials(summary.get("consortium", ())), *_participants(summary["flow"])]
    if rows:
        people = f", {counted(summary['participants_analyzed'], 'participant')}" if summary["flow"] else ""
        rows.append(("stage", f"Analyzed\n{counted(summary['trials'], 'trial')}{people}"))
    return pd.DataFrame(rows, columns=["kind", "text"])


def _trials(consortium: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    if consortium:
        yield "stage", f"Trials identified\n{counted(len(consortium), 'trial')}"
    for status, words in _OUT.items():
        reasons = [row.get("why", "") for row in consortium if row["status"] == status]
        for reason in dict.fromkeys(reasons):
            why = f": {reason}" if reason else ""
            yield "out", f"{counted(reasons.count(reason), 'trial')} {words}{why}"


def _participants(flow: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    if not flow:
        return
    people = counted(sum(row["randomized"] for row in flow), "participant")
    yield "stage", f"Individual data\n{counted(len(flow), 'trial')}, {people} randomized"
    for step, words in _LEFT.items():
        lost = [row[step] for row in flow if row.get(step)]
        if lost:
            yield "out", f"{counted(sum(lost), 'participant')} {words} ({counted(len(lost), 'trial')})"
    empty = sum(row["analyzed"] == 0 for row in flow)
    if empty:
        yield "out", f"{counted(empty, 'trial')} of which nobody is left to analyze"
