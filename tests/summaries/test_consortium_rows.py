from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from ipdma.harmonize.consortium import Consortium
from ipdma.summaries.consortium_rows import consortium_rows


@pytest.fixture
def listed(consortium: Consortium) -> Consortium:
    """The consortium with what a trials file says, and two trials more: one excluded, one without data."""
    trials = consortium.tables["trials"]
    more = pd.DataFrame({"trial": ["out", "gone"], "label": ["Excluded trial", pd.NA]}, dtype="string")
    table = pd.concat([trials, more], ignore_index=True)
    size = len(table)
    table["year"] = pd.array([2004] + [pd.NA] * (size - 1), dtype="Int64")
    table["group"] = pd.array(["phobia"] * size, dtype="string")
    table["exclude_why"] = pd.array([pd.NA] * (size - 2) + ["no control arm", pd.NA], dtype="string")
    table["why_none"] = pd.array([pd.NA] * (size - 1) + ["never answered"], dtype="string")
    table["rob_overall"] = pd.array(["low"] + [pd.NA] * (size - 1), dtype="string")
    return replace(consortium, tables={**consortium.tables, "trials": table})


def test_every_trial_has_its_row_with_its_status_and_reason(listed: Consortium, plain: Any) -> None:
    rows = consortium_rows(listed, plain.analysis.estimand, plain.design)
    assert [row["trial"] for row in rows] == list(listed.trials)
    assert {row["status"] for row in rows[:-2]} == {"analyzed"}
    assert (rows[-2]["label"], rows[-2]["status"], rows[-2]["why"]) == ("Excluded trial", "excluded", "no control arm")
    assert (rows[-1]["label"], rows[-1]["status"], rows[-1]["why"]) == ("gone", "no_individual_data", "never answered")


def test_what_is_known_is_plain_and_what_is_not_is_absent(listed: Consortium, plain: Any) -> None:
    first, second, *_ = consortium_rows(listed, plain.analysis.estimand, plain.design)
    assert (first["year"], first["group"], first["rob"]) == (2004, "phobia", {"rob_overall": "low"})
    assert type(first["year"]) is int
    assert not {"year", "rob", "doi", "why"} & set(second)
    assert first["randomized"] == first["analyzed"] == (plain.design.rows["trial"] == first["trial"]).sum()


def test_arms_of_the_treatment_are_told_with_their_profile(consortium: Consortium, plain: Any) -> None:
    row = consortium_rows(consortium, plain.analysis.estimand, plain.design)[0]
    arms = consortium.tables["arms"]
    expected = arms[(arms["trial"] == row["trial"]) & (arms["treatment"] == "drug")]
    assert [arm["number_of_doses"] for arm in row["arms"]] == list(expected["number_of_doses"])
    assert sum(arm["participants"] for arm in row["arms"]) < row["randomized"]  # the control arm is not among them


def test_given_estimates_are_analyzed_and_have_no_counts(consortium: Consortium, plain: Any) -> None:
    rows = consortium_rows(consortium, plain.analysis.estimand)
    assert {row["status"] for row in rows} == {"analyzed"}
    assert not any("randomized" in row for row in rows)
