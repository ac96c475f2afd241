"""How many values each trial has of a variable, how many are missing, and why."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma.harmonize.missing_reasons import NOT_RECORDED

_KEYS = ["table", "column", "trial"]
_COUNTS = ("filled", "missing", "corrected")


def with_counts(
    status: pd.DataFrame, tables: Mapping[str, pd.DataFrame], missing: pd.DataFrame, events: pd.DataFrame
) -> pd.DataFrame:
    """Return the trial-by-variable table with numbers of values.

    Parameters
    ----------
    status
        As :func:`~ipdma.harmonize.availability.availability` returns it.
    tables, missing, events
        As in the consortium.

    Returns
    -------
    DataFrame
        With the columns ``filled``, ``missing`` and ``corrected`` (numbers, missing for raw columns that no line
        reads), and ``reasons``: ``refused 2, visit_missed 1``, the most frequent first.
    """
    lacking = _lacking(tables, missing)
    counted = {
        "filled": _filled(tables),
        "missing": lacking.groupby(_KEYS, sort=False)["number"].sum(),
        "corrected": _corrected(tables, events),
    }
    index = pd.MultiIndex.from_frame(status[_KEYS])
    known = status["table"].isin(list(tables)).to_numpy(dtype=bool)
    result = status.copy()
    for name in _COUNTS:
        numbers = counted[name].reindex(index).to_numpy(dtype=np.float64, na_value=0.0)
        result[name] = pd.array(np.where(known, np.nan_to_num(numbers), np.nan), dtype="Int64")
    result["reasons"] = pd.Series(_reasons(lacking).reindex(index).to_numpy(dtype=object), dtype="string")
    return result


def variable_of(frame: pd.DataFrame) -> pd.Series:
    """Return the name of the variable that each assessment is a value of: instrument and score."""
    return (frame["instrument"] + "." + frame["score"]).astype("string")


def _filled(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    parts = []
    for name, frame in tables.items():
        if "trial" not in frame or not len(frame):
            continue
        counts = frame.drop(columns="trial").notna().groupby(frame["trial"], sort=False).sum()
        counts.columns.name = "column"
        parts.append(counts.reset_index().melt("trial", value_name="number").assign(table=name))
        if name == "assessments":
            numbers = frame.groupby(["trial", "instrument", "score"], sort=False)["value"].count()
            named = numbers.rename("number").reset_index()
            parts.append(named.assign(column=variable_of(named), table=name)[[*_KEYS, "number"]])
    if not parts:
        return pd.Series(dtype=np.float64)
    every = pd.concat(parts)[[*_KEYS, "number"]].astype({"number": np.int64})
    total: pd.Series = every.groupby(_KEYS, sort=False)["number"].sum()
    return total


def _lacking(tables: Mapping[str, pd.DataFrame], missing: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons with the variable and the number of values each stands for."""
    column = missing["column"].astype(object)
    absent = (missing["table"] == "assessments") & missing["key"].notna()
    parts = missing.loc[absent, "key"].str.extract(r"instrument=([^;]*);score=([^;]*)")
    column[absent] = parts[0] + "." + parts[1]
    with_row = (missing["table"] == "assessments") & missing["row"].notna() & (missing["column"] == "value")
    if with_row.any():
        column[with_row] = _variables(tables["assessments"], missing[with_row])
    number = np.ones(len(missing), dtype=np.int64)
    never = ((missing["reason"] == NOT_RECORDED) & missing["row"].isna() & missing["key"].isna()).to_numpy(dtype=bool)
    sizes = {name: frame["trial"].value_counts() for name, frame in tables.items() if "trial" in frame}
    for at in np.flatnonzero(never):
        number[at] = int(sizes[missing["table"].iloc[at]].get(missing["trial"].iloc[at], 0))
    return pd.DataFrame(
        {"table": missing["table"], "column": column.astype("string"), "trial": missing["trial"],
         "reason": missing["reason"], "number": number}
    )  # fmt: skip


def _variables(frame: pd.DataFrame, missing: pd.DataFrame) -> np.ndarray:
    row = frame.groupby("trial", sort=False).cumcount().to_numpy() + 1
    names = pd.Series(variable_of(frame).to_numpy(), index=pd.MultiIndex.from_arrays([frame["trial"], row]))
    wanted = pd.MultiIndex.from_arrays([missing["trial"], missing["row"].astype(np.int64)])
    return names.reindex(wanted).to_numpy(dtype=object)


def _corrected(tables: Mapping[str, pd.DataFrame], events: pd.DataFrame) -> pd.Series:
    mine = events[(events["event"] == "corrected").to_numpy(dtype=bool) & events["row"].notna().to_numpy(dtype=bool)]
    scored = ((mine["table"] == "assessments") & (mine["column"] == "value")).to_numpy(dtype=bool)
    column = mine["column"].astype(object).copy()
    if scored.any():
        column[scored] = _variables(tables["assessments"], mine[scored])
    return mine.assign(column=column.astype("string")).groupby(_KEYS, sort=False).size()


def _reasons(lacking: pd.DataFrame) -> pd.Series:
    counts = lacking.groupby([*_KEYS, "reason"], sort=False)["number"].sum().reset_index()
    counts = counts.sort_values("number", ascending=False, kind="stable")
    words = counts["reason"] + " " + counts["number"].astype("string")
    return words.groupby([counts[key] for key in _KEYS], sort=False).agg(", ".join)
