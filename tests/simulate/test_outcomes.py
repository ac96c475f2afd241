from collections.abc import Callable

import numpy as np
import pytest

from ipdma.simulate.effects import main_curve
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import Truth

Simulate = Callable[..., SimulatedTrial]


def test_baseline_and_outcome_correlate_at_about_a_half(simulated: Simulate) -> None:
    trial = simulated(n=2000)
    scores = trial.scores.dropna()
    assert 0.4 < np.corrcoef(scores["pre"].astype(float), scores["post"].astype(float))[0, 1] < 0.6


def test_the_arms_differ_by_the_true_effect_of_the_doses_so_far(simulated: Simulate, truth: Truth) -> None:
    trial = simulated(n=20_000)
    scores = trial.scores.astype("Float64").set_index(trial.people["arm"])
    for visit, doses in (("half", 2.0), ("post", 4.0)):
        change = (scores[visit] - 0.5 * scores["pre"]).groupby("arm").mean()
        expected = truth.effect.effect * main_curve(truth.effect, np.array([doses]))[0]
        assert change["drug_low"] - change["placebo"] == pytest.approx(expected, abs=0.45)  # 4 SE of 40 000 people
    assert trial.effects["drug_low"] == pytest.approx(-4 * main_curve(truth.effect, np.array([4.0]))[0])


def test_a_modifier_changes_the_effect_by_its_within_term(simulated: Simulate) -> None:
    trial = simulated(n=20_000)
    adjusted = (trial.scores["post"] - 0.5 * trial.scores["pre"]).astype("Float64")
    means = adjusted.groupby([trial.people["arm"], trial.people["antidepressant_baseline"]]).mean().unstack()
    difference = means.loc["drug_low"] - means.loc["placebo"]
    assert difference["yes"] - difference["no"] == pytest.approx(2.0, abs=0.9)  # 4 SE
