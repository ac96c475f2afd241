"""The consortium table: what is known of each trial, whether it is analyzed, and why not where it is not."""

from collections.abc import Iterator
from typing import Any, Literal

import pandas as pd

from ipdma.design.design import Design
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium

Status = Literal["analyzed", "excluded", "no_individual_data", "estimate_only", "none_analyzed"]
_PUBLISHED = ("year", "doi", "group", "n_randomized")
_PROFILE = ("number_of_doses", "dose", "dose_unit", "timing_min")


def consortium_rows(consortium: Consortium, estimand: Estimand, design: Design | None = None) -> list[dict[str, Any]]:
    """Return a row for each trial of the trials table, in its order.

    Parameters
    ----------
    consortium, estimand
        The trials, and the treatment whose arms are told.
    design
        Absent where given estimates are pooled.

    Returns
    -------
    list of dict
        trial, label, status (analyzed, excluded, no_individual_data, estimate_only, none_analyzed) and why; where
        known year, doi, group, n_randomized (as published), randomized and analyzed (participants in the data),
        instrument, arms (of the treatment, each with its planned profile and its participants in the data), rob
        (judgment by domain).
    """
    return [_row(row, consortium, estimand, design) for _, row in consortium.tables["trials"].iterrows()]


def _row(row: "pd.Series", consortium: Consortium, estimand: Estimand, design: Design | None) -> dict[str, Any]:
    trial = str(row["trial"])
    found: dict[str, Any] = {"trial": trial, "label": _known(row, "label") or trial}
    found["status"], why = _status(row, trial, consortium, design)
    found |= {"why": why} if why else {}
    found |= {name: value for name in _PUBLISHED if (value := _known(row, name)) is not None}
    found |= _counts(trial, design)
    if design is not None and trial in design.instruments:
        code = design.instruments[trial]
        found["instrument"] = consortium.scales[code].name if code in consortium.scales else code
    arms = list(_arms(trial, consortium, estimand))
    judged = {str(name): str(row[name]) for name in row.index if str(name).startswith("rob_") and pd.notna(row[name])}
    return found | ({"arms": arms} if arms else {}) | ({"rob": judged} if judged else {})


def _status(row: "pd.Series", trial: str, consortium: Consortium, design: Design | None) -> tuple[Status, str]:
    if _known(row, "exclude_why"):
        return "excluded", str(row["exclude_why"])
    people, estimates = (_has(consortium, name, trial) for name in ("participants", "estimates"))
    if not (people or estimates):
        return "no_individual_data", str(_known(row, "why_none") or "")
    if design is None or trial in design.trials:
        return "analyzed", ""
    return ("none_analyzed", "") if people else ("estimate_only", "")


def _has(consortium: Consortium, table: str, trial: str) -> bool:
    return bool((consortium.tables[table]["trial"] == trial).any())


def _counts(trial: str, design: Design | None) -> dict[str, int]:
    if design is None:
        return {}
    own = design.flow[design.flow["trial"] == trial]
    return {name: int(own[name].iloc[0]) for name in ("randomized", "analyzed") if len(own)}


def _arms(trial: str, consortium: Consortium, estimand: Estimand) -> Iterator[dict[str, Any]]:
    arms, people = consortium.tables["arms"], consortium.tables["participants"]
    here = arms[(arms["trial"] == trial) & (arms["treatment"] == estimand.treatment).fillna(False)]
    for _, arm in here.iterrows():
        told = {name: value for name in _PROFILE if (value := _known(arm, name)) is not None}
        own = (people["trial"] == trial) & (people["arm"] == arm["arm"]).fillna(False)
        yield {"arm": str(arm["arm"]), "participants": int(own.sum()), **told}


def _known(row: "pd.Series", name: str) -> Any:
    """What a cell holds as a plain value; None where the column is absent or the cell empty."""
    if name not in row.index or pd.isna(row[name]) or row[name] == "":
        return None
    value = row[name]
    return value.item() if hasattr(value, "item") else value
