"""What a two-stage analysis assumes, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ipdma.errors import AnalysisError, PriorError
from ipdma.priors.prior import Flat, HalfNormal, LogFlat, Normal, Prior, Sd

Adjustment = Literal["ancova", "final", "change"]
DEFAULT_PRIORS: Mapping[str, Prior] = {"effect": Normal(0.0, Sd(1.0)), "tau": HalfNormal(Sd(0.5))}


@dataclass(frozen=True, kw_only=True)
class TwoStage:
    """Each trial's effect by least squares first, then their pooling by REML and by exact Bayesian integration.

    Parameters
    ----------
    adjustment
        ``"ancova"``: outcome on arm and baseline in each trial; ``"final"``: outcome on arm; ``"change"``: outcome
        minus baseline on arm.
    priors
        Priors of ``effect`` (normal or flat) and ``tau`` that replace the defaults, Normal(0, s) and
        HalfNormal(0.5 s), s being the pooled baseline SD of the analysis (Roever 2021).

    Raises
    ------
    AnalysisError
        If the adjustment or a prior's name is unknown.
    PriorError
        If the prior of the effect is not normal or flat, or that of tau has no density above zero that can be
        normalized.

    Examples
    --------
    >>> TwoStage(adjustment="final").prior("tau")
    HalfNormal(sd=Sd(times=0.5))
    """

    adjustment: Adjustment = "ancova"
    priors: Mapping[str, Prior] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.adjustment not in get_args(Adjustment):
            known = ", ".join(get_args(Adjustment))
            raise AnalysisError(f"adjustment {self.adjustment!r} is unknown. Known: {known}.")
        unknown = [name for name in self.priors if name not in DEFAULT_PRIORS]
        if unknown:
            raise AnalysisError(
                f"a two-stage analysis has no parameter {unknown[0]!r} to give a prior to. It has: effect, tau."
            )
        check_effect_prior(self.prior("effect"))
        check_tau_prior(self.prior("tau"))

    def prior(self, name: str) -> Prior:
        """Return the prior of ``effect`` or ``tau``, the given one or the default."""
        return self.priors.get(name, DEFAULT_PRIORS[name])


def check_effect_prior(prior: Prior) -> None:
    """Refuse a prior under which the pooled effect given tau is not normal.

    Raises
    ------
    PriorError
        If it is neither normal nor flat.
    """
    if not isinstance(prior, Normal | Flat):
        raise PriorError(f"the prior of the two-stage effect must be normal or flat; {prior} is neither.")


def check_tau_prior(prior: Prior) -> None:
    """Refuse a prior that makes no sense for a standard deviation.

    Raises
    ------
    PriorError
        If it reaches below zero, or is flat in the logarithm: the likelihood does not vanish at tau = 0, so that
        such a posterior puts all its mass at zero whatever the data.
    """
    if isinstance(prior, LogFlat):
        raise PriorError("log_flat on tau has no proper posterior (all mass at zero). Use half_normal or half_cauchy.")
    below = prior.numbers(1.0)[0] < 0 if prior.kind == "uniform" else not (prior.positive or isinstance(prior, Flat))
    if below:
        raise PriorError(f"the prior {prior} of tau reaches below zero. Use half_normal, half_cauchy or uniform.")
