import dataclasses
from collections.abc import Callable

from ipdma.schemas.scale import Scale
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import Truth
from ipdma.simulate.worked import simulate_trials

Simulate = Callable[..., SimulatedTrial]


def test_answers_of_complete_forms_add_up_to_the_score(simulated: Simulate) -> None:
    trial = simulated()
    sums = trial.items.groupby(["visit", "row"])["answer"].agg(["sum", "count"])
    scores = trial.scores.stack().swaplevel().rename_axis(["visit", "row"])
    complete = sums[sums["count"] == 20]
    assert (complete["sum"] == scores.loc[complete.index].astype(float)).all()
    assert (sums.loc["pre", "count"] == 20).all()  # baseline forms are complete
    assert (sums["count"] < 20).any()


def test_a_trial_does_not_change_when_another_is_added(design: TrialDesign, truth: Truth, scale: Scale) -> None:
    other = dataclasses.replace(design, trial="trial_b")
    alone = simulate_trials((design,), truth, seed=1, scales={"scale_a": scale})["trial_a"]
    together = simulate_trials((other, design), truth, seed=1, scales={"scale_a": scale})["trial_a"]
    assert alone.scores.equals(together.scores)
    assert alone.items.equals(together.items)
