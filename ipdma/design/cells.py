"""Triangular factors: all that a Gaussian likelihood needs to know of a cell's participants."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """The participants of each trial and arm, as the QR factor of their columns.

    With Z = [1, covariates, y] of a cell's participants and Z'Z = R'R, the sum of squared residuals of y on any
    coefficients B is ||R [-B, 1]||^2: exact, at a cost that does not depend on the number of participants.

    Parameters
    ----------
    trial
        Index of the trial, by cell, shape (cell,).
    arm
        Index of the active arm, or -1 for a control arm, shape (cell,).
    n
        Participants, shape (cell,).
    factor
        Upper triangular R, shape (cell, column, column), column = 1, covariates, y.
    """

    trial: np.ndarray
    arm: np.ndarray
    n: np.ndarray
    factor: np.ndarray


def triangular_factor(z: np.ndarray) -> np.ndarray:
    """Return the upper triangular R with R'R = z'z, square also when there are fewer rows than columns.

    Parameters
    ----------
    z
        Rows by columns.

    Examples
    --------
    >>> r = triangular_factor(np.array([[1.0, 2.0], [1.0, 4.0], [1.0, 3.0]]))
    >>> np.allclose(r.T @ r, [[3.0, 9.0], [9.0, 29.0]])
    True
    """
    columns = z.shape[1]
    r = np.zeros((columns, columns))
    q = np.linalg.qr(z, mode="r") if len(z) else np.zeros((0, columns))
    r[: q.shape[0]] = q
    return r


def build_cells(rows: pd.DataFrame, covariates: Sequence[str], trials: Sequence[str], arms: pd.DataFrame) -> Cells:
    """Return a cell for each trial and arm that has participants.

    Parameters
    ----------
    rows
        Analyzed participants: trial, arm, active, y, and the covariates, all centred by trial.
    covariates
        Columns of ``rows``, the centred baseline first.
    trials, arms
        The trials and the active arms (trial, arm) in their order.
    """
    trial_index = {trial: i for i, trial in enumerate(trials)}
    arm_index = {(t, a): i for i, (t, a) in enumerate(zip(arms["trial"], arms["arm"], strict=True))}
    z = np.column_stack([np.ones(len(rows)), rows[[*covariates, "y"]].to_numpy(dtype="float64")])
    found, factors, sizes, arm_of = [], [], [], []
    for key, positions in rows.groupby(["trial", "arm"], sort=False).indices.items():
        cell: tuple[str, str] = key  # type: ignore[assignment]
        found.append(trial_index[cell[0]])
        arm_of.append(arm_index.get(cell, -1))
        sizes.append(len(positions))
        factors.append(triangular_factor(z[positions]))
    return Cells(
        trial=np.array(found), arm=np.array(arm_of), n=np.array(sizes, dtype="float64"), factor=np.array(factors)
    )
