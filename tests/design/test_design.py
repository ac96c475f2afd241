from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ipdma.curves.hinge import Hinge
from ipdma.curves.log_linear import LogLinear
from ipdma.design.design import Design, Terms, build_design
from ipdma.design.population import STEPS
from ipdma.errors import DesignError
from ipdma.estimand import Coding, Estimand, ProfileContrast
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage

RAW = Estimand(outcome="scale_a", visit="post", treatment="drug", control="placebo", metric="raw")
CONSORTIUM_OF = Callable[..., Consortium]


def counts(design: Design, trial: str) -> dict[str, int]:
    row = design.flow.set_index("trial").loc[trial].drop("label")
    return {str(step): int(n) for step, n in row.items() if n}


def test_the_plain_design_by_hand(two_trials: Consortium) -> None:
    design = build_design(two_trials, RAW)
    assert design.trials == ("trial_a", "trial_b")
    assert design.labels == {"trial_a": "Trial A", "trial_b": "Trial B"}
    assert design.groups == {"trial_a": "", "trial_b": ""}
    assert design.covariates == ("b",)
    assert design.modifiers == ()
    # Means of 50 60 40 70 80 and of 20 40 60 80; of 30 40 50 20 60 and of 10 30 50 90.
    np.testing.assert_allclose(design.means, [[60.0], [50.0]])
    np.testing.assert_allclose(design.y_mean, [40.0, 45.0])
    np.testing.assert_allclose(design.center, [(5 * 60 + 4 * 50) / 9])
    # Squares within trials 1000 + 2000 on 4 + 3 degrees of freedom.
    assert design.baseline_sd == pytest.approx((3000 / 7) ** 0.5)
    np.testing.assert_allclose(design.covariate_sd, [(3000 / 7) ** 0.5])
    assert design.arms[["trial", "arm", "n"]].to_numpy().tolist() == [["trial_a", "d", 3], ["trial_b", "d", 2]]
    assert design.controls.to_dict() == {"trial_a": 2, "trial_b": 2}
    assert design.arm_names == ("trial_a", "trial_b")
    assert (design.metric, design.unit, design.direction) == ("raw", "points", "higher_is_worse")
    assert (design.reference, design.moves, design.units) == ({}, {}, {})


def test_cells_hold_rows_centred_by_trial(two_trials: Consortium) -> None:
    # Control of trial b: b 40 80 less 50, y 30 90 less 45 -> [1 -10 -15], [1 30 45].
    design = build_design(two_trials, RAW)
    cell = np.flatnonzero((design.cells.trial == 1) & (design.cells.arm == -1))[0]
    r = design.cells.factor[cell]
    np.testing.assert_allclose(r.T @ r, [[2, 20, 30], [20, 1000, 1500], [30, 1500, 2250]], atol=1e-9)


def test_rows_and_cells_do_not_change_what_was_given(two_trials: Consortium) -> None:
    before = {name: table.copy() for name, table in two_trials.tables.items()}
    design = build_design(two_trials, RAW)
    assert design.rows["b"].tolist() == [50, 60, 40, 70, 80, 20, 40, 60, 80]
    for name, table in two_trials.tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_the_reference_defaults_to_the_median_of_analyzed_treatment_participants(two_trials: Consortium) -> None:
    # Three had 5 doses, two had 10: the third of five had 5.
    design = build_design(two_trials, RAW, Terms(main="number_of_doses"))
    assert design.reference == {"number_of_doses": 5.0}
    assert design.units == {"number_of_doses": "1"}


