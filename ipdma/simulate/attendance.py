"""Who is seen at which visit, and when pills are taken."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from ipdma.simulate.design import TrialDesign
from ipdma.simulate.truth_file import DropOut, Truth


def draw_attendance(
    design: TrialDesign, deviation: NDArray[np.float64], drop_out: DropOut, rng: np.random.Generator
) -> pd.DataFrame:
    """Return whether each participant is seen at each visit (participants x visits).

    Everybody is seen at baseline. Who drops out stays away; single visits are missed besides. The chance depends on
    baseline alone (``deviation``: points from the trial's mean), so outcomes are missing at random.
    """
    there = np.ones(len(deviation), dtype=bool)
    seen = {}
    phases = [visit.phase for visit in design.visits]
    for visit in design.visits:
        if visit.phase == "baseline":
            seen[visit.visit] = there.copy()
            continue
        # Weekly visits do not make people drop out more often: the phase's chance is shared out over its visits.
        each = 1 - (1 - drop_out.by_phase[visit.phase]) ** (1 / phases.count(visit.phase))
        chance = expit(logit(each) + drop_out.per_baseline_point * deviation)
        there &= rng.random(len(deviation)) >= chance
        seen[visit.visit] = there & (rng.random(len(deviation)) >= drop_out.missed_visit)
    return pd.DataFrame(seen)


def draw_sessions(
    design: TrialDesign, stayed: NDArray[np.bool_], truth: Truth, rng: np.random.Generator
) -> pd.DataFrame:
    """Return a row a dosed session that took place: row (of the participant), session, pill, start (day minutes).

    Sessions start between 9:00 and 17:45 on the quarter of an hour; the pill is taken about as long before as planned.
    Who dropped out before post (not ``stayed``) came to some of the sessions. Times not written down are missing.
    """
    planned = int(design.number_of_doses)
    attended = np.where(stayed, planned, rng.integers(1, planned + 1, size=len(stayed)))
    row = np.repeat(np.arange(len(stayed)), attended)
    start = 540.0 + 15.0 * rng.integers(0, 36, size=len(row))
    pill = start - np.round(rng.normal(design.timing_min, truth.timing_sd, size=len(row)))
    session = np.concatenate([np.arange(1, n + 1) for n in attended])
    unknown = rng.random(len(row)) < truth.not_recorded
    times = {"pill": np.where(unknown, np.nan, pill), "start": np.where(unknown, np.nan, start)}
    return pd.DataFrame({"row": row, "session": session, **times})


def draw_days(design: TrialDesign, people: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the days from randomization to each visit (participants x visits): the planned week, two days about."""
    days = {}
    for visit in design.visits:
        late = 0 if visit.phase == "baseline" else rng.integers(-2, 3, size=people)
        days[visit.visit] = np.full(people, round(7 * visit.week)) + late
    return pd.DataFrame(days)
