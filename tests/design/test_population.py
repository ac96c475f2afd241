from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from ipdma.design.population import (
    STEPS,
    complete_case_note,
    flow_table,
    individual_trials,
    randomized,
    refuse_missing,
    refuse_one_arm,
    step_of,
)
from ipdma.errors import DesignError, ExpressionError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium

RAW = Estimand(outcome="scale_a", visit="post", treatment="drug", control="placebo", metric="raw")
TRIALS = ("trial_a", "trial_b")


@pytest.fixture
def people() -> pd.DataFrame:
    """A participant at each step of trial a, and what several reasons at once count as."""
    columns = ["trial", "active", "included", "y", "b", "age"]
    rows = [
        ("trial_a", 1.0, True, 10.0, 20.0, 30.0),  # analyzed
        ("trial_a", 0.0, True, 10.0, 20.0, 30.0),  # analyzed
        ("trial_a", 1.0, True, 10.0, None, 30.0),  # covariate_missing: the baseline
        ("trial_a", 0.0, True, 10.0, 20.0, None),  # covariate_missing
        ("trial_a", 1.0, True, None, None, None),  # outcome_missing comes before covariates
        ("trial_a", 0.0, False, None, None, None),  # not_included comes before the outcome
        ("trial_a", None, False, None, None, None),  # other_arm comes before everything
        ("trial_b", 0.0, True, 10.0, None, None),  # covariate_missing, of both
    ]
    return pd.DataFrame(rows, columns=columns)


def test_each_participant_leaves_at_one_step(people: pd.DataFrame) -> None:
    assert step_of(people, ["age"]).tolist() == [
        "analyzed",
        "analyzed",
        "covariate_missing",
        "covariate_missing",
        "outcome_missing",
        "not_included",
        "other_arm",
        "covariate_missing",
    ]
    assert step_of(people, []).tolist().count("analyzed") == 3


def test_the_flow_adds_up_trial_by_trial(people: pd.DataFrame) -> None:
    flow = flow_table(step_of(people, ["age"]), people["trial"], {"trial_b": "B", "trial_a": "A", "trial_c": "C"})
    assert flow.to_dict("list") == {
        "trial": ["trial_b", "trial_a", "trial_c"],
        "label": ["B", "A", "C"],
        "randomized": [1, 7, 0],
        "other_arm": [0, 1, 0],
        "not_included": [0, 1, 0],
        "outcome_missing": [0, 1, 0],
        "covariate_missing": [1, 2, 0],
        "analyzed": [0, 2, 0],
    }
    assert (flow[list(STEPS)].sum(axis=1) == flow["randomized"]).all()


def test_a_missing_covariate_is_refused_with_trials_and_counts(people: pd.DataFrame) -> None:
    message = (
        r"'baseline' is missing for 2 participants with an outcome: trial_a \(1\), trial_b \(1\); "
        r"'age' is missing for 2 participants with an outcome: trial_a \(1\), trial_b \(1\)\. .*complete_case"
    )
    more = pd.concat([people, people.iloc[[0]].assign(trial="trial_b")], ignore_index=True)
    with pytest.raises(DesignError, match=message):
        refuse_missing(more, step_of(more, ["age"]), ["age"])
    complete = people.iloc[[0, 1, 4, 5, 6]]
    refuse_missing(complete, step_of(complete, ["age"]), ["age"])


def test_a_covariate_that_a_whole_trial_lacks_is_refused_with_the_ways_out(people: pd.DataFrame) -> None:
    message = (
        "'age' is missing for everybody in trial_b: a model with it cannot use this trial. Fill it in the recipe .*; "
        "else take 'age' out of modifiers or prognostic_factors, or say `missing_covariates: complete_case`"
    )
    with pytest.raises(DesignError, match=message):
        refuse_missing(people, step_of(people, ["age"]), ["age"])


def test_complete_cases_say_who_is_left_out_and_that_a_trial_has_nobody_left(people: pd.DataFrame) -> None:
    assert complete_case_note(people, step_of(people, ["age"]), ["age"]) == (
        "Complete cases only: 3 of 5 participants with an outcome are left out, because covariates are missing: "
        "'baseline' for 2 (trial_a (1), trial_b (1)); 'age' for 2 (trial_a (1), trial_b (1)). "
        "No participant of trial_b is left. The estimates are of the others."
    )
    complete = people.iloc[[0, 1, 4, 5, 6]]
    assert complete_case_note(complete, step_of(complete, ["age"]), ["age"]) == ""


