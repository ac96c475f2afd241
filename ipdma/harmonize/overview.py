"""Harmonized trials on one screen: how many there are of what, and no participant's value."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ipdma._screen import cut, screen


def overview(tables: Mapping[str, pd.DataFrame], *, schema: str, issues: pd.DataFrame) -> str:
    """Return one line a trial: arms, participants, visits, instruments, and whether it is left out."""
    trials, people = tables["trials"], tables["participants"]
    head = f"Consortium: {len(trials)} trials, {len(people)} participants, {schema}"
    titles = f"{'trial':14} {'label':26} {'arms':>4} {'people':>6} {'visits':>6}  instruments"
    lines = [_line(row, tables) for _, row in trials.iterrows()]
    rows = ", ".join(f"{name} {len(table)}" for name, table in tables.items() if len(table))
    last = [f"rows: {rows}"]
    if len(issues):
        codes = ", ".join(f"{code} {count}" for code, count in issues["code"].value_counts().sort_index().items())
        last.append(f"issues: {codes} (see .issues)")
    return screen([head, titles, *lines], last=last, of="trials")


def _line(row: "pd.Series[Any]", tables: Mapping[str, pd.DataFrame]) -> str:
    trial = row["trial"]
    arms, people, visits = (int((tables[name]["trial"] == trial).sum()) for name in ("arms", "participants", "visits"))
    values = tables["assessments"]
    used = values.loc[values["trial"] == trial, "instrument"].dropna() if "instrument" in values else []
    why = next((str(row[key]) for key in ("exclude_why", "why_none") if key in row and _said(row[key])), "")
    told = ", ".join(dict.fromkeys(used)) if not why else f"left out: {why}"
    label = str(row["label"]) if "label" in row and _said(row["label"]) else ""
    return f"{cut(str(trial), 14):14} {cut(label, 26):26} {arms:4d} {people:6d} {visits:6d}  {told}".rstrip()


def _said(value: Any) -> bool:
    return not pd.isna(value) and str(value) != ""
