"""Sensitivity analyses: each a name and the analyses it puts beside the stated one, refitted without recompiling."""

from ipdma._front import front_door

front_door(
    __name__,
    {
        "run": "ipdma.sensitivity.run",
        "Checks": "ipdma.sensitivity.checks",
        "Sensitivity": "ipdma.sensitivity.sensitivity",
        "SENSITIVITY_ANALYSES": "ipdma.sensitivity.registry",
        "LeaveOneTrialOut": "ipdma.sensitivity.leave_one_trial_out",
        "TauPrior": "ipdma.sensitivity.tau_prior",
        "EffectPrior": "ipdma.sensitivity.effect_prior",
        "CurvePriors": "ipdma.sensitivity.curve_priors",
        "InteractionPriors": "ipdma.sensitivity.interaction_priors",
        "ArmCorrelation": "ipdma.sensitivity.arm_correlation",
        "OneCurve": "ipdma.sensitivity.one_curve",
        "OtherMetric": "ipdma.sensitivity.other_metric",
        "ResidualSd": "ipdma.sensitivity.residual_sd",
        "Patch": "ipdma.sensitivity.patch",
    },
)
