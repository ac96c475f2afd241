from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ipdma.design.outcome import Outcome, pooled_sd, select_outcome
from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium

RAW = Estimand(outcome="scale_a", visit="post", treatment="drug", control="placebo", metric="raw")
CONSTRUCT = replace(RAW, outcome="symptom_severity")
TRIALS = ("trial_a", "trial_b")


def select(consortium: Consortium, estimand: Estimand = RAW) -> Outcome:
    return select_outcome(consortium, estimand, TRIALS)


def value(series: pd.Series, person: str) -> float:
    return float(series[(person[:7], person)])


def test_raw_values_of_outcome_and_baseline_are_taken_as_they_are(two_trials: Consortium) -> None:
    outcome = select(two_trials)
    assert outcome.y["trial_a"].tolist() == [30, 40, 50, 20, 60]
    assert outcome.b["trial_b"].tolist() == [20, 40, 60, 80]
    assert (outcome.unit, outcome.direction) == ("points", "higher_is_worse")
    assert outcome.instruments == {"trial_a": "scale_a", "trial_b": "scale_a"}


def test_a_visit_may_be_named_by_its_code_or_its_phase(two_trials: Consortium) -> None:
    assert select(two_trials, replace(RAW, visit="week_8")).y.tolist() == select(two_trials).y.tolist()


def test_raw_points_of_an_instrument_where_higher_is_better_keep_its_direction(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    consortium = edit.with_scale(two_trials, "scale_b", minimum=0, maximum=10, direction="higher_is_better")
    for trial in TRIALS:
        consortium = edit.measured_with(consortium, trial, "scale_b")
    outcome = select(consortium, CONSTRUCT)
    assert outcome.direction == "higher_is_better"
    assert outcome.y["trial_a"].tolist() == [30, 40, 50, 20, 60]


def test_pomp_is_the_percent_of_the_maximum_possible_and_reverses_where_higher_is_better(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    # scale_b runs from 10 to 210 and higher is better: 10 -> (210 - 10) / 200 = 100 %, 30 -> 90 %, 90 -> 60 %.
    consortium = edit.with_scale(two_trials, "scale_b", minimum=10, maximum=210, direction="higher_is_better")
    outcome = select(edit.measured_with(consortium, "trial_b", "scale_b"), replace(CONSTRUCT, metric="pomp"))
    assert outcome.y["trial_a"].tolist() == [30, 40, 50, 20, 60]  # already 0 to 100
    assert outcome.y["trial_b"].tolist() == pytest.approx([100, 90, 80, 60])
    assert outcome.b["trial_b"].tolist() == pytest.approx([95, 85, 75, 65])
    assert outcome.instruments == {"trial_a": "scale_a", "trial_b": "scale_b"}
    assert (outcome.unit, outcome.direction) == ("percent of maximum possible", "higher_is_worse")


def test_pomp_subtracts_a_minimum_above_zero(two_trials: Consortium, edit: SimpleNamespace) -> None:
    # scale_b runs from 20 to 60: 10 -> -25 % (out of range, as it stands), 30 -> 25 %, 50 -> 75 %.
    consortium = edit.measured_with(
        edit.with_scale(two_trials, "scale_b", minimum=20, maximum=60), "trial_b", "scale_b"
    )
    outcome = select(consortium, replace(CONSTRUCT, metric="pomp"))
    assert outcome.y["trial_b"].tolist()[:3] == pytest.approx([-25, 25, 75])


def test_baseline_sds_divide_each_instrument_by_its_own_sd_within_trials(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    # trial_a: baseline 50 60 40 70 80, mean 60, squares 1000, 4 df: SD sqrt(250).
    # trial_b: baseline 20 40 60 80, mean 50, squares 2000, 3 df: SD sqrt(2000 / 3), higher is better: minus.
    consortium = edit.with_scale(two_trials, "scale_b", minimum=0, maximum=100, direction="higher_is_better")
    outcome = select(edit.measured_with(consortium, "trial_b", "scale_b"), replace(CONSTRUCT, metric="baseline_sd"))
    assert value(outcome.y, "trial_a_0") == pytest.approx(30 / 250**0.5)
    assert value(outcome.b, "trial_b_3") == pytest.approx(-80 / (2000 / 3) ** 0.5)
    assert (outcome.unit, outcome.direction) == ("baseline SD", "higher_is_worse")


def test_trials_of_one_instrument_share_its_baseline_sd(two_trials: Consortium) -> None:
    # squares 1000 + 2000 on 4 + 3 df
    outcome = select(two_trials, replace(RAW, metric="baseline_sd"))
    assert value(outcome.y, "trial_b_0") == pytest.approx(10 / (3000 / 7) ** 0.5)


def test_the_pooled_sd_is_over_degrees_of_freedom_and_leaves_out_what_is_missing() -> None:
    # group 1: 1 3 -> squares 2, 1 df; group 2: 0 3 6 -> squares 18, 2 df; group 3: one value, 0 df
    values = np.array([1.0, 3.0, 0.0, 3.0, 6.0, np.nan, 99.0])
    assert pooled_sd(values, np.array([1, 1, 2, 2, 2, 2, 3])) == pytest.approx((20 / 3) ** 0.5)


def test_baselines_that_do_not_vary_within_any_trial_give_no_scale() -> None:
    with pytest.raises(DesignError, match="does not vary within any trial"):
        pooled_sd(np.array([1.0, 1.0, 2.0, 2.0]), np.array(["a", "a", "b", "b"]))
    with pytest.raises(DesignError, match="does not vary within any trial"):
        pooled_sd(np.array([1.0, 2.0]), np.array(["a", "b"]))


def test_an_unknown_outcome_is_refused_with_the_known_ones(two_trials: Consortium) -> None:
    with pytest.raises(DesignError, match="'fatigue' is neither .* Constructs: symptom_severity; instruments: scale_a"):
        select(two_trials, replace(RAW, outcome="fatigue"))


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"visit": "month_6"}, "at 'month_6'"),
        ({"score": "subscale"}, "at 'post', score 'subscale'"),
        ({"rater": "self"}, "at 'post', rater 'self'"),
    ],
)
def test_where_nothing_is_found_what_exists_is_listed(
    two_trials: Consortium, change: dict[str, str], asked: str
) -> None:
    known = "Visits: baseline, week_8; phases: baseline, post; scores: total; raters: clinician"
    with pytest.raises(DesignError, match=f"no trial has a value of 'scale_a' {asked}: nothing to analyze. {known}"):
        select(two_trials, replace(RAW, **change))  # type: ignore[arg-type]