def test_a_participant_who_is_not_analyzed_does_not_count_for_the_reference(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    # Of trial a's three treated, two have no outcome: 5, 10, 10 -> 10.
    rows.loc[[0, 1], "y"] = np.nan
    design = build_design(consortium_of(rows, arms), RAW, Terms(main="number_of_doses"))
    assert design.reference == {"number_of_doses": 10.0}
    assert counts(design, "trial_a") == {"randomized": 5, "outcome_missing": 2, "analyzed": 3}


def test_shifts_need_a_stated_move_and_doses_come_in_the_unit_of_the_reference(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows, arms.assign(dose=[0.05, None, 0.5, None]), dose_unit="g")
    terms = Terms(main="number_of_doses", shifts=("dose",))
    with pytest.raises(DesignError, match="the curve over dose needs a stated move"):
        build_design(consortium, RAW, terms)
    estimand = replace(RAW, reference={"dose": "50 mg"}, moves={"dose": ("50 mg", "0.25 g")})
    design = build_design(consortium, estimand, terms)
    assert design.arms["dose"].tolist() == pytest.approx([50.0, 500.0])
    assert design.reference == {"number_of_doses": 5.0, "dose": 50.0}
    assert design.moves["dose"] == pytest.approx((50.0, 250.0))
    assert design.units == {"number_of_doses": "1", "dose": "mg"}


def test_the_controls_profile_is_never_read(
    consortium_of: CONSORTIUM_OF, edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows, arms)
    table = consortium.tables["arms"].copy()
    table.loc[table["arm"] == "p", "dose"] = 1.0
    table.loc[table["arm"] == "p", "dose_unit"] = "mL"
    design = build_design(edit.with_table(consortium, arms=table.iloc[::-1]), RAW, Terms(main="dose"))
    assert design.dose_unit == "mg"
    table.loc[table["arm"] == "d", "dose_unit"] = pd.array(["mg", "mL"], dtype="string")
    with pytest.raises(DesignError, match=r"dose of arm 'd' in trial_b: 500 mL \(volume\) cannot be converted to mg"):
        build_design(edit.with_table(consortium, arms=table), RAW, Terms(main="dose"))


def test_a_logarithmic_shift_and_a_main_curve_read_at_zero_are_refused(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows, arms.assign(timing_min=[-30, None, 60, None]))
    estimand = replace(RAW, reference={"timing_min": 60}, moves={"timing_min": (60, 120)})
    terms = OneStage(shifts=(LogLinear("timing_min"),)).terms
    assert terms.above_zero == ("timing_min",)
    with pytest.raises(DesignError, match="over timing_min is logarithmic, but 1 active arm.* below: trial_a"):
        build_design(consortium, estimand, terms)
    assert build_design(consortium, estimand, replace(terms, above_zero=())).moves == {"timing_min": (60.0, 120.0)}
    with pytest.raises(DesignError, match="the reference of number_of_doses is 0"):
        build_design(consortium, replace(RAW, reference={"number_of_doses": 0}), Terms(main="number_of_doses"))


def test_a_flat_move_and_a_contrast_of_a_wrong_unit_are_refused_by_the_design(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows, arms.assign(timing_min=[-30, None, 60, None]))
    terms = OneStage(shifts=(Hinge("timing_min", at=60.0),)).terms
    flat = replace(RAW, reference={"timing_min": 60}, moves={"timing_min": (0, 60)})
    with pytest.raises(DesignError, match="the hinge curve over timing_min is flat between 0 and 60"):
        build_design(consortium, flat, terms)
    contrast = ProfileContrast(name="late", a={"timing_min": "60 mg"}, b={})  # type: ignore[dict-item]
    estimand = replace(flat, moves={"timing_min": (0, 120)}, contrasts=(contrast,))
    with pytest.raises(DesignError, match="contrast 'late': timing_min: 60 mg .* cannot be converted to min"):
        build_design(consortium, estimand, terms)
    assert build_design(consortium, estimand).reference == {}  # the plain model has no curve to read it on


def test_doses_of_two_kinds_stop_only_a_curve_over_the_dose(
    consortium_of: CONSORTIUM_OF, edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows, arms)
    table = consortium.tables["arms"].copy()
    table.loc[table["trial"] == "trial_b", "dose_unit"] = "[U]"
    consortium = edit.with_table(consortium, arms=table)
    design = build_design(consortium, RAW, Terms(main="number_of_doses"))
    assert design.arms["dose_unit"].tolist() == ["mg", "[U]"]
    assert (design.units, design.dose_unit) == ({"number_of_doses": "1"}, "")
    with pytest.raises(DesignError, match="cannot be converted to mg"):
        build_design(consortium, RAW, Terms(main="dose"))


def test_a_curve_over_a_variable_some_trial_does_not_state_is_refused(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    consortium = consortium_of(rows, arms.assign(number_of_doses=[5, None, None, None]))
    build_design(consortium, RAW)
    with pytest.raises(DesignError, match=r"number_of_doses is not stated for 1 active arm\(s\): trial_b"):
        build_design(consortium, RAW, Terms(main="number_of_doses"))


def test_a_curve_may_run_over_a_number_of_the_trials_table(two_trials: Consortium, edit: SimpleNamespace) -> None:
    trials = two_trials.tables["trials"].assign(year=pd.Series([2006, 2016], dtype="Int64"))
    estimand = replace(RAW, reference={"year": 2006}, moves={"year": (2006, 2016)})
    design = build_design(edit.with_table(two_trials, trials=trials), estimand, Terms(shifts=("year",)))
    assert design.arms["year"].tolist() == [2006, 2016]
    assert (design.moves, design.units) == ({"year": (2006.0, 2016.0)}, {"year": ""})


def test_a_trial_of_three_arms_has_two_active_arms_and_a_shared_control(
    consortium_of: CONSORTIUM_OF, edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    high = pd.DataFrame(
        {"trial": ["trial_a"], "arm": ["h"], "treatment": ["drug"], "number_of_doses": [5], "dose": [250],
         "timing_min": [60]}
    )  # fmt: skip
    more = edit.people_of("trial_a", "hh", [10, 20], [30, 40]).assign(participant_id=["trial_a_7", "trial_a_8"])
    consortium = consortium_of(pd.concat([rows, more]), pd.concat([arms, high], ignore_index=True))
    design = build_design(consortium, RAW)
    assert design.arm_names == ("trial_a d", "trial_a h", "trial_b")
    assert design.arms["n"].tolist() == [3, 2, 2]
    assert design.controls.to_dict() == {"trial_a": 2, "trial_b": 2}
    cells = sorted(zip(design.cells.trial, design.cells.arm, design.cells.n, strict=True))
    assert cells == [(0, -1, 2), (0, 0, 3), (0, 1, 2), (1, -1, 2), (1, 2, 2)]


def test_arms_of_another_treatment_are_set_aside_and_counted(
    consortium_of: CONSORTIUM_OF, edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    third = pd.DataFrame({"trial": ["trial_a"], "arm": ["w"], "treatment": ["waiting"]})
    more = edit.people_of("trial_a", "ww", [0, 0], [0, 0]).assign(participant_id=["trial_a_7", "trial_a_8"])
    consortium = consortium_of(pd.concat([rows, more]), pd.concat([arms, third], ignore_index=True))
    design = build_design(consortium, RAW)
    assert counts(design, "trial_a") == {"randomized": 7, "other_arm": 2, "analyzed": 5}
    np.testing.assert_allclose(design.means, [[60.0], [50.0]])  # over those who are analyzed


def test_missing_covariates_stop_the_analysis_unless_complete_cases_are_asked_for(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    ages = pd.Series([20, None, 40, 50, 60, 30, 40, None, 70], dtype="Float64")
    rows.loc[8, "b"] = np.nan
    rows.loc[7, "y"] = np.nan  # no outcome: the missing age does not matter
    rows.loc[9] = {"trial": "trial_b", "participant_id": "trial_b_9", "arm": "d", "b": 50.0, "y": 70.0}
    consortium = consortium_of(rows.assign(age_years=pd.concat([ages, pd.Series([90.0])], ignore_index=True)), arms)
    terms = Terms(prognostic_factors=("age_years",))
    message = r"'baseline' is missing for 1 .*: trial_b \(1\); 'age_years' is missing for 1 .*: trial_a \(1\)"
    with pytest.raises(DesignError, match=message):
        build_design(consortium, RAW, terms)
    design = build_design(consortium, replace(RAW, missing_covariates="complete_case"), terms)
    assert counts(design, "trial_a") == {"randomized": 5, "covariate_missing": 1, "analyzed": 4}
    assert counts(design, "trial_b") == {"randomized": 5, "outcome_missing": 1, "covariate_missing": 1, "analyzed": 3}
    assert (design.flow[list(STEPS)].sum(axis=1) == design.flow["randomized"]).all()
    # Trial a: 50 40 70 80 and 20 40 50 60; trial b: 20 40 50 and 30 40 90.
    np.testing.assert_allclose(design.means, [[60.0, 42.5], [110 / 3, 160 / 3]])


def test_those_the_include_rule_leaves_out_are_counted(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    ages = pd.Series([17, None, 30, 40, 50, 60, 70, 80, 90], dtype="Float64")
    design = build_design(consortium_of(rows.assign(age_years=ages), arms), replace(RAW, include="age_years >= 18"))
    assert counts(design, "trial_a") == {"randomized": 5, "not_included": 2, "analyzed": 3}
    assert counts(design, "trial_b") == {"randomized": 4, "analyzed": 4}


def test_a_trial_the_include_rule_empties_stays_in_the_flow_only(two_trials: Consortium) -> None:
    design = build_design(two_trials, replace(RAW, include="trial == 'trial_b'"))
    assert design.trials == ("trial_b",)
    assert counts(design, "trial_a") == {"randomized": 5, "not_included": 5}
    assert design.controls.to_dict() == {"trial_b": 2}


def test_a_trial_with_one_arm_left_and_an_analysis_with_nobody_left_are_refused(two_trials: Consortium) -> None:
    with pytest.raises(DesignError, match=r"everybody left to analyze is in one arm: trial_a \(2\) participants"):
        build_design(two_trials, replace(RAW, include="trial == 'trial_b' or arm == 'p'"))
    with pytest.raises(DesignError, match="no trial has analyzed participants in both arms"):
        build_design(two_trials, replace(RAW, include="trial == 'trial_c'"), Terms(modifiers=("baseline_severity",)))


def test_an_excluded_trial_is_not_in_the_design_and_without_any_there_is_none(
    two_trials: Consortium, edit: SimpleNamespace
) -> None:
    design = build_design(edit.excluded(two_trials, "trial_a"), RAW)
    assert design.trials == ("trial_b",)
    assert design.flow["trial"].tolist() == ["trial_b"]
    none = two_trials.tables["participants"].iloc[:0]
    with pytest.raises(DesignError, match="no trial has individual data"):
        build_design(edit.with_table(two_trials, participants=none), RAW)


def test_labels_and_groups_come_from_the_trials_table(two_trials: Consortium, edit: SimpleNamespace) -> None:
    trials = pd.DataFrame({"trial": ["trial_a", "trial_b"], "label": ["First 2006", pd.NA], "group": ["x", pd.NA]})
    design = build_design(edit.with_table(two_trials, trials=trials.astype("string")), RAW)
    assert design.labels == {"trial_a": "First 2006", "trial_b": "trial_b"}
    assert design.groups == {"trial_a": "x", "trial_b": ""}


def test_modifiers_are_a_part_of_the_covariates_and_baseline_severity_is_b(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    sex = pd.Series(["male", "female", "other", "male", "female"] + ["male", "male", "other", "female"], dtype="string")
    age = pd.Series([20, 30, 40, 50, 60, 30, 40, 50, 60], dtype="Float64")
    terms = Terms(modifiers=("sex", "baseline_severity"), prognostic_factors=("age_years", "sex"))
    design = build_design(consortium_of(rows.assign(sex=sex, age_years=age), arms), RAW, terms)
    assert design.covariates == ("b", "sex[male]", "sex[other]", "age_years")
    assert design.modifiers == ("b", "sex[male]", "sex[other]")
    np.testing.assert_allclose(design.means[0], [60.0, 0.4, 0.2, 40.0])
    np.testing.assert_allclose(design.center[1:3], [4 / 9, 2 / 9])
    # 0/1 columns count as they are; age: squares 1000 + 500 on 4 + 3 df.
    np.testing.assert_allclose(design.covariate_sd[1:], [1.0, 1.0, (1500 / 7) ** 0.5])
    assert "sex" not in design.rows.columns


def test_a_category_that_nobody_analyzed_has_gets_no_column(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    sex = pd.Series(
        ["male", "female", "other", "male", "female"] + ["male", "male", "female", "female"], dtype="string"
    )
    terms = Terms(prognostic_factors=("sex",))
    design = build_design(consortium_of(rows.assign(sex=sex), arms), replace(RAW, include="sex != 'other'"), terms)
    assert design.covariates == ("b", "sex")


@pytest.mark.parametrize("values", [["yes"] * 9, ["yes"] * 5 + ["no"] * 4], ids=["everywhere", "within each trial"])
def test_a_covariate_that_is_the_same_within_each_trial_is_refused(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame, values: list[str]
) -> None:
    text = pd.Series(values, dtype="string")
    consortium = consortium_of(
        rows.assign(antidepressant_baseline=text, score_0=(text == "yes").astype("Int64"), age_years=7.5), arms
    )
    for name in ("antidepressant_baseline", "score_0", "age_years"):
        with pytest.raises(DesignError, match=f"'{name}' is the same for everybody within each trial"):
            build_design(consortium, RAW, Terms(modifiers=(name,)))


def test_a_covariate_missing_in_one_trial_is_refused_unless_that_trial_is_left_out(
    consortium_of: CONSORTIUM_OF, edit: SimpleNamespace, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    ages = pd.Series([None] * 5 + [30, 40, 50, 60], dtype="Float64")
    consortium = consortium_of(rows.assign(age_years=ages), arms)
    terms = Terms(modifiers=("age_years",))
    message = "'age_years' is missing for everybody in trial_a: .*recipe.* out of modifiers .*complete_case"
    with pytest.raises(DesignError, match=message):
        build_design(consortium, RAW, terms)
    assert build_design(edit.excluded(consortium, "trial_a"), RAW, terms).trials == ("trial_b",)
    assert build_design(consortium, replace(RAW, include="trial == 'trial_b'"), terms).trials == ("trial_b",)


def test_a_baseline_that_does_not_vary_is_refused(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    with pytest.raises(DesignError, match="the baseline does not vary within any trial"):
        build_design(consortium_of(rows.assign(b=50), arms), RAW)


def test_baseline_severity_modifies_within_trials_on_every_metric_and_across_them_where_it_can(
    two_trials: Consortium,
) -> None:
    terms = Terms(modifiers=("baseline_severity",))
    for metric, across in (("pomp", ("b",)), ("raw", ("b",)), ("baseline_sd", ()), ("rank", ())):
        design = build_design(two_trials, replace(RAW, metric=metric), terms)
        assert (design.modifiers, design.across) == (("b",), across)
        refused = [f"No interaction of baseline_severity across trials is estimated on metric {metric}"] * (not across)
        assert [note.split(":")[0] for note in design.notes] == refused
    factor = Terms(prognostic_factors=("baseline_severity",))  # the baseline is a covariate anyway
    assert build_design(two_trials, replace(RAW, metric="baseline_sd"), factor).covariates == ("b",)


def test_on_ranks_every_trial_runs_from_0_to_100_about_50(two_trials: Consortium) -> None:
    design = build_design(two_trials, replace(RAW, metric="rank"))
    # Trial a: 50 60 40 70 80 are the 2nd, 3rd, 1st, 4th and 5th of five; trial b: 20 40 60 80 in their order.
    assert design.rows["b"].tolist() == [30, 50, 10, 70, 90, 12.5, 37.5, 62.5, 87.5]
    np.testing.assert_allclose(design.means, [[50.0], [50.0]])
    assert (design.unit, design.direction) == ("rank points (0 to 100 within trial and visit)", "higher_is_worse")


def test_a_modifier_is_told_per_its_step_and_in_its_unit(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    age = pd.Series([20, 30, 40, 50, 60, 30, 40, 50, 60], dtype="Float64")
    terms = Terms(modifiers=("age_years", "baseline_severity"))
    coding = {"age_years": Coding(per=10.0), "baseline_severity": Coding(per=5.0)}
    design = build_design(consortium_of(rows.assign(age_years=age), arms), replace(RAW, coding=coding), terms)
    assert [design.per(column) for column in design.modifiers] == [5.0, 10.0]
    assert design.modifier_units == {"age_years": "10 years", "baseline_severity": "5 points"}
    assert design.rows["age_years"].tolist() == age.tolist(), "columns stay as they were measured"


def test_a_trial_without_a_modifier_leaves_a_complete_case_analysis_and_the_note_says_so(
    consortium_of: CONSORTIUM_OF, rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    ages = pd.Series([None] * 5 + [30, 40, 50, 60], dtype="Float64")
    consortium = consortium_of(rows.assign(age_years=ages), arms)
    design = build_design(consortium, replace(RAW, missing_covariates="complete_case"), Terms(modifiers=("age_years",)))
    assert design.trials == ("trial_b",)
    assert counts(design, "trial_a") == {"randomized": 5, "covariate_missing": 5}
    assert design.notes == (
        "Complete cases only: 5 of 9 participants with an outcome are left out, because covariates are missing: "
        "'age_years' for 5 (trial_a (5)). No participant of trial_a is left. The estimates are of the others.",
    )
    assert build_design(consortium, replace(RAW, missing_covariates="complete_case")).notes == ()


def test_on_baseline_sds_the_baseline_has_an_sd_of_one(two_trials: Consortium) -> None:
    design = build_design(two_trials, replace(RAW, metric="baseline_sd"))
    assert design.baseline_sd == pytest.approx(1.0)
    np.testing.assert_allclose(design.means[:, 0], np.array([60.0, 50.0]) / (3000 / 7) ** 0.5)


def test_an_outcome_without_its_baseline_is_counted_not_lost(two_trials: Consortium, edit: SimpleNamespace) -> None:
    table = two_trials.tables["assessments"]
    lost = (table["participant_id"] == "trial_a_0") & (table["visit"] == "baseline")
    consortium = edit.with_table(two_trials, assessments=table[~lost])
    with pytest.raises(DesignError, match=r"'baseline' is missing for 1 participants with an outcome: trial_a \(1\)"):
        build_design(consortium, RAW)
    design = build_design(consortium, replace(RAW, missing_covariates="complete_case"))
    assert counts(design, "trial_a") == {"randomized": 5, "covariate_missing": 1, "analyzed": 4}
