"""The pooled effect, the effect in a new trial, tau, and the probability of benefit."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipdma.models.mixture import NormalMixture
from ipdma.models.normal_normal import BayesTwoStage
from ipdma.schemas.scale import Direction
from ipdma.summaries.quantiles import QUANTITIES, Quantiles, draws_of, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit


def pooled_effect(fit: "Fit") -> pd.DataFrame:
    """Return the pooled effect, the effect in a new trial and tau of a one-stage fit.

    With a curve the effect is that at the reference profile. With one trial, or a common effect, there is no tau and
    no new trial.

    Returns
    -------
    DataFrame
        quantity (pooled_effect, new_trial_effect, tau), mean, sd, q2.5, median, q97.5; outcome units.
    """
    found: dict[str, Quantiles] = {"pooled_effect": quantiles(draws_of(fit, "effect"))}
    if "tau" in fit.posterior:
        found |= {"new_trial_effect": new_trial_effect(fit), "tau": quantiles(draws_of(fit, "tau"))}
    rows = [{"quantity": name, **values} for name, values in found.items()]
    return pd.DataFrame(rows, columns=["quantity", *QUANTITIES])


def new_trial_effect(fit: "Fit") -> Quantiles:
    """Return the effect expected in a new trial, Normal(effect, tau) mixed over the draws.

    The mixture's moments and quantiles are exact given the draws, so no random number adds noise to them.
    """
    effect, tau = draws_of(fit, "effect"), draws_of(fit, "tau")
    spread = np.maximum(tau, 1e-12 * max(1.0, float(np.abs(effect).max())))
    return NormalMixture(weight=np.full(len(tau), 1.0 / len(tau)), mean=effect, sd=spread).summary()


def benefit(fit: "Fit", *, direction: Direction, minimal_important_difference: float | None = None) -> dict[str, float]:
    """Return the probability that the pooled effect is a benefit, and that it exceeds the minimal important difference.

    Parameters
    ----------
    direction
        Whether a lower outcome (an effect below zero) or a higher one is better.
    minimal_important_difference
        In outcome units, its sign is ignored; without it ``beyond_mid`` is absent.
    """
    toward_benefit = _sign(direction) * draws_of(fit, "effect")
    found = {"beyond_zero": float(np.mean(toward_benefit > 0))}
    if minimal_important_difference is not None:
        found["beyond_mid"] = float(np.mean(toward_benefit > abs(minimal_important_difference)))
    return found


def benefit_two_stage(
    bayes: BayesTwoStage, *, direction: Direction, minimal_important_difference: float | None = None
) -> dict[str, float]:
    """Return the same of the Bayesian two-stage analysis, exactly."""
    sign = _sign(direction)

    def beyond(size: float) -> float:
        below = bayes.effect.below(sign * size)
        return below if sign < 0 else 1.0 - below

    found = {"beyond_zero": beyond(0.0)}
    if minimal_important_difference is not None:
        found["beyond_mid"] = beyond(abs(minimal_important_difference))
    return found


def _sign(direction: Direction) -> float:
    return -1.0 if direction == "higher_is_worse" else 1.0
