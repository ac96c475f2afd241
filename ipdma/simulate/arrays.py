"""Trials as arrays with a known truth, fast enough for a million participants: for recovery and calibration."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.simulate.effects import TrueEffect, arm_effects

BASELINE_SD = 15.0  # within a trial, in points of a 0-100 scale
# An uneven field: (relative size, number of doses, then (dose in mg, minutes before the session) of each active arm).
# Sizes of 17 to 180, number of doses and timing constant within nearly every trial and tied to each other, few trials
# with many doses: what makes curves hard to learn from real collections of trials.
_UNEVEN: tuple[tuple[int, int, tuple[tuple[float, float], ...]], ...] = (
    (180, 3, ((50, 60),)),
    (27, 2, ((50, 120), (500, 120))),
    (27, 4, ((50, 60),)),
    (32, 10, ((125, 120),)),
    (24, 12, ((250, 240),)),
    (169, 5, ((50, 60),)),
    (56, 4, ((50, 60),)),
    (23, 10, ((100, 60),)),
    (31, 3, ((50, 60),)),
    (30, 7, ((50, 60),)),
    (39, 3, ((50, 60),)),
    (67, 10, ((50, 60),)),
    (20, 1, ((50, 60),)),
    (17, 5, ((50, 60),)),
    (57, 6, ((125, 60), (125, -60))),
    (34, 1, ((250, 0),)),
    (29, 2, ((50, -30),)),
    (25, 10, ((100, 90),)),
    (106, 5, ((50, 30),)),
    (128, 5, ((50, 60),)),
    (142, 7, ((50, 60),)),
)
_IDEAL_ARMS = tuple((dose, timing) for timing in (60.0, 0.0, 120.0, 240.0) for dose in (50.0, 250.0, 100.0, 500.0))


def uneven_designs(n_trials: int, n_per_trial: int) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the arms and sizes of trials as uneven as a real field; the list repeats after 21 trials."""
    picked = [_UNEVEN[j % len(_UNEVEN)] for j in range(n_trials)]
    relative = np.array([size for size, _, _ in picked], dtype=float)
    sizes = np.maximum(np.round(relative / relative.sum() * n_trials * n_per_trial), 8).astype(np.int64)
    return _arm_table([(doses, arms) for _, doses, arms in picked]), sizes


