"""The first stage with a contrast for each active arm: vectors that share a control, with their covariance."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.design.design import Design
from ipdma.models.sufficient import arm_positions

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialContrasts:
    """Differences of each active arm from its trial's control, adjusted for baseline.

    Parameters
    ----------
    trials
        Trials that give an estimate, by their position in the design, shape (trial,).
    present
        Whether an arm slot is filled, shape (trial, arm).
    estimate, covariance
        Outcome units, shapes (trial, arm) and (trial, arm, arm); 0 and the identity in empty slots.
    """

    trials: NDArray[np.int64]
    present: NDArray[np.bool_]
    estimate: Floats
    covariance: Floats


def trial_contrasts(design: Design) -> TrialContrasts:
    """Return the contrasts of every trial by analysis of covariance, least squares on baseline and arms.

    A trial is left out when it has nothing to estimate a contrast or its error from, as in
    :func:`ipdma.models.trial_ancova.trial_estimates`.

    Examples
    --------
    ``trial_contrasts(design).estimate``
    """
    trial, slot = arm_positions(design)
    width = int(slot.max()) + 1
    found = {}
    for j, name in enumerate(design.trials):
        arms = list(design.arms["arm"].to_numpy()[trial == j])
        result = _contrasts(design.rows[design.rows["trial"] == name], arms)
        if result is not None:
            found[j] = result
    estimate, covariance = np.zeros((len(found), width)), np.tile(np.eye(width), (len(found), 1, 1))
    present = np.zeros((len(found), width), dtype=bool)
    for row, (effects, errors) in enumerate(found.values()):
        k = len(effects)
        estimate[row, :k], covariance[row, :k, :k], present[row, :k] = effects, errors, True
    kept = np.array(list(found), dtype=np.int64)
    return TrialContrasts(trials=kept, present=present, estimate=estimate, covariance=covariance)


def _contrasts(rows: pd.DataFrame, arms: list[str]) -> tuple[Floats, Floats] | None:
    own, active = rows["arm"].to_numpy(), rows["active"].to_numpy(dtype=np.float64)
    x = [(own == arm) * active for arm in arms] + [np.ones(len(rows))]
    baseline = rows["b"].to_numpy(dtype=np.float64)
    if np.ptp(baseline) > 0:
        x.append(baseline - baseline.mean())
    return _least_squares(np.column_stack(x), rows["y"].to_numpy(dtype=np.float64), len(arms))


def _least_squares(x: Floats, y: Floats, count: int) -> tuple[Floats, Floats] | None:
    df = len(y) - x.shape[1]
    if df <= 0 or np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residual = y - x @ coefficients
    rss = float(residual @ residual)
    if rss <= 1e-24 * float(y @ y):
        return None
    return coefficients[:count], rss / df * inverse[:count, :count]
