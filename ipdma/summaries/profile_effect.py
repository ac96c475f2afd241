"""The effect at any dosing profile, from a fit with curves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipdma.summaries.quantiles import Floats, draws_of

if TYPE_CHECKING:
    from ipdma.fit import Fit


def profile_effect(fit: "Fit", profile: Mapping[str, float]) -> Floats:
    """Return the draws of the average effect at a profile, covariates at each trial's own mean
    (at their mean over all participants where interactions across trials are estimated).

    Parameters
    ----------
    profile
        Values in the units of the arms' columns; variables left out stand at the reference. At zero of the main
        variable there is no dose, hence no effect, whatever the shifts.
    """
    model, design = fit.analysis.model, fit.design
    total = draws_of(fit, "effect")
    if model.main is not None:
        variable = model.main.variable
        x = profile.get(variable, design.reference[variable])
        if x == 0:
            return np.zeros_like(total)
        total = total * main_share(fit, np.array([x]))[0]
    for curve in model.shifts:
        reference = design.reference[curve.variable]
        x = profile.get(curve.variable, reference)
        total = total + draws_of(fit, curve.variable) * curve.per_move(x, reference, design.moves[curve.variable])
    return np.asarray(total, dtype=np.float64)


def main_share(fit: "Fit", x: Floats) -> Floats:
    """Return g(x) of the main curve by x and draw, shape (len(x), draws)."""
    main, design = fit.analysis.model.main, fit.design
    assert main is not None
    largest = float(design.arms[main.variable].max())
    parameters = {name: draws_of(fit, name)[None, :] for name in main.parameters(largest)}
    share = main.relative(x[:, None], design.reference[main.variable], **parameters)
    return np.broadcast_to(np.asarray(share, dtype=np.float64), (len(x), len(draws_of(fit, "effect"))))


def arms_at(arms: pd.DataFrame, profile: Mapping[str, float]) -> pd.DataFrame:
    """Return the active arms whose planned profile equals this one on all its variables."""
    same = np.ones(len(arms), dtype=bool)
    for variable, x in profile.items():
        same &= np.isclose(arms[variable].to_numpy(dtype="float64", na_value=np.nan), x, rtol=1e-9, atol=1e-12)
    return arms[same]


def behind(arms: pd.DataFrame, profile: Mapping[str, float]) -> tuple[int, int]:
    """Return how many trials have such an active arm, and the analyzed participants of these arms."""
    found = arms_at(arms, profile)
    return int(found["trial"].nunique()), int(found["n"].sum())