def test_a_trial_analyzed_in_one_arm_only_is_refused(people: pd.DataFrame) -> None:
    refuse_one_arm(people, step_of(people, ["age"]))
    left = people.iloc[[0, 4]]
    with pytest.raises(DesignError, match=r"in one arm: trial_a \(1\) participants. No contrast"):
        refuse_one_arm(left, step_of(left, ["age"]))


def test_treatment_is_1_control_0_and_other_arms_are_missing(
    consortium_of: Callable[..., Consortium], edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    third = pd.DataFrame({"trial": ["trial_b"], "arm": ["w"], "treatment": ["waiting"]})
    more = edit.people_of("trial_b", "w", [1], [1]).assign(participant_id="trial_b_w")
    consortium = consortium_of(pd.concat([rows, more]), pd.concat([arms, third], ignore_index=True))
    people = randomized(consortium, RAW, TRIALS)
    assert people["active"].fillna(-1).tolist() == [1, 1, 0, 1, 0, 1, 0, 1, 0, -1]
    assert people["included"].all()


def test_an_unknown_treatment_is_refused_with_the_known_ones(two_trials: Consortium) -> None:
    for role in ("treatment", "control"):
        with pytest.raises(DesignError, match="no arm has treatment 'pill'. Treatments: drug, placebo."):
            randomized(two_trials, replace(RAW, **{role: "pill"}), TRIALS)  # type: ignore[arg-type]


def test_a_trial_that_did_not_randomize_to_both_is_refused(
    consortium_of: Callable[..., Consortium], edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows[(rows["trial"] == "trial_a") | (rows["arm"] == "d")], arms)
    with pytest.raises(DesignError, match="trial_b did not randomize to both 'drug' and 'placebo'"):
        randomized(consortium, RAW, TRIALS)
    assert len(randomized(consortium, RAW, ("trial_a",))) == 5


def test_the_include_rule_reads_participants_and_trials_and_what_is_missing_is_not_included(
    consortium_of: Callable[..., Consortium], edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    ages = pd.Series([17, 18, None, 40, 50, 60, 70, 80, None], dtype="Float64")
    consortium = consortium_of(rows.assign(age_years=ages), arms)
    found = randomized(consortium, replace(RAW, include="age_years >= 18"), TRIALS)
    assert found["included"].tolist() == [False, True, False, True, True, True, True, True, False]
    trials = consortium.tables["trials"].assign(rob_overall=pd.Series(["low", pd.NA], dtype="string"))
    by_trial = replace(RAW, include="rob_overall == 'low' and age_years < 45")
    found = randomized(edit.with_table(consortium, trials=trials), by_trial, TRIALS)
    assert found["included"].tolist() == [True, True, False, True, False, False, False, False, False]
    trials = trials.assign(group=pd.Series(["phobia", "ocd"], dtype="string"), rob_blinding=trials["rob_overall"])
    for rule, kept in (("group == 'ocd'", 4), ("group != 'ocd' or rob_blinding == 'high'", 5), ("group == 'x'", 0)):
        found = randomized(edit.with_table(consortium, trials=trials), replace(RAW, include=rule), TRIALS)
        assert int(found["included"].sum()) == kept


def test_an_include_rule_with_an_unknown_column_is_refused(two_trials: Consortium) -> None:
    with pytest.raises(ExpressionError, match="age"):
        randomized(two_trials, replace(RAW, include="age >= 18"), TRIALS)


def test_a_column_of_the_project_named_treatment_does_not_hide_that_of_the_arms(
    consortium_of: Callable[..., Consortium], rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows.assign(treatment=pd.Series(["?"] * 9, dtype="string")), arms)
    assert randomized(consortium, RAW, TRIALS)["active"].notna().all()


def test_trials_with_participants_that_no_reason_excludes_are_individual(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    assert individual_trials(two_trials) == TRIALS
    assert individual_trials(edit.excluded(two_trials, "trial_a")) == ("trial_b",)
    trials = pd.DataFrame({"trial": ["trial_c", "trial_b", "trial_a"], "exclude_why": [pd.NA, "", pd.NA]})
    assert individual_trials(edit.with_table(two_trials, trials=trials.astype("string"))) == ("trial_b", "trial_a")
