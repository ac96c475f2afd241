"""How the control arms changed, beside each curve variable: a description across trials."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ipdma.design.design import Design
from ipdma.models.meta_regression import MetaRegression, meta_regression

if TYPE_CHECKING:
    from ipdma.fit import Fit

_POINTS = 41
_DIGITS = 10


def control_arm(fits: "Sequence[Fit]") -> list[dict[str, Any]]:
    """Return for each curve variable how the control arms' change from baseline goes with it.

    What the number of sessions does without the treatment stays in each trial's own intercept; it is shown here, so
    that nobody takes it for the treatment's. A trial's x is that of its active arms, the mean over their participants
    where they differ: the control's own profile is never read. Left out is a variable of categories, one that is the
    same in all trials, and one with fewer than three trials.

    Parameters
    ----------
    fits
        With curves; a variable that several have is told once.

    Returns
    -------
    list
        As ``control_arm`` in ``data_schemas/summary.schema.json``.
    """
    found: dict[str, dict[str, Any]] = {}
    for fit in fits:
        model = fit.analysis.model
        for curve in (model.main, *model.shifts):
            if curve is not None and curve.variable not in found:
                row = _row(fit.design, curve.variable)
                found |= {curve.variable: row} if row else {}
    return list(found.values())


def _row(design: Design, variable: str) -> dict[str, Any] | None:
    if variable in design.levels:
        return None  # a category: there is no line over it
    table = control_changes(design, variable)
    if len(table) < 3 or np.ptp(table["x"]) < 1e-9 * max(1.0, float(np.abs(table["x"]).max())):
        return None
    line = meta_regression(table["x"], table["change"], table["se"])
    return {
        "variable": variable,
        "unit": design.units[variable],
        "trials": len(table),
        "participants": int(table["participants"].sum()),
        "slope": {"estimate": float(line.coefficients[1]), "se": float(line.se[1]), "ci": list(line.slope_ci)},
        "points": _band(line, table["x"].to_numpy()),
        "trial_points": [{str(k): v for k, v in row.items()} for row in table.to_dict("records")],
        "sentence": _sentence(line, design, variable, len(table)),
    }


def control_changes(design: Design, variable: str) -> pd.DataFrame:
    """Return each trial's change from baseline in its control arm.

    The mean outcome of the control arm at its trial's mean baseline (analysis of covariance within the control arm;
    the plain mean where fewer than four participants are there or all have one baseline) minus that mean baseline.

    Returns
    -------
    DataFrame
        trial, label, x, change and se (outcome units), participants. Trials with fewer than three control participants
        have no standard error worth the name and are absent.
    """
    rows = []
    people_of, arms_of = (dict(iter(table.groupby("trial", sort=False))) for table in (design.rows, design.arms))
    for trial in design.trials:
        people, arms = people_of[trial], arms_of[trial]
        controls = people[people["active"] == 0]
        if len(controls) < 3:
            continue
        change, se = _change(controls, float(people["b"].mean()))
        if se > 0:
            x = float(np.average(arms[variable].to_numpy(dtype="float64"), weights=arms["n"]))
            row = {"trial": trial, "label": design.labels[trial], "x": x, "change": change, "se": se}
            rows.append({**row, "participants": len(controls)})
    return pd.DataFrame(rows, columns=["trial", "label", "x", "change", "se", "participants"])


def _change(controls: pd.DataFrame, baseline: float) -> tuple[float, float]:
    """Return the adjusted change and its standard error."""
    b, y = controls["b"].to_numpy(dtype=np.float64), controls["y"].to_numpy(dtype=np.float64)
    if len(b) < 4 or np.ptp(b) == 0:
        change = y - b
        return float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(b)))
    x = np.column_stack([np.ones(len(b)), b - baseline])
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residual = y - x @ coefficients
    variance = float(residual @ residual) / (len(b) - 2) * float(inverse[0, 0])
    return float(coefficients[0]) - baseline, float(np.sqrt(variance))


def _band(line: MetaRegression, x: np.ndarray) -> list[dict[str, Any]]:
    grid = np.linspace(x.min(), x.max(), _POINTS).round(_DIGITS)
    return [
        {"x": float(at), "estimate": float(mean), "ci": [float(low), float(high)]}
        for at, mean, low, high in zip(grid, *line.at(grid), strict=True)
    ]


def _sentence(line: MetaRegression, design: Design, variable: str, trials: int) -> str:
    low, high = line.slope_ci
    unit = design.units[variable]
    name = variable.removesuffix(f"_{unit}").replace("_", " ") + ("" if unit in ("", "1") else f" ({unit})")
    worse = float(line.coefficients[1]) > 0.0 if design.direction == "higher_is_worse" else line.coefficients[1] < 0.0
    word = "less" if worse else "more"
    tells = f"{word} improvement" if low > 0.0 or high < 0.0 else "no clear difference in improvement"
    text = (
        f"In the control arms, trials with a higher {name} show {tells}: change from baseline "
        f"{float(line.coefficients[1]):+.3g} {design.unit} per unit (95% interval {low:.3g} to {high:.3g}). "
        f"Observational, {trials} trials."
    )
    return text.replace("-", "\N{MINUS SIGN}")
