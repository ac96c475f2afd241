"""Outcomes of simulated participants at each visit, before anybody is lost."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.schemas.scale import Scale
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.effects import arm_effects, main_curve
from ipdma.simulate.participants import modifier_values, to_percent, to_points
from ipdma.simulate.truth_file import Truth

Floats = NDArray[np.float64]


def arm_table(design: TrialDesign) -> pd.DataFrame:
    """Return a row an arm: trial, arm, active, number_of_doses, dose, timing_min (missing in control arms)."""
    rows = [(design.trial, a.arm, a.active, a.number_of_doses, a.dose, a.timing_min) for a in design.arms]
    table = pd.DataFrame(rows, columns=["trial", "arm", "active", "number_of_doses", "dose", "timing_min"])
    return table.astype({"number_of_doses": float, "dose": float, "timing_min": float})


def draw_outcomes(
    design: TrialDesign,
    people: pd.DataFrame,
    *,
    truth: Truth,
    scale: Scale,
    means: Mapping[str, float],
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return scores (participants x visits, in points) and the true effect of each arm.

    The effect is that of all planned doses at the mean of all modifiers, in percent of the maximum possible score.

    Parameters
    ----------
    means
        Mean of each modifier over the participants of all trials, from which ``across`` is counted.
    """
    arms = arm_table(design)
    arms["effect"] = arm_effects(truth.effect, arms, rng)
    row = arms.set_index("arm").loc[people["arm"]]
    b = to_percent(people["baseline"].to_numpy(dtype=np.int64), scale)
    deviation = b - b.mean()
    by_modifier, prognosis = _modifiers(people, truth, scale, means, rng)
    slope = rng.normal(truth.baseline_slope.mean, truth.baseline_slope.sd)
    change = rng.normal(truth.control_change.mean, truth.control_change.sd)
    residual = _residuals(len(people), len(design.visits), truth, rng)
    post = max(visit.week for visit in design.visits if visit.phase == "post")
    scores = {}
    for k, visit in enumerate(design.visits):
        if visit.phase == "baseline":
            scores[visit.visit] = people["baseline"].to_numpy(dtype=np.int64)
            continue
        course = b.mean() + change * min(visit.week / post, 1.0) + slope * deviation + prognosis
        effect = _effect_at(visit.doses_before, row, by_modifier, truth)
        scores[visit.visit] = to_points(course + effect + residual[:, k], scale)
    true = {str(name): float(value) for name, value in zip(arms["arm"], arms["effect"], strict=True)}
    return pd.DataFrame(scores), {name: true[name] for name in arms.loc[arms["active"], "arm"]}


def _effect_at(doses_before: float | None, row: pd.DataFrame, by_modifier: Floats, truth: Truth) -> Floats:
    """Return each participant's effect after so many doses of their arm (None: all)."""
    active = row["active"].to_numpy(dtype=bool)
    planned = row["number_of_doses"].to_numpy(dtype=float)[active]
    given = planned if doses_before is None else np.minimum(doses_before, planned)
    at_end = main_curve(truth.effect, planned)
    share = main_curve(truth.effect, given) / at_end
    # What is not the curve (deviation of the trial, dose, timing, modifiers) acts in proportion to the curve.
    rest = row["effect"].to_numpy(dtype=float)[active] - truth.effect.effect * at_end + by_modifier[active]
    out = np.zeros(len(row))
    out[active] = truth.effect.effect * main_curve(truth.effect, given) + share * rest
    return out


def _modifiers(
    people: pd.DataFrame, truth: Truth, scale: Scale, means: Mapping[str, float], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return what the modifiers change in each participant's drug effect, and in their outcome without the drug."""
    effect, prognosis = np.zeros(len(people)), np.zeros(len(people))
    for name, modifier in truth.modifiers.items():
        z = modifier_values(people, name, scale)
        deviation = z - z.mean()
        effect += modifier.within * deviation + modifier.across * (z.mean() - means[name])
        prognosis += rng.normal(modifier.prognostic.mean, modifier.prognostic.sd) * deviation
    return effect, prognosis


def _residuals(people: int, visits: int, truth: Truth, rng: np.random.Generator) -> Floats:
    sd = truth.residual_sd * np.exp(rng.normal(0, truth.residual_log_sd))
    rho = truth.visit_correlation
    shared, own = rng.normal(size=(people, 1)), rng.normal(size=(people, visits))
    return np.asarray(sd * (np.sqrt(rho) * shared + np.sqrt(1 - rho) * own), dtype=float)
