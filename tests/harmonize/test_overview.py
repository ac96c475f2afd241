"""Harmonized trials on one screen."""

import pandas as pd

from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.overview import overview
from ipdma.simulate.arrays import simulate_rows


def test_a_consortium_is_printed_with_one_line_a_trial(consortium_of) -> None:
    people, arms = simulate_rows(3, 20, 1)
    lines = str(consortium_of(people, arms)).splitlines()
    assert lines[0] == f"Consortium: 3 trials, {len(people)} participants, ipd 1.0.0"
    assert lines[2].split() == [
        "trial_01",
        "Trial",
        "01",
        "2",
        str((people["trial"] == "trial_01").sum()),
        "2",
        "scale_a",
    ]
    assert lines[-1].startswith("rows: trials 3, arms 7, visits 6, ")


def test_many_trials_fit_one_screen_and_none_of_their_values_is_shown(consortium_of) -> None:
    rows, arms = simulate_rows(40, 20, 1)
    rows["participant_id"] = "CANARY_" + rows["participant_id"].astype(str)
    text = str(consortium_of(rows, arms))
    assert len(text.splitlines()) == 24
    assert max(map(len, text.splitlines())) <= 100
    assert "CANARY" not in text
    assert "... 20 more trials" in text


def test_a_trial_left_out_is_shown_with_its_reason_and_issues_are_counted(consortium_of) -> None:
    found: Consortium = consortium_of(*simulate_rows(2, 20, 1))
    trials = found.tables["trials"].assign(exclude_why=pd.array([pd.NA, "a pilot"], dtype="string"))
    issues = pd.DataFrame({"code": ["b", "a", "b"]})
    text = overview({**found.tables, "trials": trials}, schema=found.schema, issues=issues)
    assert "left out: a pilot" in text
    assert text.endswith("issues: a 1, b 2 (see .issues)")
