import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from ipdma.simulate.attendance import draw_attendance
from ipdma.simulate.design import VisitDesign
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import DropOut

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


def test_weekly_visits_share_out_the_chance_to_drop_out(simulated: Simulate) -> None:
    trial = simulated(n=10)
    often = dataclasses.replace(
        trial.design,
        visits=(
            VisitDesign(visit="pre", phase="baseline", week=0),
            *(VisitDesign(visit=f"w{k}", phase="mid", week=k) for k in range(1, 11)),
        ),
    )
    drop_out = DropOut(by_phase={"mid": 0.2, "post": 0, "followup": 0}, per_baseline_point=0, missed_visit=0)
    seen = draw_attendance(often, np.zeros(20_000), drop_out, np.random.default_rng(1))
    assert seen["w10"].mean() == pytest.approx(0.8, abs=0.01)  # 3 Monte Carlo SE
    assert (seen["w5"] >= seen["w6"]).all()


def test_visits_take_place_about_when_planned(simulated: Simulate) -> None:
    days = simulated(n=40).days
    assert (days["pre"] == 0).all()
    assert days["post"].between(26, 30).all() and days["post"].nunique() == 5
