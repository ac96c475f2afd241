"""The effect along one dosing variable, with what was observed at each value."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipdma.summaries.profile_effect import behind, effects_along
from ipdma.summaries.quantiles import QUANTITIES, Floats, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit

_STEPS = 40


def curve_points(fit: "Fit", variable: str) -> pd.DataFrame:
    """Return the effect over a variable that has a curve, the other variables at their reference.

    Returns
    -------
    DataFrame
        x: for the main variable from 0 to the largest observed value, for a shift from the smallest (a shift is never
        extrapolated to no dose); a grid and every observed value, without the grid where a curve is categorical; mean,
        sd, q2.5, median, q97.5 of the effect; trials and participants (analyzed, active arms) at exactly this x, 0
        between observed values.
    """
    rows, grid = [], _grid(fit, variable)
    for x, effect in zip(grid, effects_along(fit, variable, grid), strict=True):
        trials, participants = behind(fit.design.arms, {variable: float(x)})
        rows.append({"x": float(x), **quantiles(effect), "trials": trials, "participants": participants})
    return pd.DataFrame(rows, columns=["x", *QUANTITIES, "trials", "participants"])


def _grid(fit: "Fit", variable: str) -> Floats:
    model = fit.analysis.model
    observed = fit.design.arms[variable].to_numpy(dtype="float64")
    is_main = model.main is not None and model.main.variable == variable
    start = 0.0 if is_main else float(observed.min())
    if any(curve.levels_only for curve in (model.main, *model.shifts) if curve and curve.variable == variable):
        return np.unique([start, *observed])
    steps = np.linspace(start, float(observed.max()), _STEPS + 1).round(10)
    # A grid value that meets an observed one up to rounding is dropped in favor of the observed one.
    between = [x for x in steps if not np.isclose(x, observed, rtol=1e-9, atol=1e-9).any()]
    return np.unique(np.concatenate([between, observed]))