def several_visits(consortium: Consortium, edit: SimpleNamespace, primary: list[str | None]) -> Consortium:
    """Trial a is measured at week 6 (always 1) and week 8, both of phase post."""
    visits = consortium.tables["visits"]
    more = pd.DataFrame([{"trial": "trial_a", "visit": "week_6", "phase": "post", "primary": pd.NA}])
    visits = pd.concat([visits, more.astype("string")], ignore_index=True)
    for visit, said in zip(("week_6", "week_8"), primary, strict=True):
        visits.loc[(visits["trial"] == "trial_a") & (visits["visit"] == visit), "primary"] = said
    people = [f"trial_a_{i}" for i in range(5)]
    rows = pd.DataFrame({"trial": "trial_a", "participant_id": people, "visit": "week_6", "value": 1.0})
    return edit.with_assessments(edit.with_table(consortium, visits=visits), rows)


def test_a_phase_of_several_visits_needs_one_primary_one(two_trials: Consortium, edit: SimpleNamespace) -> None:
    for primary in ([None, None], ["no", "no"], ["yes", "yes"]):
        with pytest.raises(
            DesignError, match="phase 'post' holds several visits in trial_a: week_8, week_6. .*primary"
        ):
            select(several_visits(two_trials, edit, primary))


def test_the_primary_visit_stands_for_its_phase(two_trials: Consortium, edit: SimpleNamespace) -> None:
    assert set(select(several_visits(two_trials, edit, ["yes", "no"])).y["trial_a"]) == {1.0}
    outcome = select(several_visits(two_trials, edit, [None, "yes"]))
    assert outcome.y["trial_a"].tolist() == [30, 40, 50, 20, 60]
    assert outcome.y["trial_b"].tolist() == [10, 30, 50, 90]


