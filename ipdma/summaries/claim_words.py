"""The sentence of the claim: fixed text around its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUPPORTED, CONTRADICTED = 0.90, 0.05  # P(not rising) from which levelling off is claimed, and up to which rising on
_WORDS = {
    "no_effect": "no effect to describe",
    "supported": "levels off or falls",
    "contradicted": "goes on growing",
    "cannot_tell": "cannot tell",
    "cannot_answer": "cannot answer",
}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What the sentence names beside the claim's numbers: units of variable and outcome, and the number of trials."""

    unit: str
    outcome_unit: str
    trials: int


def sentence(claim: Mapping[str, Any], wording: Wording) -> str:
    """Return the claim in words for a reader who knows no formula.

    Parameters
    ----------
    claim
        All parts of the claim but its sentence.
    wording
        Units and the number of trials.
    """
    word = claim["statement"]
    parts = [_said(claim, wording)]
    if word in ("supported", "contradicted", "cannot_tell"):
        parts.append(_measured(claim))
    return " ".join([*parts, *_priors(claim), f"Observational, {wording.trials} trials."])


def _said(claim: Mapping[str, Any], wording: Wording) -> str:
    low, high = claim["gate"]["interval"]
    late, harm = _stretch(claim["late"], claim, wording), claim["effect_is"]
    curve = claim["curve"].replace("_", " ")
    said = {
        "no_effect": f"The 95% interval of the effect at the reference, {low:.2f} to {high:.2f} "
        f"{wording.outcome_unit}, includes zero: there is no effect to describe, and whether it levels off is not a "
        "question these data answer.",
        "supported": f"From {late} the {harm} levels off or falls.",
        "contradicted": f"From {late} the {harm} goes on growing: these data speak against levelling off.",
        "cannot_tell": f"These data cannot tell whether the {harm} levels off or goes on growing from {late}.",
        "cannot_answer": f"A {curve} curve cannot level off, so it cannot answer whether the {harm} does.",
    }
    return said[claim["statement"]]


def _measured(claim: Mapping[str, Any]) -> str:
    """Return what was measured, how sure it is, and how sure it was before the data."""
    early, late = (f"{start:g} to {end:g}" for start, end in (claim["early"], claim["late"]))
    before = f"; {claim['prior_probability']:.2f} before the data" if "prior_probability" in claim else ""
    odds = f", odds ratio {claim['odds_ratio']:.2g}" if "odds_ratio" in claim else ""
    return (
        f"The probability that it grows from {late} by less than a quarter as much per unit as from {early}, or does "
        f"not grow at all, is {claim['posterior_probability']:.2f} (Monte Carlo error {claim['mcse']:.3f}"
        f"{before}{odds})."
    )


def _priors(claim: Mapping[str, Any]) -> list[str]:
    if not claim.get("prior_sensitive"):
        return []
    other = [row for row in claim["under_priors"] if row["statement"] != claim["statement"]]
    said = " and ".join(f"with {row['priors']} priors it reads '{_WORDS[row['statement']]}'" for row in other)
    return [f"This depends on the prior: {said}."]


def _stretch(ends: list[float], claim: Mapping[str, Any], wording: Wording) -> str:
    """Return ``9 to 12 (number of doses)``, or ``50 to 250 mg (dose)``."""
    start, end = ends
    name = claim["variable"].replace("_", " ")
    if wording.unit in ("", "1"):
        return f"{start:g} to {end:g} ({name})"
    return f"{start:g} to {end:g} {wording.unit} ({name.removesuffix(' ' + wording.unit)})"
