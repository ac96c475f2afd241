"""Who stands at and off the reference of each term that compares trials."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ipdma.design.design import Terms, build_design
from ipdma.design.off_reference import COLUMNS, off_reference
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium

ASK = Estimand(
    outcome="scale_a",
    visit="post",
    treatment="drug",
    control="placebo",
    metric="raw",
    reference={"number_of_doses": 5, "timing_min": 30},  # type: ignore[dict-item]
    moves={"timing_min": (60, 120)},  # type: ignore[dict-item]
)


def test_trials_and_people_of_active_arms_are_counted_at_and_off_each_curves_reference(two_trials: Consortium) -> None:
    # Active: 3 people of trial a with 5 doses at 60 minutes, 2 of trial b with 10 at 120.
    found = off_reference(build_design(two_trials, ASK, Terms(main="number_of_doses", shifts=("timing_min",))))
    assert list(found.columns) == list(COLUMNS)
    assert found.to_numpy().tolist() == [
        ["number_of_doses", "main", 1, 3, 1, 2],
        ["timing_min", "shift", 0, 0, 2, 5],
    ]


def test_a_modifier_counts_whole_trials_off_its_overall_mean(
    consortium_of: Callable[..., Consortium], rows: pd.DataFrame, arms: pd.DataFrame
) -> None:
    # Mean ages 40 and 40.1 lie within a tenth of the SD within trials (about 15) of their overall mean.
    near = pd.Series([20, 30, 40, 50, 60, 20.1, 30.1, 50.1, 60.1])
    asked = Terms(modifiers=("age_years", "baseline_severity"))
    found = off_reference(build_design(consortium_of(rows.assign(age_years=near), arms), ASK, asked))
    # Baselines 60 and 50 about 55.6, SD within trials 20.7.
    assert found.to_numpy().tolist() == [
        ["baseline_severity", "across", 0, 0, 2, 9],
        ["age_years", "across", 2, 9, 0, 0],
    ]


def test_the_plain_design_has_no_term_across_trials(two_trials: Consortium) -> None:
    assert off_reference(build_design(two_trials, replace(ASK, reference={}))).empty
