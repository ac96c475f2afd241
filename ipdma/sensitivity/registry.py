"""The sensitivity analyses by the names an analysis file uses. A new one: one file and one name here."""

from collections.abc import Iterable

from ipdma._yaml import did_you_mean
from ipdma.errors import AnalysisError
from ipdma.sensitivity.arm_correlation import ArmCorrelation
from ipdma.sensitivity.curve_priors import CurvePriors
from ipdma.sensitivity.effect_prior import EffectPrior
from ipdma.sensitivity.interaction_priors import InteractionPriors
from ipdma.sensitivity.leave_one_trial_out import LeaveOneTrialOut
from ipdma.sensitivity.one_curve import OneCurve
from ipdma.sensitivity.other_metric import OtherMetric
from ipdma.sensitivity.residual_sd import ResidualSd
from ipdma.sensitivity.sensitivity import Sensitivity
from ipdma.sensitivity.tau_prior import TauPrior

SENSITIVITY_ANALYSES: dict[str, type[Sensitivity]] = {
    kind.name: kind
    for kind in (
        LeaveOneTrialOut,
        TauPrior,
        EffectPrior,
        CurvePriors,
        InteractionPriors,
        ArmCorrelation,
        OneCurve,
        OtherMetric,
        ResidualSd,
    )
}


def named(names: Iterable[str], *, also: Iterable[str] = ()) -> list[Sensitivity]:
    """Return the sensitivity analyses of these names.

    Parameters
    ----------
    names
        Of built-in ones.
    also
        Further names that exist, for the message.

    Raises
    ------
    AnalysisError
        If a name is unknown.
    """
    found = []
    for name in names:
        if name not in SENSITIVITY_ANALYSES:
            known = [*SENSITIVITY_ANALYSES, *also]
            raise AnalysisError(
                f"there is no sensitivity analysis '{name}'{did_you_mean(name, known)}; 'ipdma sensitivity --list' "
                "shows them."
            )
        found.append(SENSITIVITY_ANALYSES[name]())
    return found
