"""The trial-by-variable table: what each trial can give, and why where it cannot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ipdma.harmonize.piece import VariableStatus
from ipdma.schemas.tables import Table

_RANK = {"undetermined": 0, "impossible": 1, "partial": 2, "complete": 3}
_COLUMNS = ("table", "column", "trial", "status", "why")
_KEYS = ("trial", "participant_id")


def availability(
    said: Iterable[tuple[Sequence[str], VariableStatus]], schema: Mapping[str, Table], trials: Sequence[str]
) -> pd.DataFrame:
    """Return table, column, trial, status and why.

    Where several lines of a recipe fill a variable the best status holds, but what one of them cannot give makes it
    partial. A variable that some trial fills, or that the schema expects of participants, is ``undetermined`` in a
    trial whose recipe does not mention it.

    Parameters
    ----------
    said
        Trials and what a recipe says of a variable in them.
    trials
        The trials that have recipes.
    """
    found: dict[tuple[str, str, str], VariableStatus] = {}
    for names, status in said:
        for trial in names:
            key = (status.table, status.column, trial)
            found[key] = status if key not in found else _both(found[key], status)
    variables = dict.fromkeys((table, column) for table, column, _ in found if _is_shown(table, column, schema))
    people = {trial for table, _, trial in found if table == "participants"}
    if people:
        expected = [name for name, column in schema["participants"].columns.items() if column.core == "expected"]
        variables |= dict.fromkeys(("participants", name) for name in expected)
    rows = [
        (table, column, trial, *_status(found.get((table, column, trial))))
        for table, column in variables
        for trial in trials
    ]
    rows += [(*key, *_status(status)) for key, status in found.items() if key[0] not in schema]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype="string")
    return frame.mask(frame == "", pd.NA)


def _both(one: VariableStatus, other: VariableStatus) -> VariableStatus:
    """Return what two lines say of a variable: of some participants it may be had, of others not."""
    better, worse = sorted((one, other), key=lambda status: _RANK[status.status], reverse=True)
    if worse.status in ("partial", "impossible") and better.status == "complete":
        return replace(better, status="partial", why=worse.why)
    return better


def availability_matrix(status: pd.DataFrame, tables: Sequence[str], trials: Sequence[str]) -> pd.DataFrame:
    """Return a row a variable and a column a trial, for the supplement of a paper.

    A cell holds the status, after a colon why a variable is partial or impossible, and in brackets how many values are
    missing and why (``partial: women only (3 of 27 missing: refused 2, empty_cell 1)``). The raw columns that no line
    of a recipe reads stand at the end, each in the column of its trial.

    Parameters
    ----------
    status
        As :func:`~ipdma.harmonize.availability_counts.with_counts` returns it.
    tables, trials
        Common tables and trials in their order; a trial of which nothing is said has no column.
    """
    if status.empty:
        return status[["table", "column"]]
    stated = status["status"].isin(["partial", "impossible"]) & status["why"].notna()
    text = (status["status"] + ": " + status["why"]).where(stated, status["status"])
    text += _counts(status) if "filled" in status else ""
    cells = status[["table", "column", "trial"]].assign(text=text)
    matrix = cells.pivot(index=["table", "column"], columns="trial", values="text")
    place = {table: number for number, table in enumerate(tables)}
    rows = sorted(dict.fromkeys(zip(cells["table"], cells["column"], strict=True)),
                  key=lambda row: place.get(row[0], len(place)))  # fmt: skip
    matrix = matrix.reindex(index=pd.MultiIndex.from_tuples(rows, names=["table", "column"]),
                            columns=[trial for trial in trials if trial in matrix.columns])  # fmt: skip
    return matrix.rename_axis(columns=None).reset_index(allow_duplicates=True)  # a trial may be called 'table'


def _counts(status: pd.DataFrame) -> pd.Series:
    """Return numbers of missing and corrected values in brackets, empty where there are none."""
    total = (status["filled"] + status["missing"]).astype("string")
    lacking = status["missing"].astype("string") + " of " + total + " missing: " + status["reasons"]
    some = (status["missing"] > 0).fillna(False) & (status["filled"] > 0).fillna(False)
    changed = status["corrected"].astype("string") + " corrected"
    corrected = (status["corrected"] > 0).fillna(False)
    both = (
        lacking.where(some, "").fillna("")
        + np.where(some & corrected, "; ", "")
        + changed.where(corrected, "").fillna("")
    )
    return (" (" + both + ")").where(both != "", "")


def _is_shown(table: str, column: str, schema: Mapping[str, Table]) -> bool:
    return table in schema and table != "trials" and column not in _KEYS


def _status(status: VariableStatus | None) -> tuple[str, str]:
    if status is None:
        return "undetermined", "no line of the recipe fills it"
    return status.status, status.why