def test_a_named_visit_needs_no_primary_one_and_leaves_trials_without_it_out(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    outcome = select(several_visits(two_trials, edit, [None, None]), replace(RAW, visit="week_6"))
    assert set(outcome.y) == {1.0}
    assert outcome.instruments == {"trial_a": "scale_a"}


def two_instruments(consortium: Consortium, edit: SimpleNamespace) -> Consortium:
    """Everybody in trial a is measured with scale_b too; its values are 1 at week 8 and 2 at baseline."""
    consortium = edit.with_scale(consortium, "scale_b", minimum=0, maximum=10)
    people = [f"trial_a_{i}" for i in range(5)]
    for visit, number in (("week_8", 1.0), ("baseline", 2.0)):
        rows = pd.DataFrame({"trial": "trial_a", "participant_id": people, "visit": visit, "value": number})
        consortium = edit.with_assessments(consortium, rows.assign(instrument="scale_b"))
    return consortium


def test_several_instruments_in_a_trial_need_an_order_of_preference(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    consortium = two_instruments(two_trials, edit)
    message = "trial_a measured 'symptom_severity' with several instruments: scale_a, scale_b. .*outcome.prefer"
    with pytest.raises(DesignError, match=message):
        select(consortium, replace(CONSTRUCT, metric="pomp"))
    preferred = select(consortium, replace(CONSTRUCT, metric="pomp", prefer=("scale_b", "scale_a")))
    assert preferred.instruments == {"trial_a": "scale_b", "trial_b": "scale_a"}
    assert set(preferred.y["trial_a"]) == {10.0}  # 1 of 10 points
    assert set(preferred.b["trial_a"]) == {20.0}
    named = select(consortium, RAW)  # an instrument by its code leaves nothing to choose
    assert named.y["trial_a"].tolist() == [30, 40, 50, 20, 60]


def test_raw_points_of_several_instruments_are_refused(two_trials: Consortium, edit: SimpleNamespace) -> None:
    consortium = two_instruments(two_trials, edit)
    message = "metric raw needs one instrument, but the trials used scale_a, scale_b: .* Use metric pomp or baseline_sd"
    with pytest.raises(DesignError, match=message):
        select(consortium, replace(CONSTRUCT, prefer=("scale_b",)))
    assert select(consortium, replace(CONSTRUCT, prefer=("scale_a",))).unit == "points"


def test_several_raters_need_a_choice(two_trials: Consortium, edit: SimpleNamespace) -> None:
    rows = pd.DataFrame({"trial": "trial_b", "participant_id": ["trial_b_0"], "visit": "week_8", "value": 99.0})
    consortium = edit.with_assessments(two_trials, rows.assign(rater="self"))
    message = r"more than one value for a participant in 1 trial\(s\) \(rater: clinician, self; .*Name outcome.rater"
    with pytest.raises(DesignError, match=message):
        select(consortium)
    assert value(select(consortium, replace(RAW, rater="clinician")).y, "trial_b_0") == 10


def test_an_error_tells_no_participants_value_or_id(two_trials: Consortium, edit: SimpleNamespace) -> None:
    rows = pd.DataFrame({"trial": "trial_b", "participant_id": ["trial_b_0"], "visit": "week_8", "value": 98.76})
    with pytest.raises(DesignError, match="more than one value") as caught:
        select(edit.with_assessments(two_trials, rows))
    assert "trial_b_0" not in str(caught.value)
    assert "98.76" not in str(caught.value)


def test_a_trial_without_any_baseline_is_refused(two_trials: Consortium, edit: SimpleNamespace) -> None:
    table = two_trials.tables["assessments"]
    without = table[(table["trial"] != "trial_b") | (table["visit"] != "baseline")]
    with pytest.raises(DesignError, match="no baseline of 'scale_a' in trial_b: the effect is adjusted for baseline"):
        select(edit.with_table(two_trials, assessments=without))


def test_a_missing_value_is_left_out(two_trials: Consortium, edit: SimpleNamespace) -> None:
    table = two_trials.tables["assessments"].copy()
    table.loc[(table["participant_id"] == "trial_a_1") & (table["visit"] == "week_8"), "value"] = pd.NA
    assert len(select(edit.with_table(two_trials, assessments=table)).y) == 8


def test_on_ranks_each_trials_values_are_ordered_among_all_its_arms(two_trials: Consortium) -> None:
    outcome = select(two_trials, replace(RAW, metric="rank"))
    # Trial a: 30 40 50 20 60 are the 2nd, 3rd, 4th, 1st and 5th of five: 100 (k - 1/2) / 5.
    assert outcome.y["trial_a"].tolist() == [30, 50, 70, 10, 90]
    assert outcome.unit == "rank points (0 to 100 within trial and visit)"


def test_on_ranks_higher_is_worse_whatever_the_instrument_and_several_may_be_joined(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    better = edit.with_scale(two_trials, "scale_b", minimum=0, maximum=20, direction="higher_is_better")
    consortium = edit.measured_with(better, "trial_b", "scale_b")
    outcome = select(consortium, replace(CONSTRUCT, metric="rank"))
    # Trial b: 10 30 50 90, where the lowest is the worst: the fourth of four.
    assert outcome.y["trial_b"].tolist() == [87.5, 62.5, 37.5, 12.5]
    assert outcome.direction == "higher_is_worse"
