"""The one claim that carries words: whether the effect levels off, of the first main curve.

Per draw, with the effect counted in its likelier direction (benefit or harm): gain per unit over an early stretch of
the main variable and over a late one. *Not rising*: the late gain is below a quarter of the early one, or the early one
is not above zero. P = P(not rising | the effect has its likelier sign). Landmarks, thresholds and the prior, under
which not rising is as likely as rising, are fixed before the data are seen; how often the words are wrong is counted in
``tests/recovery/claim_error_rates.txt``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ipdma.errors import PriorError
from ipdma.models.default_priors import resolve_priors
from ipdma.models.quadrature import prior_points
from ipdma.models.terms import terms_of
from ipdma.summaries.claim_words import CONTRADICTED, SUPPORTED, Wording, sentence
from ipdma.summaries.profile_effect import curve_values, main_effect
from ipdma.summaries.quantiles import draws_of

if TYPE_CHECKING:
    from ipdma.fit import Fit

Statement = Literal["no_effect", "supported", "contradicted", "cannot_tell", "cannot_answer"]
_PRIOR_POINTS = 20_000


@dataclass(frozen=True, kw_only=True)
class Levelled:
    """What the draws of a fit say of levelling off.

    Parameters
    ----------
    interval
        95 % interval of the effect at the reference.
    harm
        Whether the likelier sign of the effect is that of a harm.
    probability, mcse
        P(not rising | likelier sign), and its Monte Carlo SE.
    statement
        The word that follows.
    """

    interval: tuple[float, float]
    harm: bool
    probability: float
    mcse: float
    statement: Statement


def levelling_claim(fit: "Fit", under: "Mapping[str, Fit] | None" = None) -> dict[str, Any] | None:
    """Return the claim of a fit with its sentence; None where none was asked for or its curve carries no words.

    Parameters
    ----------
    fit
        Of a model with a main curve and landmarks of levelling.
    under
        The same model refitted under other priors, by what was done to them (``halved``, ``doubled``): if the word
        changes, the sentence says that it depends on the prior.

    Returns
    -------
    dict
        As ``claim`` in ``data_schemas/summary.schema.json``.
    """
    model, design = fit.analysis.model, fit.design
    if model.main is None or model.levelling is None or model.main.words == "none":
        return None
    told = levelled(fit)
    found: dict[str, Any] = {
        "claim": "levelling",
        "variable": model.main.variable,
        "curve": model.main.title,
        "early": list(model.levelling.early),
        "late": list(model.levelling.late),
        "statement": told.statement,
        "gate": {"interval": list(told.interval), "includes_zero": _includes_zero(told.interval)},
        "effect_is": "harm" if told.harm else "benefit",
    }
    if model.main.words == "claim":
        found |= _numbers(fit, told) | (_sensitivity(told, under) if under else {})
    wording = Wording(unit=design.units[model.main.variable], outcome_unit=design.unit, trials=len(design.trials))
    return {**found, "sentence": sentence(found, wording)}


def statement(*, includes_zero: bool, probability: float, mcse: float = 0.0, answers: bool = True) -> Statement:
    """Return the claim's word.

    Parameters
    ----------
    includes_zero
        Whether the 95 % interval of the effect at the reference includes zero.
    probability, mcse
        P(not rising | the effect has its likelier sign) and its Monte Carlo SE: within two of them of a threshold
        nothing is claimed.
    answers
        False for a curve that cannot level off.

    Examples
    --------
    >>> statement(includes_zero=False, probability=0.95, mcse=0.01)
    'supported'
    >>> statement(includes_zero=False, probability=0.95, mcse=0.03)
    'cannot_tell'
    """
    if includes_zero:
        return "no_effect"
    if not answers:
        return "cannot_answer"
    if min(abs(probability - SUPPORTED), abs(probability - CONTRADICTED)) < 2.0 * mcse:
        return "cannot_tell"
    if probability >= SUPPORTED:
        return "supported"
    return "contradicted" if probability <= CONTRADICTED else "cannot_tell"


def levelled(fit: "Fit") -> Levelled:
    """Return what the draws of a model with a main curve and landmarks of levelling say."""
    model, effect = fit.analysis.model, draws_of(fit, "effect")
    assert model.main is not None and model.levelling is not None
    below = float(np.mean(effect < 0.0)) >= 0.5
    sign = -1.0 if below else 1.0
    told = model.levelling.not_rising(lambda x: sign * main_effect(fit, np.array([x]))[0])
    probability, mcse = _share(told, sign * effect > 0.0, fit.posterior["effect"].shape)
    low, high = (float(x) for x in np.quantile(effect, [0.025, 0.975]))
    word = statement(
        includes_zero=_includes_zero((low, high)),
        probability=probability,
        mcse=mcse,
        answers=model.main.words == "claim",
    )
    harm = below == (fit.design.direction == "higher_is_better")
    return Levelled(interval=(low, high), harm=harm, probability=probability, mcse=mcse, statement=word)


def _includes_zero(interval: tuple[float, float]) -> bool:
    return interval[0] <= 0.0 <= interval[1]


def _share(told: np.ndarray, counted: np.ndarray, shape: tuple[int, ...]) -> tuple[float, float]:
    """Return the share of the counted draws that are told, and its Monte Carlo SE."""
    from ipdma.posterior import effective_size

    probability = float(told[counted].mean())
    # A ratio of two means; its error is that of the mean of this linearization (delta method).
    influence = counted * (told - probability) / counted.mean()
    size = effective_size(influence.reshape(shape))
    return probability, float(influence.std() / np.sqrt(size)) if np.isfinite(size) else 0.0


def _numbers(fit: "Fit", told: Levelled) -> dict[str, Any]:
    """Return probability before and after the data, its error, and the odds ratio or why there is none."""
    found: dict[str, Any] = {"posterior_probability": told.probability, "mcse": told.mcse}
    prior = prior_probability(fit)
    if prior is None:
        return found | {"odds_ratio_reason": "a prior of the curve's parameters is improper"}
    found["prior_probability"] = prior
    if prior in (0.0, 1.0):
        return found | {"odds_ratio_reason": "the priors settle it before any data"}
    if told.probability in (0.0, 1.0):
        draws = "no draw is" if told.probability == 0.0 else "all draws are"
        return found | {"odds_ratio_reason": f"{draws} not rising, so the odds are zero or infinite"}
    return found | {"odds_ratio": told.probability / (1.0 - told.probability) / (prior / (1.0 - prior))}


def prior_probability(fit: "Fit") -> float | None:
    """Return P(not rising) under the priors, given the sign of the effect; None where they are improper.

    The size of the effect does not matter, only the curve's own parameters do; they are spread evenly over their
    priors.
    """
    model, design = fit.analysis.model, fit.design
    term = terms_of(design, model)[0]
    assert model.levelling is not None and len(term.coefficients) == 1
    described = resolve_priors(design, model).described
    try:
        own = prior_points(described, list(term.parameters), _PRIOR_POINTS)
    except PriorError:
        return None
    size = {name: np.ones(_PRIOR_POINTS) for name in term.coefficients}
    sign = np.sign(curve_values(term, np.array([term.place.reference]), size, own)[0])
    return float(model.levelling.not_rising(lambda x: sign * curve_values(term, np.array([x]), size, own)[0]).mean())


def _sensitivity(stated: Levelled, under: "Mapping[str, Fit]") -> dict[str, Any]:
    found = {priors: levelled(refit) for priors, refit in under.items()}
    rows = [
        {"priors": priors, "statement": told.statement, "posterior_probability": told.probability}
        for priors, told in found.items()
    ]
    return {"prior_sensitive": any(told.statement != stated.statement for told in found.values()), "under_priors": rows}
