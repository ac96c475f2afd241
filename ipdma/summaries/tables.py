"""The summary as tidy tables: results/tables/*.csv."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ipdma.summaries.quantiles import QUANTITIES


def tables(summary: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return a table for each part of a summary that it holds, by name; the numbers are the summary's.

    effects (pooled_effect, new_trial_effect, tau by model), trial_effects, two_stage, flow, interactions, curves (one
    row a number of a curve), curve_points, contrasts, diagnostics. A cell is empty where a number is absent.

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
