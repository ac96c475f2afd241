"""The tables that figures draw, taken out of a summary."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ipdma.curves.curve import stated
from ipdma.report.words import column_words, modifier_words, sentence_case, spaced

_ESTIMATE = ("mean", "sd", "q2.5", "median", "q97.5")
# Without these no trial is harmonized at all, so a map of them says nothing.
_ALWAYS = {
    ("arms", "arm"), ("arms", "treatment"), ("arms", "dose_unit"), ("visits", "visit"), ("visits", "phase"),
    ("participants", "arm"),
}  # fmt: skip
_TERMS = ("within", "across", "difference")


def trial_table(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a trial: ``trial, label, group, n, raw, raw_se, mean, sd, q2.5, median, q97.5, weight``."""
    groups = {row["trial"]: row.get("group") for row in summary.get("consortium", ())}
    rows = [{**_flat(row, "shrunken"), "group": groups.get(row["trial"])} for row in summary["trial_effects"]]
    return pd.DataFrame(rows, columns=["trial", "label", "group", "n", "raw", "raw_se", *_ESTIMATE, "weight"])


def curve_table(curve: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a point: ``x, label, mean, sd, q2.5, median, q97.5, q25, q75, trials, participants``."""
    rows = [_flat(point, "effect") for point in curve["points"]]
    return pd.DataFrame(rows, columns=["x", "label", *_ESTIMATE, "q25", "q75", "trials", "participants"])


def curves_of(summary: Mapping[str, Any], variable: str) -> list[Mapping[str, Any]]:
    """Return the curves over one variable that have points, in the order of the summary."""
    return [item for item in summary.get("curves", ()) if item["variable"] == variable and item["points"]]


def beside_table(curves: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the points of several curves, with the words for each in ``curve``."""
    return pd.concat(
        [curve_table(item).assign(curve=curve_words(item, curves), joined=not has_levels(item)) for item in curves]
    )


def curve_words(item: Mapping[str, Any], among: Sequence[Mapping[str, Any]]) -> str:
    """Return the name of a curve in words, with what is stated of it where another of that name has the variable."""
    name = str(item["curve"]).replace("_", "-")
    same = [other for other in among if (other["variable"], other["curve"]) == (item["variable"], item["curve"])]
    settings = stated(item.get("settings", {})) if len(same) > 1 else ""
    return f"{name} ({settings})" if settings else name


def has_levels(curve: Mapping[str, Any]) -> bool:
    """Return whether a curve holds an effect for each value and no shape between them."""
    return curve["curve"] == "categorical" or any("label" in point for point in curve["points"])


def control_tables(item: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the line (``x, estimate, low, high``) and the trials (``x, change, se, participants``) of control arms."""
    line = [{"x": p["x"], "estimate": p["estimate"], "low": p["ci"][0], "high": p["ci"][1]} for p in item["points"]]
    trials = pd.DataFrame(item["trial_points"], columns=["trial", "label", "x", "change", "se", "participants"])
    return pd.DataFrame(line, columns=["x", "estimate", "low", "high"]), trials


def interaction_table(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a term: ``modifier, term, unit, mean, sd, q2.5, median, q97.5``."""
    rows = []
    for item in summary.get("interactions", ()):
        name, step = modifier_words(item["modifier"], item.get("unit", ""))
        rows += [
            {"modifier": name, "term": term, "unit": step or None, **item[term]} for term in _TERMS if term in item
        ]
    return pd.DataFrame(rows, columns=["modifier", "term", "unit", *_ESTIMATE])


def status_table(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row a cell of the trial-by-variable map: ``variable, trial, status``; ``trial`` is the label."""
    labels = {row["trial"]: row["label"] for row in summary.get("consortium", ())}
    several = {label for label in labels.values() if list(labels.values()).count(label) > 1}
    labels = {trial: f"{label} ({trial})" if label in several else label for trial, label in labels.items()}
    rows = [row for row in summary.get("availability", ()) if (row["table"], row["column"]) not in _ALWAYS]
    known = {trial for row in rows for trial in row["trials"]}
    order = [trial for trial in labels if trial in known] + sorted(known - set(labels))
    cells = [
        {
            "variable": f"{spaced(row['table'])}: {_variable(row)}",
            "trial": labels.get(trial, trial),
            "status": row["trials"].get(trial, "undetermined"),
        }
        for row in rows
        for trial in order
    ]
    return pd.DataFrame(cells, columns=["variable", "trial", "status"])


def _variable(row: Mapping[str, Any]) -> str:
    """A column in words; the scores of assessments keep their codes."""
    return str(row["column"]) if row["table"] == "assessments" else column_words(row["column"])


def specification_table(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return the pooled effect of each sensitivity analysis: ``family, label, mean, sd, q2.5, median, q97.5``."""
    rows = [
        {**row, "family": sentence_case(spaced(row["family"]))}
        for row in summary.get("sensitivity", ())
        if row.get("quantity", "pooled_effect") == "pooled_effect" and "mean" in row
    ]
    return pd.DataFrame(rows, columns=["family", "label", *_ESTIMATE])


def claim_rows(summary: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """Return the sensitivity analyses of the model that carries the claim, by their place."""
    rows = enumerate(summary.get("sensitivity", ()))
    return {i: row for i, row in rows if "claim_probability" in row and carries_claim(summary, row["model"])}


def carries_claim(summary: Mapping[str, Any], model: str) -> bool:
    """Return whether a model of this name is the one whose main curve carries the claim."""
    claim = summary.get("claim", {})
    return f"{model},".startswith(f"{claim.get('curve')} over {claim.get('variable')},")


def claim_table(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return the claim under each sensitivity analysis of its model: ``family, label, probability, statement``."""
    rows = [
        {
            "family": sentence_case(spaced(row["family"])),
            "label": row["label"],
            "probability": row["claim_probability"],
            "statement": spaced(row["claim"]),
        }
        for row in claim_rows(summary).values()
    ]
    return pd.DataFrame(rows, columns=["family", "label", "probability", "statement"])


def _flat(row: Mapping[str, Any], nested: str) -> dict[str, Any]:
    return {**{key: value for key, value in row.items() if key != nested}, **row.get(nested, {})}
