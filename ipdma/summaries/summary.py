"""Every number of a report in one mapping: results/summary.json."""

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from ipdma.design.design import Design
from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.model_lines import curves_in_words
from ipdma.models.terms import terms_of
from ipdma.models.two_stage import TwoStageFit
from ipdma.summaries.availability_rows import availability_rows
from ipdma.summaries.consortium_rows import consortium_rows
from ipdma.summaries.curve_entries import curve_parts
from ipdma.summaries.flow import flow
from ipdma.summaries.guards import across_guards
from ipdma.summaries.interactions import interactions
from ipdma.summaries.pooled_effect import benefit, benefit_two_stage, pooled_effect
from ipdma.summaries.quantiles import QUANTITIES, nested, records
from ipdma.summaries.tau_density import tau_density, tau_density_two_stage
from ipdma.summaries.trial_effects import trial_effects, trial_effects_two_stage

if TYPE_CHECKING:
    from ipdma.fit import Fit

_TWO_STAGE = ("estimate", "se", "ci_wald", "ci_hartung_knapp", "prediction", "tau2", "tau2_ci", "i2", "q", "df")


def summarize(
    *,
    plain: "Fit | None" = None,
    beside: "Sequence[Fit]" = (),
    claim_under: "Mapping[str, Fit] | None" = None,
    two_stage: TwoStageFit | None = None,
    estimand: Estimand | None = None,
    design: Design | None = None,
    consortium: Consortium | None = None,
    title: str = "",
    seconds: Mapping[str, float] | None = None,
    simulated: bool = False,
    truth: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the summary of an analysis, in the form of ``data_schemas/summary.schema.json``.

    Parameters
    ----------
    plain
        The one-stage fit without curves: the headline. Absent in a two-stage analysis.
    beside
        The fits that stand beside it: with interactions across trials, with curves.
    claim_under
        The fit that carries the claim under other priors, as :func:`ipdma.summaries.claim_refits.claim_refits` gives.
    two_stage
        The two-stage analysis; alone for given estimates.
    estimand, design
        Taken from ``plain`` where it is there; else ``estimand`` is needed, and ``design`` where there are
        participants.
    consortium
        Taken from ``plain`` where it is there; else without it nothing is said of the trials beyond their estimates.
    title, seconds, simulated, truth, notes
        Said as they are.

    Returns
    -------
    dict
        Plain dicts, lists, strings, ints and floats. What is not estimable is absent: no None, NaN or infinity.

    Raises
    ------
    DesignError
        If there is nothing to summarize, or given estimates come without unit or direction.
    """
    if plain is not None:
        estimand, design, consortium = plain.analysis.estimand, plain.design, plain.analysis.consortium
    if estimand is None or (plain is None and two_stage is None):
        raise DesignError("there is nothing to summarize: give a one-stage fit, or a two-stage one and its estimand.")
    heading = _heading(estimand, design)
    found: dict[str, Any] = {"summary": 1, "title": title, "ipdma": version("ipdma"), "simulated": simulated}
    found |= _sizes(design, two_stage) | heading
    found |= _effects(plain, two_stage, estimand, heading["direction"])
    found |= {"tau_density": density} if (density := _tau_density(plain, two_stage, design)) else {}
    found["flow"] = [] if design is None else records(flow(design))
    if consortium is not None:
        found["consortium"] = consortium_rows(consortium, estimand, design)
        found["availability"] = availability_rows(consortium)
    found |= _interactions(plain, beside) | curve_parts(beside, claim_under)
    fits = [fit for fit in (plain, *beside) if fit is not None]
    found["diagnostics"] = [_diagnostics(fit) for fit in fits]
    first = design.notes if design is not None else ()  # who is left out stands before any number
    found["notes"] = [*first, *trial_level_terms(beside), *notes, *_notes(two_stage, estimand, found)]
    found["seconds"] = dict(seconds or {})
    found |= {"truth": dict(truth)} if truth else {}
    return dict(_estimable(found))


def _heading(estimand: Estimand, design: Design | None) -> dict[str, Any]:
    """What is estimated, on which scale."""
    found: dict[str, Any] = {
        "outcome": estimand.outcome,
        "visit": estimand.visit,
        "contrast": {"treatment": estimand.treatment, "control": estimand.control},
        "interval": "95% equal-tailed",
    }
    if design is not None:
        scale = {"metric": design.metric, "unit": design.unit, "direction": design.direction}
        return {**found, **scale, "baseline_sd": float(design.baseline_sd)}
    if estimand.direction is None or not estimand.unit:
        raise DesignError(
            "given estimates have no scale file that says their unit and direction. "
            "Write outcome.unit and outcome.direction (higher_is_worse or higher_is_better)."
        )
    # Percent of maximum possible is computed from scores; estimates stand in the unit they were given in.
    metric = "raw" if estimand.metric == "pomp" else estimand.metric
    return {**found, "metric": metric, "unit": estimand.unit, "direction": estimand.direction}


def _sizes(design: Design | None, two_stage: TwoStageFit | None) -> dict[str, int]:
    if design is not None:
        counts = flow(design)
        return {
            "trials": len(design.trials),
            "participants": int(counts["randomized"].sum()),
            "participants_analyzed": len(design.rows),
        }
    assert two_stage is not None
    given = two_stage.estimates["n"]
    known = {} if given.isna().any() else {"participants": int(given.sum()), "participants_analyzed": int(given.sum())}
    return {"trials": len(two_stage.estimates), **known}


def _effects(plain: "Fit | None", two_stage: TwoStageFit | None, estimand: Estimand, direction: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    limits = {"direction": direction, "minimal_important_difference": estimand.minimal_important_difference}
    if plain is not None:
        found |= {row["quantity"]: nested(row) for _, row in pooled_effect(plain).iterrows()}
        found["benefit"] = benefit(plain, **limits)
        found["trial_effects"] = _trial_rows(trial_effects(plain))
    if two_stage is not None:
        bayes = two_stage.bayes
        found["two_stage"] = {name: getattr(two_stage.reml, name) for name in _TWO_STAGE}
        parts = {"pooled_effect": bayes.pooled_effect, "tau": bayes.tau, "new_trial_effect": bayes.new_trial_effect}
        found["bayes_two_stage"] = {name: nested(part) for name, part in parts.items() if part is not None}
        if plain is None:
            found["benefit"] = benefit_two_stage(bayes, **limits)
            found["trial_effects"] = _trial_rows(trial_effects_two_stage(two_stage))
    return found


def _tau_density(plain: "Fit | None", two_stage: TwoStageFit | None, design: Design | None) -> dict[str, list[float]]:
    """Return the densities of the headline's tau."""
    if plain is not None:
        return tau_density(plain)
    assert two_stage is not None
    return tau_density_two_stage(two_stage, baseline_sd=1.0 if design is None else design.baseline_sd)


def _trial_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in records(table):
        shrunken = {name: row.pop(name) for name in QUANTITIES}
        n = row.pop("n")
        rows.append({**row, "shrunken": shrunken} | ({} if pd.isna(n) else {"n": int(n)}))
    return rows


def _interactions(plain: "Fit | None", beside: "Sequence[Fit]") -> dict[str, Any]:
    """Within trials from the plain model, across and their difference from the first fit that has both."""
    if plain is None:
        return {}
    terms = interactions(plain)
    across = next((fit for fit in beside if _has_across(fit)), None)
    if across is not None:
        more = interactions(across)
        terms = pd.concat([terms, more[more["term"] != "within"]])
    rows = []
    for name, group in terms.groupby("modifier", sort=False):
        unit = plain.design.modifier_units.get(str(name))
        row: dict[str, Any] = {"modifier": name} | ({"unit": unit} if unit else {})
        row |= {r["term"]: nested(r) for _, r in group.iterrows()}
        guards = {"guards": across_guards(across, str(name))} if across is not None and "across" in row else {}
        rows.append(row | guards)
    return {"interactions": rows} if rows else {}


def _diagnostics(fit: "Fit") -> dict[str, Any]:
    d = fit.diagnostics
    return {
        "model": model_name(fit),
        "rhat_max": float(d.rhat_max),
        "ess_bulk_min": float(d.ess_bulk_min),
        "ess_tail_min": float(d.ess_tail_min),
        "divergences": int(d.divergences),
        "warnings": list(d.warnings),
    }


def model_name(fit: "Fit") -> str:
    """Return what tables call the model: ``plain``, or its curves (``plateau over number_of_doses``)."""
    curves = curves_in_words(fit.analysis.model) or "plain"
    return f"{curves} with interactions across trials" if _has_across(fit) else curves


def _has_across(fit: "Fit") -> bool:
    return "interaction_across" in fit.posterior


def trial_level_terms(beside: "Sequence[Fit]") -> list[str]:
    """Return a warning for each model in which more than one term for five trials compares trials with each other."""
    notes = []
    for fit in beside:
        curves = [term for term in terms_of(fit.design, fit.analysis.model) if term.curve is not None]
        terms = sum(len(term.coefficients) for term in curves)
        terms += fit.posterior["interaction_across"].shape[-1] if _has_across(fit) else 0
        trials = len(fit.design.trials)
        if terms > trials / 5:
            notes.append(
                f"The model '{model_name(fit)}' has {terms} term(s) that compare trials, and {trials} trials: more "
                "than one for five trials. It describes these trials and explains little."
            )
    return notes


def _notes(two_stage: TwoStageFit | None, estimand: Estimand, found: Mapping[str, Any]) -> list[str]:
    notes = []
    if two_stage is not None and two_stage.left_out:
        notes.append(
            f"The two-stage analysis leaves out {', '.join(two_stage.left_out)}: too few participants in an arm for an "
            "estimate of its own."
        )
    told = {row["name"] for row in found.get("contrasts", ())}
    lost = [contrast.name for contrast in estimand.contrasts if contrast.name not in told]
    if lost:
        notes.append(f"Not estimated, as no curve runs over a variable it names: contrast {', '.join(lost)}.")
    return notes


def _estimable(node: Any) -> Any:
    """Leave out what is None or not finite, and five numbers of which one is; numpy scalars become plain."""
    if isinstance(node, Mapping):
        kept = {str(key): _estimable(value) for key, value in node.items()}
        kept = {key: value for key, value in kept.items() if value is not None}
        return None if "q2.5" in node and len(kept) < len(node) else kept
    if isinstance(node, list | tuple):
        kept_items = [_estimable(value) for value in node]
        return None if any(item is None for item in kept_items) else kept_items
    if node is None or isinstance(node, str | bool):
        return node
    if isinstance(node, int) or hasattr(node, "dtype") and node.dtype.kind in "iub":
        return int(node)
    return float(node) if math.isfinite(node) else None
