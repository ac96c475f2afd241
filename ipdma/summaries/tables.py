"""The summary as tidy tables: results/tables/*.csv."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ipdma.summaries.quantiles import QUANTITIES

_ENDS = ("from", "to")


def tables(summary: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return a table for each part of a summary that it holds, by name; the numbers are the summary's.

    effects (pooled_effect, new_trial_effect, tau by model), trial_effects, two_stage, flow, interactions, curves (one
    row a number of a curve), curve_points, contrasts, claim, curve_comparison, control_arm, guards (of curves and of
    interactions across trials), diagnostics. A cell is empty where a number is absent.

    Parameters
    ----------
    summary
        As :func:`ipdma.summaries.summary.summarize` returns it.
    """
    found = {
        "effects": _effects(summary),
        "trial_effects": [_flat(row) for row in summary["trial_effects"]],
        "two_stage": _intervals(summary.get("two_stage", {})),
        "flow": list(summary["flow"]),
        "interactions": _interactions(summary.get("interactions", ())),
        "curves": [row for i, curve in enumerate(summary.get("curves", ())) for row in _curve_numbers(i, curve)],
        "curve_points": [row for i, curve in enumerate(summary.get("curves", ())) for row in _points(i, curve)],
        "contrasts": [_flat(row) for row in summary.get("contrasts", ())],
        "claim": _claim(summary.get("claim", {})),
        "curve_comparison": list(summary.get("curve_comparison", {}).get("curves", ())),
        "control_arm": [row for line in summary.get("control_arm", ()) for row in _control_arm(line)],
        "guards": _guards(summary),
        "diagnostics": [{**row, "warnings": " ".join(row["warnings"])} for row in summary["diagnostics"]],
    }
    return {name: pd.DataFrame(rows) for name, rows in found.items() if rows}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Put the five numbers that stand nested in a row beside its other cells."""
    cells = {key: value for key, value in row.items() if not isinstance(value, Mapping)}
    for value in row.values():
        cells |= value if isinstance(value, Mapping) else {}
    return cells


def _effects(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = {"one_stage": summary, "bayes_two_stage": summary.get("bayes_two_stage", {})}
    return [
        {"model": model, "quantity": name, **part[name]}
        for model, part in parts.items()
        for name in ("pooled_effect", "new_trial_effect", "tau")
        if name in part
    ]


def _intervals(two_stage: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a quantity: its value, or the ends of an interval."""
    return [
        {"quantity": name, "low": value[0], "high": value[1]}
        if isinstance(value, list)
        else {"quantity": name, "value": value}
        for name, value in two_stage.items()
    ]


def _interactions(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    terms = ("within", "across", "difference")
    return [{"modifier": row["modifier"], "term": term, **row[term]} for row in rows for term in terms if term in row]


def _head(number: int, curve: Mapping[str, Any]) -> dict[str, Any]:
    return {"curve_number": number + 1, "variable": curve["variable"], "curve": curve["curve"], "role": curve["role"]}


def _curve_numbers(number: int, curve: Mapping[str, Any]) -> list[dict[str, Any]]:
    named = {name: curve[name] for name in ("effect_at_reference", "height", "prior_height", "n95") if name in curve}
    named |= curve.get("parameters", {})
    named |= {"move": curve["move"]["effect"]} if "move" in curve else {}
    told = curve.get("contraction", {})
    named |= {f"gain {step['from']:g} to {step['to']:g}": step["effect"] for step in curve.get("gains", ())}
    keys = {name: curve["variable"] if name == "move" else name for name in named}
    return [
        {
            **_head(number, curve),
            "quantity": name,
            **{q: five[q] for q in QUANTITIES},
            "contraction": told.get(keys[name]),
        }
        for name, five in named.items()
    ]


def _points(number: int, curve: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**_head(number, curve), **_flat(point)} for point in curve["points"]]


def _claim(claim: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row: the word, its sentence and numbers; the stretches and the interval as two cells each."""
    if not claim:
        return []
    ends = {"early": claim["early"], "late": claim["late"], "interval": claim["gate"]["interval"]}
    cells = {key: value for key, value in claim.items() if not isinstance(value, list | Mapping)}
    cells |= {f"{name}_{end}": value for name, pair in ends.items() for end, value in zip(_ENDS, pair, strict=True)}
    return [cells | {f"under_{row['priors']}": row["statement"] for row in claim.get("under_priors", ())}]


def _control_arm(line: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a trial, with the line's slope beside it."""
    slope = line["slope"]
    low, high = slope["ci"]
    beside = {"slope": slope["estimate"], "slope_se": slope["se"], "slope_low": low, "slope_high": high}
    return [{"variable": line["variable"], **row, **beside} for row in line["trial_points"]]


def _guards(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a term that compares trials; correlations in one cell."""
    curves = [(f"{row['curve']} over {row['variable']}", row) for row in summary.get("curves", ())]
    across = [(f"{row['modifier']} across trials", row) for row in summary.get("interactions", ())]
    return [
        {
            "term": term,
            **{key: value for key, value in row["guards"].items() if key != "correlations"},
            "correlations": "; ".join(f"{other['term']} {other['r']:.2f}" for other in row["guards"]["correlations"]),
        }
        for term, row in (*curves, *across)
        if "guards" in row
    ]
