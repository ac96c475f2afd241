"""What a one-stage model is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ipdma.curves.curve import MainCurve, ShiftCurve
from ipdma.curves.levelling import Levelling
from ipdma.design.design import Terms
from ipdma.errors import AnalysisError
from ipdma.priors.prior import Prior


@dataclass(frozen=True, kw_only=True)
class OneStage:
    """A Gaussian one-stage model with intercepts stratified by trial.

    ``OneStage()`` alone is the plain model, the headline. The effect of arm a in trial j is

        D(main variable) + shifts + across-trial terms + u_ja,   u_ja ~ Normal(0, tau)

    with D = effect * g for a curve that cannot cross zero, and D(reference) = effect for every curve,
    and interactions within trials act on covariates centred at their trial mean.

    Parameters
    ----------
    main
        Curve over the one main dosing variable; without it g = 1.
    shifts
        Curves that are zero at their reference.
    modifiers, prognostic_factors
        Names of participants columns (or ``baseline_severity``); each gets a prognostic slope, modifiers also an
        interaction within trials.
    residual_sd, baseline_slope, prognostic_slope
        ``"by_trial"`` (stratified) or ``"common"``.
    effect
        ``"random_effects"`` or ``"common_effect"`` (no tau).
    heterogeneity
        ``"constant"``: a trial's deviation is the same at every dose; ``"proportional"``: it is a deviation of
        ``effect`` and grows with the main curve, one for all arms of a trial.
    arm_correlation
        Correlation of the deviations of a trial's active arms (constant heterogeneity).
    interaction_across
        Whether interactions across trials are estimated too. Without them, no term of the plain model compares trials.
    levelling
        Landmarks between which a claim asks whether the effect levels off: the default priors of the main curve's
        parameters are then those under which it is as likely to level off as not.
    priors
        By name: effect, tau, the main curve's parameters (kappa, ratio, ed50), bend and bend[KNOT], trial_intercept,
        baseline_slope, residual_sd, curves.VAR, curves.VAR[level], curves.VAR[peak], within.M, across.M, prognostic.X;
        what is not named has its default.

    Raises
    ------
    AnalysisError
        If heterogeneity is proportional to a curve that can cross zero.

    Source: Riley, Tierney & Stewart 2021, chapters 6 and 7; Burke, Ensor & Riley 2017.

    Examples
    --------
    >>> OneStage(modifiers=("age_years",)).effect
    'random_effects'
    """

    main: MainCurve | None = None
    shifts: tuple[ShiftCurve, ...] = ()
    modifiers: tuple[str, ...] = ()
    prognostic_factors: tuple[str, ...] = ()
    residual_sd: Literal["by_trial", "common"] = "by_trial"
    baseline_slope: Literal["by_trial", "common"] = "by_trial"
    prognostic_slope: Literal["by_trial", "common"] = "by_trial"
    effect: Literal["random_effects", "common_effect"] = "random_effects"
    heterogeneity: Literal["constant", "proportional"] = "constant"
    arm_correlation: float = 0.5
    interaction_across: bool = False
    levelling: Levelling | None = None
    priors: Mapping[str, Prior] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse deviations in proportion to a curve that has no one size."""
        if self.heterogeneity == "proportional" and self.main is not None and self.main.additive:
            raise AnalysisError(
                f"heterogeneity: proportional needs a main curve that is a multiple of its effect; {self.main.name} "
                "can cross zero. Use heterogeneity: constant, or another curve."
            )

    @property
    def terms(self) -> Terms:
        """The columns a design must hold for this model."""
        return Terms(
            main=self.main.variable if self.main else None,
            shifts=tuple(curve.variable for curve in self.shifts),
            modifiers=tuple(self.modifiers),
            prognostic_factors=tuple(self.prognostic_factors),
            above_zero=tuple(curve.variable for curve in self.shifts if curve.above_zero),
            curves=tuple(c for c in self.shifts if not c.read_off and not c.parameters(1.0)),
            categorical=tuple(c.variable for c in (self.main, *self.shifts) if c is not None and c.levels_only),
        )
