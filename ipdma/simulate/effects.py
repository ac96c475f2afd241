"""The true treatment effect of each arm, from its dosing profile and its trial's deviation.

Written apart from ``ipdma.curves`` and ``ipdma.models`` on purpose: simulated data check the model, so the two must not
share a mistake. A test holds both to the same curve values.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Heterogeneity = Literal["constant", "proportional"]
_CORNER = 0.5  # doses over which the plateau's corner is rounded


@dataclass(frozen=True, kw_only=True)
class TrueEffect:
    """What the drug does, in outcome units (negative is benefit where higher is worse).

    Parameters
    ----------
    effect, tau
        Effect at the reference profile, and the SD of the arms' deviations between trials.
    kappa
        Number of doses after which the effect no longer grows; None: it grows in proportion to the number of doses.
    heterogeneity
        ``"constant"``: a trial deviates alike at every number of doses; ``"proportional"``: in proportion to the curve.
    arm_correlation
        Correlation of the deviations of two active arms of a trial.
    reference_doses, reference_dose
        Number of doses, and dose, of the reference profile; the reference timing is ``timing_at``.
    dose_move, dose_effect
        Raising the dose from the first to the second value changes the effect by ``dose_effect``, linearly in its log.
    timing_at, timing_move, timing_effect
        Up to ``timing_at`` minutes before the session timing makes no difference; beyond, it does linearly, so that
        the move from the first to the second value changes the effect by ``timing_effect``.

    Examples
    --------
    >>> profile = pd.DataFrame({"number_of_doses": [5.0], "dose": [50.0], "timing_min": [60.0]})
    >>> float(mean_effect(TrueEffect(effect=-4.5, tau=0.0, kappa=9.0), profile)[0])
    -4.5
    """

    effect: float
    tau: float
    kappa: float | None = None
    heterogeneity: Heterogeneity = "constant"
    arm_correlation: float = 0.5
    reference_doses: float = 5.0
    reference_dose: float = 50.0
    dose_move: tuple[float, float] = (50.0, 250.0)
    dose_effect: float = 0.0
    timing_at: float = 60.0
    timing_move: tuple[float, float] = (60.0, 120.0)
    timing_effect: float = 0.0


def plateau(number_of_doses: Floats, *, kappa: float) -> Floats:
    """Return h(n): rises by about one a dose up to ``kappa`` and then stays, exactly 0 at 0, its corner rounded."""
    n = np.asarray(number_of_doses, dtype=float)
    rounded = np.sqrt(kappa**2 + _CORNER**2) - np.sqrt((n - kappa) ** 2 + _CORNER**2)
    return np.asarray((n + rounded) / 2, dtype=float)


def main_curve(truth: TrueEffect, number_of_doses: Floats) -> Floats:
    """Return g(n): 0 without a dose and 1 at the reference number of doses."""
    reference = truth.reference_doses
    if truth.kappa is None:
        return np.asarray(number_of_doses, dtype=float) / reference
    h = plateau(np.append(np.asarray(number_of_doses, dtype=float), reference), kappa=truth.kappa)
    return np.asarray(h[:-1] / h[-1], dtype=float)


def shifts(truth: TrueEffect, profiles: pd.DataFrame) -> Floats:
    """Return what dose and timing add to the effect, 0 at the reference profile."""
    dose, timing = (profiles[name].to_numpy(dtype=float) for name in ("dose", "timing_min"))
    low, high = truth.dose_move
    by_dose = truth.dose_effect * np.log(dose / truth.reference_dose) / np.log(high / low)
    late = [max(x - truth.timing_at, 0.0) for x in truth.timing_move]
    by_timing = truth.timing_effect * np.maximum(timing - truth.timing_at, 0.0) / (late[1] - late[0])
    return np.asarray(by_dose + by_timing, dtype=float)


def mean_effect(truth: TrueEffect, profiles: pd.DataFrame) -> Floats:
    """Return the mean effect over trials at each profile (columns number_of_doses, dose, timing_min), at its end."""
    doses = profiles["number_of_doses"].to_numpy(dtype=float)
    return truth.effect * main_curve(truth, doses) + shifts(truth, profiles)


def arm_effects(truth: TrueEffect, arms: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Return the effect of each arm: 0 in control arms, else the mean at its profile plus its trial's deviation.

    Parameters
    ----------
    truth, arms
        The truth, and a row an arm: trial, active, number_of_doses, dose, timing_min (missing in control arms).
    rng
        Source of the deviations: one normal number a trial and one an arm.
    """
    active = arms["active"].to_numpy(dtype=bool)
    codes = pd.factorize(arms["trial"])[0]
    shared, own = rng.normal(size=codes.max() + 1)[codes], rng.normal(size=len(arms))
    rho = truth.arm_correlation
    deviation = truth.tau * (np.sqrt(rho) * shared + np.sqrt(1 - rho) * own)
    out = np.zeros(len(arms))
    treated = arms.loc[active]
    if truth.heterogeneity == "proportional":
        deviation[active] *= main_curve(truth, treated["number_of_doses"].to_numpy(dtype=float))
    out[active] = mean_effect(truth, treated) + deviation[active]
    return out
