"""The first stage: each trial's treatment effect by ordinary least squares."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.models.two_stage_spec import Adjustment

Floats = NDArray[np.float64]


def trial_estimates(rows: pd.DataFrame, adjustment: Adjustment = "ancova") -> pd.DataFrame:
    """Each trial's difference of treatment minus control, adjusted for baseline by analysis of covariance.

    All active arms of a trial count as treatment. A trial is absent when it has nothing to estimate the difference or
    its error from: one arm only, no residual degree of freedom, a baseline that is a function of the arm, or no
    residual variation.

    Parameters
    ----------
    rows
        One row a participant: trial, active (1 in an active arm, 0 in control), y (outcome), b (baseline; not read
        under ``"final"``).
    adjustment
        See :class:`ipdma.models.two_stage_spec.TwoStage`.

    Returns
    -------
    DataFrame
        trial, n (participants), estimate and se (outcome units), df (residual degrees of freedom of the t
        distribution), in the order in which the trials appear.

    Examples
    --------
    >>> rows = pd.DataFrame({"trial": "a", "active": [0, 0, 1, 1], "y": [1.0, 3.0, 4.0, 8.0]})
    >>> trial_estimates(rows, "final")[["n", "estimate", "df"]].to_numpy().tolist()
    [[4.0, 4.0, 2.0]]
    """
    found = []
    for trial, group in rows.groupby("trial", sort=False):
        result = _estimate(group, adjustment)
        if result is not None:
            found.append({"trial": str(trial), "n": len(group), **result})
    columns = ["trial", "n", "estimate", "se", "df"]
    return pd.DataFrame(found, columns=columns).astype(
        {"trial": "string", "n": "int64", "estimate": "float64", "se": "float64", "df": "int64"}
    )


def _estimate(group: pd.DataFrame, adjustment: Adjustment) -> dict[str, float] | None:
    active = group["active"].to_numpy(dtype=np.float64)
    outcome = group["y"].to_numpy(dtype=np.float64)
    columns = [np.ones(len(group)), active]
    if adjustment == "ancova":
        baseline = group["b"].to_numpy(dtype=np.float64)
        # A baseline that is the same for everybody (or absent by design) explains nothing; keep the plain difference.
        if np.ptp(baseline) > 0:
            columns.append(baseline - baseline.mean())
    elif adjustment == "change":
        outcome = outcome - group["b"].to_numpy(dtype=np.float64)
    return _least_squares(np.column_stack(columns), outcome)


def _least_squares(design: Floats, outcome: Floats) -> dict[str, float] | None:
    n, p = design.shape
    if n <= p or np.linalg.matrix_rank(design) < p:
        return None
    q, r = np.linalg.qr(design)
    coefficients = np.linalg.solve(r, q.T @ outcome)
    residual = outcome - design @ coefficients
    rss = float(residual @ residual)
    if rss <= 1e-24 * float(outcome @ outcome):
        return None  # no variation within arms: an SE of zero would take all the weight
    unscaled = np.linalg.inv(r)
    variance = rss / (n - p) * float(unscaled[1] @ unscaled[1])
    return {"estimate": float(coefficients[1]), "se": float(np.sqrt(variance)), "df": n - p}
