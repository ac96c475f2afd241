import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from ipdma.schemas.scale import Scale
from ipdma.simulate.participants import modifier_values, to_percent, to_points, truncated_normal
from ipdma.simulate.trial import SimulatedTrial

Simulate = Callable[..., SimulatedTrial]


def test_ids_ages_and_scores_are_plausible(simulated: Simulate) -> None:
    trial = simulated(n=500)
    people = trial.people
    assert people["participant_id"].iloc[0] == "A-001" and people["participant_id"].is_unique
    assert people["age_years"].between(18, 65).all()
    assert people["baseline"].between(40, 100).all()  # nobody below the entry score
    assert trial.scores.stack().between(0, 100).all()
    assert (people["antidepressant_baseline"] == "yes").mean() == pytest.approx(0.3, abs=0.06)  # 4 SE
    assert people["arm"].value_counts().to_dict() == {"placebo": 500, "drug_low": 500}


def test_points_and_percent_of_the_maximum_are_turned_round_where_higher_is_better(scale: Scale) -> None:
    better = dataclasses.replace(scale, direction="higher_is_better")
    assert to_points(np.array([0.0, 25.2, 130.0]), scale).tolist() == [0, 25, 100]  # whole points inside the range
    assert to_points(np.array([0.0, 25.2, 130.0]), better).tolist() == [100, 75, 0]
    assert to_percent(np.array([0, 75]), better).tolist() == [100.0, 25.0]


def test_a_truncated_normal_number_is_inside_its_limits_and_has_its_known_mean() -> None:
    drawn = truncated_normal(0.0, 1.0, low=0.0, high=50.0, size=50_000, rng=np.random.default_rng(1))
    assert drawn.min() >= 0
    assert drawn.mean() == pytest.approx(np.sqrt(2 / np.pi), abs=0.012)  # the half-normal mean, 4 SE


def test_a_yes_no_column_a_trial_does_not_have_is_no_for_everybody(simulated: Simulate) -> None:
    trial = simulated()
    assert modifier_values(trial.people, "psychotherapy_before", trial.scale).tolist() == [0.0] * 80