def ideal_designs(n_trials: int, n_per_trial: int) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return trials of one size with 1 to 12 doses, dose and timing varied independently of them."""
    doses = 1 + np.arange(n_trials) * 5 % 12
    arms = [(int(n), (_IDEAL_ARMS[(j * 15 + 4) % len(_IDEAL_ARMS)],)) for j, n in enumerate(doses)]
    return _arm_table(arms), np.full(n_trials, n_per_trial, dtype=np.int64)


def _arm_table(designs: Sequence[tuple[int, tuple[tuple[float, float], ...]]]) -> pd.DataFrame:
    rows: list[tuple[str, str, str, bool, float, float, float]] = []
    for j, (doses, arms) in enumerate(designs, start=1):
        trial = f"trial_{j:02d}"
        rows.append((trial, "control", "control", False, np.nan, np.nan, np.nan))
        rows += [(trial, f"drug_{k}", "drug", True, doses, dose, timing) for k, (dose, timing) in enumerate(arms, 1)]
    columns = ["trial", "arm", "treatment", "active", "number_of_doses", "dose", "timing_min"]
    return pd.DataFrame(rows, columns=columns)


def simulate_rows(
    n_trials: int = 21,
    n_per_trial: int = 50,
    seed: int = 1,
    *,
    truth: TrueEffect | None = None,
    designs: Literal["uneven", "ideal"] = "uneven",
    residual_sd: Literal["equal", "unequal"] = "equal",
    within: float | None = None,
    across: float = 0.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return participants and arms of simulated trials whose true effects are known.

    Each trial has its own intercept, baseline slope (0.3 to 0.7) and residual SD; baseline SD is 15 points and
    correlates with the outcome at about 0.5.

    Parameters
    ----------
    n_trials, n_per_trial, seed
        Number of trials and mean number of participants of a trial. Same seed, same numbers.
    truth
        What the drug does; default -4.5 points (0.3 baseline SD) at five doses of 50 mg 60 min before, tau 2, kappa 9.
    designs
        ``"uneven"``: sizes, doses and timing of a real field, some trials with two active arms; ``"ideal"``: equal
        sizes, 1 to 12 doses.
    residual_sd
        ``"equal"``: 0.7 baseline SD in all trials; ``"unequal"``: between 0.35 and 1.4.
    within, across
        If ``within`` is given, a 0/1 modifier ``z`` is drawn (a share of its own in each trial) that changes the
        effect by ``within`` per unit of deviation from the trial's mean and by ``across`` per unit of the trial's mean
        from the participant-weighted mean of all.

    Returns
    -------
    rows
        A row a participant: trial, participant_id, arm, active (bool), y, b, and z if asked for.
    arms
        A row an arm: trial, arm, treatment, active, number_of_doses, dose (mg), timing_min, true_effect (at the mean
        of the modifier).

    Examples
    --------
    >>> rows, arms = simulate_rows(n_trials=3, n_per_trial=40, seed=1)
    >>> list(rows), rows["trial"].nunique()
    (['trial', 'participant_id', 'arm', 'active', 'y', 'b'], 3)
    """
    truth = truth or TrueEffect(effect=-4.5, tau=2.0, kappa=9.0)
    rng = np.random.default_rng(seed)
    arms, sizes = (uneven_designs if designs == "uneven" else ideal_designs)(n_trials, n_per_trial)
    arms["true_effect"] = arm_effects(truth, arms, rng)
    trial, arm_row = _allocate(arms, sizes, rng)
    b, y = _outcomes(trial, arms["true_effect"].to_numpy()[arm_row], n_trials, residual_sd, rng)
    rows = pd.DataFrame(
        {
            "trial": arms["trial"].to_numpy()[arm_row],
            "participant_id": np.arange(1, len(trial) + 1).astype(str),
            "arm": arms["arm"].to_numpy()[arm_row],
            "active": arms["active"].to_numpy(dtype=bool)[arm_row],
            "y": y,
            "b": b,
        }
    )
    if within is not None:
        rows = _with_modifier(rows, trial, within, across, rng)
    return rows, arms


def _allocate(
    arms: pd.DataFrame, sizes: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each participant the trial's number and the row of ``arms``: equal arms, in random order."""
    codes = pd.factorize(arms["trial"])[0]
    picked = []
    for j, size in enumerate(sizes):
        rows = np.flatnonzero(codes == j)
        picked.append(rng.permutation(np.resize(rows, size)))
    return np.repeat(np.arange(len(sizes)), sizes), np.concatenate(picked)


def _outcomes(
    trial: NDArray[np.int64], effect: NDArray[np.float64], n_trials: int, residual_sd: str, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = rng.normal(60, 8, size=n_trials)
    slope = rng.uniform(0.3, 0.7, size=n_trials)
    change = rng.normal(-20, 6, size=n_trials)
    spread = (
        np.exp(rng.uniform(-np.log(2), np.log(2), size=n_trials)) if residual_sd == "unequal" else np.ones(n_trials)
    )
    deviation = rng.normal(0, BASELINE_SD, size=len(trial))
    residual = rng.normal(size=len(trial)) * (0.7 * BASELINE_SD * spread)[trial]
    y = (mean + change)[trial] + slope[trial] * deviation + effect + residual
    return mean[trial] + deviation, y


def _with_modifier(
    rows: pd.DataFrame, trial: NDArray[np.int64], within: float, across: float, rng: np.random.Generator
) -> pd.DataFrame:
    share = rng.uniform(0.1, 0.7, size=trial.max() + 1)
    z = (rng.random(len(trial)) < share[trial]).astype(float)
    mean = np.bincount(trial, weights=z) / np.bincount(trial)
    by_modifier = within * (z - mean[trial]) + across * (mean[trial] - z.mean())
    return rows.assign(z=z, y=rows["y"] + rows["active"] * by_modifier)
