"""Stated contrasts of two dosing profiles, with the trials and participants behind each."""

from typing import TYPE_CHECKING

import pandas as pd

from ipdma.design.profile import named_profile
from ipdma.estimand import Profile, ProfileContrast
from ipdma.schemas.quantity import Quantity
from ipdma.summaries.profile_effect import behind, profile_effect
from ipdma.summaries.quantiles import QUANTITIES, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit


def profile_contrasts(fit: "Fit") -> pd.DataFrame:
    """Return the effect at profile a minus the effect at profile b for each stated contrast this fit can tell.

    A contrast is absent when it names a variable without a curve in the model, or a value that no arm has of a variable
    whose curve is categorical.

    Returns
    -------
    DataFrame
        name, a, b (the profiles as stated), mean, sd, q2.5, median, q97.5, trials_a, trials_b, participants_a,
        participants_b. Behind a profile stand the trials that have an active arm equal to it on all variables it names,
        and the analyzed participants of these arms.
    """
    rows = [_row(fit, contrast) for contrast in fit.analysis.estimand.contrasts if _can_be_told(fit, contrast)]
    counts = ["trials_a", "trials_b", "participants_a", "participants_b"]
    return pd.DataFrame(rows, columns=["name", "a", "b", *QUANTITIES, *counts])


def _told(profile: Profile) -> str:
    """Return a profile as it was stated: ``number of doses 9, dose 50 mg``."""
    values = ((name, value if isinstance(value, str) else _number(value)) for name, value in profile.items())
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values)


def _number(value: Quantity) -> str:
    return f"{value.value:g} {value.unit}".strip()


def _can_be_told(fit: "Fit", contrast: ProfileContrast) -> bool:
    model = fit.analysis.model
    curves = {curve.variable: curve for curve in (model.main, *model.shifts) if curve is not None}
    if not {*contrast.a, *contrast.b} <= set(curves):
        return False
    levels_only = {variable for variable, curve in curves.items() if curve.levels_only}
    return all(
        behind(fit.design.arms, {variable: x})[0] > 0
        for profile in (contrast.a, contrast.b)
        for variable, x in named_profile(profile, fit.design.dose_unit, fit.design.levels).items()
        if variable in levels_only
    )


def _row(fit: "Fit", contrast: ProfileContrast) -> dict[str, object]:
    a, b = (named_profile(profile, fit.design.dose_unit, fit.design.levels) for profile in (contrast.a, contrast.b))
    (trials_a, people_a), (trials_b, people_b) = behind(fit.design.arms, a), behind(fit.design.arms, b)
    return {
        "name": contrast.name,
        "a": _told(contrast.a),
        "b": _told(contrast.b),
        **quantiles(profile_effect(fit, a) - profile_effect(fit, b)),
        "trials_a": trials_a,
        "trials_b": trials_b,
        "participants_a": people_a,
        "participants_b": people_b,
    }
