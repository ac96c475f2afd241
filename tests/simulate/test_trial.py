import dataclasses

import numpy as np
import pytest

from ipdma.schemas.scale import Scale
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.effects import main_curve
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import Truth
from ipdma.simulate.worked import simulate_trials


def simulated(design: TrialDesign, truth: Truth, scale: Scale, *, n: int = 40, seed: int = 1) -> SimulatedTrial:
    arms = tuple(dataclasses.replace(arm, n=n) for arm in design.arms)
    design = dataclasses.replace(design, arms=arms)
    return simulate_trials((design,), truth, seed=seed, scales={"scale_a": scale})[design.trial]


def test_ids_ages_and_scores_are_plausible(design: TrialDesign, truth: Truth, scale: Scale) -> None:
    trial = simulated(design, truth, scale, n=500)
    people = trial.people
    assert people["participant_id"].iloc[0] == "A-001" and people["participant_id"].is_unique
    assert people["age_years"].between(18, 65).all()
    assert people["baseline"].between(40, 100).all()  # nobody below the entry score
    assert trial.scores.stack().between(0, 100).all()
    assert (people["antidepressant_baseline"] == "yes").mean() == pytest.approx(0.3, abs=0.06)  # 4 SE
    assert people["arm"].value_counts().to_dict() == {"placebo": 500, "drug_low": 500}


def test_baseline_and_outcome_correlate_at_about_a_half(design: TrialDesign, truth: Truth, scale: Scale) -> None:
    trial = simulated(design, truth, scale, n=2000)
    scores = trial.scores.dropna()
    assert 0.4 < np.corrcoef(scores["pre"].astype(float), scores["post"].astype(float))[0, 1] < 0.6


def test_the_arms_differ_by_the_true_effect_of_the_doses_so_far(
    design: TrialDesign, truth: Truth, scale: Scale
) -> None:
    trial = simulated(design, truth, scale, n=20_000)
    scores = trial.scores.astype("Float64").set_index(trial.people["arm"])
    for visit, doses in (("half", 2.0), ("post", 4.0)):
        change = (scores[visit] - 0.5 * scores["pre"]).groupby("arm").mean()
        expected = truth.effect.effect * main_curve(truth.effect, np.array([doses]))[0]
        assert change["drug_low"] - change["placebo"] == pytest.approx(expected, abs=0.45)  # 4 SE of 40 000 people
    assert trial.effects["drug_low"] == pytest.approx(-4 * main_curve(truth.effect, np.array([4.0]))[0])


def test_a_modifier_changes_the_effect_by_its_within_term(design: TrialDesign, truth: Truth, scale: Scale) -> None:
    trial = simulated(design, truth, scale, n=20_000)
    adjusted = (trial.scores["post"] - 0.5 * trial.scores["pre"]).astype("Float64")
    means = adjusted.groupby([trial.people["arm"], trial.people["antidepressant_baseline"]]).mean().unstack()
    difference = means.loc["drug_low"] - means.loc["placebo"]
    assert difference["yes"] - difference["no"] == pytest.approx(2.0, abs=0.9)  # 4 SE


def test_everybody_is_seen_at_baseline_and_who_dropped_out_stays_away(
    design: TrialDesign, truth: Truth, scale: Scale
) -> None:
    seen = simulated(design, truth, scale, n=3000).scores.notna()
    assert seen["pre"].all()
    assert seen["half"].mean() == pytest.approx(0.9 * 0.98, abs=0.02)
    assert seen["post"].mean() == pytest.approx(0.9**2 * 0.98, abs=0.02)
    back = (~seen["half"] & seen["post"]).mean()
    assert 0 < back < 0.04  # only who missed a single visit


def test_answers_of_complete_forms_add_up_to_the_score(design: TrialDesign, truth: Truth, scale: Scale) -> None:
    trial = simulated(design, truth, scale)
    sums = trial.items.groupby(["visit", "row"])["answer"].agg(["sum", "count"])
    scores = trial.scores.stack().swaplevel().rename_axis(["visit", "row"])
    complete = sums[sums["count"] == 20]
    assert (complete["sum"] == scores.loc[complete.index].astype(float)).all()
    assert (sums.loc["pre", "count"] == 20).all()  # baseline forms are complete
    assert (sums["count"] < 20).any()


def test_pills_are_taken_about_when_planned_and_who_dropped_out_took_fewer(
    design: TrialDesign, truth: Truth, scale: Scale
) -> None:
    trial = simulated(design, truth, scale, n=1000)
    minutes = (trial.sessions["start"] - trial.sessions["pill"]).dropna()
    assert minutes.mean() == pytest.approx(60, abs=0.5)
    assert minutes.std() == pytest.approx(5, abs=0.3)
    assert trial.sessions["start"].isna().mean() == pytest.approx(0.1, abs=0.02)
    attended = trial.sessions.groupby("row").size()
    stayed = trial.scores["post"].notna().to_numpy()
    assert (attended[stayed] == 4).all()
    assert attended[~stayed].mean() < 3


def test_a_trial_does_not_change_when_another_is_added(design: TrialDesign, truth: Truth, scale: Scale) -> None:
    other = dataclasses.replace(design, trial="trial_b")
    alone = simulate_trials((design,), truth, seed=1, scales={"scale_a": scale})["trial_a"]
    together = simulate_trials((other, design), truth, seed=1, scales={"scale_a": scale})["trial_a"]
    assert alone.scores.equals(together.scores)
    assert alone.items.equals(together.items)
