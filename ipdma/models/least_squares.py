"""Exact least squares of the linear one-stage model with a common effect: no sampler, no prior."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from ipdma.design.design import Design
from ipdma.errors import DesignError

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LeastSquares:
    """Coefficients of the treatment columns: name, estimate, se, ci_low, ci_high; residual SD, residual df, n."""

    coefficients: pd.DataFrame
    sigma: float
    df: int
    n: int


def least_squares(design: Design, *, linear: str | None = None, levels: str | None = None) -> LeastSquares:
    """Return the ordinary least squares fit of outcome on trial, covariates and treatment.

    An intercept for each trial, one slope for the baseline and for each covariate, one residual SD, and the same
    effect in every trial. It is what the sampled model becomes with flat priors, ``common`` slopes and residual SD and
    a common effect, so it checks the sampler. It reads the triangular factors, which hold all that least squares
    needs.

    Parameters
    ----------
    design
        The analyzed participants.
    linear
        Column of the active arms (``"dose"``) in which the effect is linear through zero: its slope per unit.
    levels
        Column of the active arms each value of which has an effect of its own. Without either: one effect of treatment.

    Raises
    ------
    DesignError
        If both are given, the column is no number in some arm, or the effects cannot be told apart.

    Examples
    --------
    ``least_squares(design, levels="dose").coefficients``
    """
    columns = _treatment_columns(design, linear, levels)
    cells = design.cells
    size = cells.factor.shape[1]
    # A cell's rows enter as the rows of its triangular factor: cross-products, all that matters, are the same.
    stacked = cells.factor.reshape(-1, size)
    trial, arm = np.repeat(cells.trial, size), np.repeat(cells.arm, size)
    intercepts = stacked[:, [0]] * (trial[:, None] == np.arange(len(design.trials)))
    treatment = {name: stacked[:, 0] * _of_arm(values, arm) for name, values in columns.items()}
    x = np.column_stack([*treatment.values(), intercepts, stacked[:, 1:-1]])
    return _solve(x, stacked[:, -1], list(treatment), int(cells.n.sum()))


def _of_arm(values: Floats, arm: NDArray[np.int64]) -> Floats:
    """The value of each row's active arm; zero in control."""
    return np.concatenate([values, [0.0]])[arm]


def _treatment_columns(design: Design, linear: str | None, levels: str | None) -> Mapping[str, Floats]:
    if linear and levels:
        raise DesignError("least squares takes a column in which the effect is linear or one whose levels it compares.")
    if not linear and not levels:
        return {"effect": np.ones(len(design.arms))}
    column = linear or levels or ""
    if column not in design.arms.columns or not pd.api.types.is_numeric_dtype(design.arms[column]):
        raise DesignError(f"{column!r} is not a numeric column of the arms table.")
    values = design.arms[column].to_numpy(dtype="float64", na_value=np.nan)
    if np.isnan(values).any():
        raise DesignError(f"{column!r} is not stated for {int(np.isnan(values).sum())} active arm(s).")
    if linear:
        return {column: values}
    return {f"{column}={level:g}": (values == level).astype("float64") for level in np.unique(values)}


def _solve(x: Floats, y: Floats, names: list[str], n: int) -> LeastSquares:
    p = x.shape[1]
    scale = np.linalg.norm(x, axis=0)
    if (scale == 0).any() or n <= p or np.linalg.matrix_rank(x / np.where(scale == 0, 1.0, scale)) < p:
        raise DesignError(f"{n} participants do not tell {p} coefficients apart: leave a covariate or a level out.")
    q, r = np.linalg.qr(x)
    coefficients = np.linalg.solve(r, q.T @ y)
    residual = y - x @ coefficients
    df = n - p
    sigma = float(np.sqrt(residual @ residual / df))
    inverse = np.linalg.inv(r)
    se = sigma * np.sqrt((inverse**2).sum(axis=1))[: len(names)]
    estimate = coefficients[: len(names)]
    half = stats.t.ppf(0.975, df) * se
    table = pd.DataFrame(
        {"name": names, "estimate": estimate, "se": se, "ci_low": estimate - half, "ci_high": estimate + half}
    )
    return LeastSquares(coefficients=table, sigma=sigma, df=df, n=n)
