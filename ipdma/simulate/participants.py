"""Who is randomized in a simulated trial, and how ill they are at the start."""

import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ipdma.schemas.scale import Scale, Score
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.truth_file import Truth


def draw_people(design: TrialDesign, truth: Truth, scale: Scale, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row a participant: participant_id, arm, age_years, sex, yes/no columns, baseline (a score), the rest.

    Ages and measures have one decimal. The baseline score is a whole number of points inside the instrument's range.
    ``randomized_on`` is there where the design says when people were randomized: in the order of their numbers.
    """
    people = design.people
    arm = rng.permutation(np.repeat([a.arm for a in design.arms], [a.n for a in design.arms]))
    n = len(arm)
    age = truncated_normal(
        people.age_mean, people.age_sd, low=people.age_minimum, high=people.age_maximum, size=n, rng=rng
    )
    mean = rng.normal(truth.baseline.mean, truth.baseline.sd)
    percent = truncated_normal(mean, truth.baseline_sd, low=truth.baseline_minimum, high=100.0, size=n, rng=rng)
    yes_no = {name: np.where(rng.random(n) < share, "yes", "no") for name, share in people.yes_shares.items()}
    return pd.DataFrame(
        {
            "participant_id": [people.id.replace("{number}", f"{i:03d}") for i in range(1, n + 1)],
            "arm": arm,
            "age_years": np.round(age, 1),
            "sex": np.where(rng.random(n) < people.female_share, "female", "male"),
            **yes_no,
            "baseline": to_points(percent, scale),
            # Drawn last, so that a design that adds one keeps the numbers it had.
            **_measures(design, arm, rng),
            **_days(people.randomized, n, rng),
        }
    )


def _measures(design: TrialDesign, arm: NDArray[np.str_], rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    between = {a.arm: a.between for a in design.arms}
    out = {}
    for name, measure in design.people.measures.items():
        ends = np.array([between[a].get(name, (measure.minimum, measure.maximum)) for a in arm], dtype=float)
        drawn = truncated_normal(measure.mean, measure.sd, low=ends[:, 0], high=ends[:, 1], size=len(arm), rng=rng)
        out[name] = np.round(drawn, 1)
    return out


def _days(
    randomized: tuple[datetime.date, datetime.date] | None, n: int, rng: np.random.Generator
) -> dict[str, list[datetime.date]]:
    if randomized is None:
        return {}
    first, last = randomized
    after = np.sort(rng.integers(0, (last - first).days + 1, size=n))
    return {"randomized_on": [first + datetime.timedelta(days=int(days)) for days in after]}


def truncated_normal(
    mean: float,
    sd: float,
    *,
    low: float | NDArray[np.float64],
    high: float | NDArray[np.float64],
    size: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return normal numbers between ``low`` and ``high``, by the inverse distribution function."""
    first, last = (ndtr((np.asarray(end) - mean) / sd) for end in (low, high))
    return np.asarray(mean + sd * ndtri(first + rng.random(size) * (last - first)), dtype=float)


def primary(scale: Scale) -> Score:
    """Return the score the instrument is read by."""
    return scale.scores[scale.primary]


def to_points(percent: NDArray[np.float64], scale: Scale) -> NDArray[np.int64]:
    """Return scores in the instrument's points from percent of the maximum possible, where higher is worse."""
    score = primary(scale)
    if scale.direction == "higher_is_better":
        percent = 100.0 - percent
    points = score.minimum + percent / 100.0 * (score.maximum - score.minimum)
    return np.clip(np.round(points), score.minimum, score.maximum).astype(np.int64)


def to_percent(points: NDArray[np.int64], scale: Scale) -> NDArray[np.float64]:
    """Return percent of the maximum possible, higher is worse, from scores in the instrument's points."""
    score = primary(scale)
    percent = 100.0 * (points - score.minimum) / (score.maximum - score.minimum)
    return np.asarray(100.0 - percent if scale.direction == "higher_is_better" else percent, dtype=float)


def modifier_values(people: pd.DataFrame, name: str, scale: Scale) -> NDArray[np.float64]:
    """Return a modifier as numbers: yes is 1 and no 0; baseline severity in percent of the maximum possible.

    A yes/no column that the trial does not have is 0 for everybody.
    """
    if name == "baseline_severity":
        return to_percent(people["baseline"].to_numpy(dtype=np.int64), scale)
    if name not in people:
        return np.zeros(len(people))
    return np.asarray(people[name].to_numpy() == "yes", dtype=float)
