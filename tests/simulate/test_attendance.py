from collections.abc import Callable

import pytest

from ipdma.simulate.trial import SimulatedTrial

Simulate = Callable[..., SimulatedTrial]


def test_everybody_is_seen_at_baseline_and_who_dropped_out_stays_away(simulated: Simulate) -> None:
    seen = simulated(n=3000).scores.notna()
    assert seen["pre"].all()
    assert seen["half"].mean() == pytest.approx(0.9 * 0.98, abs=0.02)
    assert seen["post"].mean() == pytest.approx(0.9**2 * 0.98, abs=0.02)
    back = (~seen["half"] & seen["post"]).mean()
    assert 0 < back < 0.04  # only who missed a single visit


def test_pills_are_taken_about_when_planned_and_who_dropped_out_took_fewer(simulated: Simulate) -> None:
    trial = simulated(n=1000)
    minutes = (trial.sessions["start"] - trial.sessions["pill"]).dropna()
    assert minutes.mean() == pytest.approx(60, abs=0.5)
    assert minutes.std() == pytest.approx(5, abs=0.3)
    assert trial.sessions["start"].isna().mean() == pytest.approx(0.1, abs=0.02)
    attended = trial.sessions.groupby("row").size()
    stayed = trial.scores["post"].notna().to_numpy()
    assert (attended[stayed] == 4).all()
    assert attended[~stayed].mean() < 3
