"""The effect along one dosing variable, with what was observed at each value."""

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipdma.curves.curve import Curve
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
    start, end = 0.0 if is_main else float(observed.min()), float(observed.max())
    curves = [curve for curve in (model.main, *model.shifts) if curve and curve.variable == variable]
    if any(curve.levels_only for curve in curves):
        return np.unique([start, *observed])
    steps = np.linspace(start, end, _STEPS + 1)
    steps = np.concatenate([steps, _near_start(start, steps[1], float(observed[observed > start].min(initial=end)))])
    steps = np.concatenate([steps, *(_both_sides(curve, start, end) for curve in curves)]).round(10)
    # A grid value that meets an observed one up to rounding is dropped in favor of the observed one.
    between = [x for x in steps if not np.isclose(x, observed, rtol=1e-9, atol=1e-9).any()]
    return np.unique(np.concatenate([between, observed]))


def _near_start(start: float, first: float, smallest: float) -> Floats:
    """Return points between the start and the first step where a value is observed there: the curve may bend early."""
    if smallest >= first:
        return np.array([])
    low = 0.5 * (smallest - start)
    return start + np.geomspace(low, first - start, 2 + math.ceil(4.0 * math.log2((first - start) / low)))[:-1]


def _both_sides(curve: Curve, start: float, end: float) -> Floats:
    """Return points just before and at a jump of the curve, so that it is drawn upright."""
    at = curve.settings.get("at") if curve.steps else None
    return np.array([] if at is None or not start < at < end else [at - 1e-6 * (end - start), at])
