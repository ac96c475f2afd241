"""The project's trials.csv (or .xlsx): a row a trial, also those without individual data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import ReadError
from ipdma.harmonize.code_column import code_column
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.not_calculated import not_calculated
from ipdma.harmonize.read_raw import read_raw
from ipdma.harmonize.step import About, counted
from ipdma.harmonize.to_type import to_type
from ipdma.schemas.tables import Column, Table


def read_trials(path: Path, table: Table) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Return the rows of a trials file in the types of the schema, and what is wrong with it.

    Columns are those of the trials table and ``rob_<domain>``; only ``trial`` is required.
    """
    reader = "excel" if path.suffix.lower() == ".xlsx" else "csv"
    try:
        raw = read_raw(path, reader=reader, options={}, name=path.name)
    except ReadError as error:
        # What is wrong, without the options of a recipe's source that this file does not have.
        wrong = re.sub(r" (State|Remove) (the )?option.*", "", str(error), flags=re.DOTALL)
        message = f"{wrong} Save it as UTF-8 text with commas between cells, or as a workbook of one sheet."
        return None, [Finding(code="trials_file", message=message, file=path.name)]
    known = {str(name): _column(str(name), table) for name in raw.values.columns}
    findings = [
        _finding(path, "unknown_column", f"no column '{name}'{did_you_mean(name, table.columns)}", name)
        for name, column in known.items()
        if column is None
    ]
    if "trial" not in known:
        findings.append(_finding(path, "column_absent", "the column 'trial' is missing. Add it.", "trial"))
    findings += [replace(found, table="trials") for found in not_calculated(raw, known, np.ones(len(raw.rows), bool))]
    if findings:
        return None, findings
    frame: dict[str, pd.Series] = {}
    for name, column in known.items():
        assert column is not None
        step = to_type(raw.values[name], column.type, About())
        frame[name] = step.values.mask(step.values == "", pd.NA) if column.dtype == "string" else step.values
        for failure in step.failures:
            rows = tuple(int(row) for row in raw.rows[failure.where])
            message = failure.message.replace("{n}", counted(len(rows), "row"))
            findings.append(Finding(code=failure.code, message=message, table="trials", column=name, file=path.name,
                                    rows=rows, count=len(rows)))  # fmt: skip
    return pd.DataFrame(frame), [*findings, *_repeated(path, frame["trial"], raw.rows)]


def _column(name: str, table: Table) -> Column | None:
    if name in table.columns:
        return table.columns[name]
    if name.startswith("rob_"):
        return Column(name=name, type="string", categories=table.columns["rob_overall"].categories)
    return None


def _repeated(path: Path, trial: pd.Series, rows: object) -> list[Finding]:
    codes = code_column(trial)
    again = [name for name, count in codes.counts(codes.index >= 0).items() if count > 1]
    message = "the trial has {} rows; it may have one."
    return [
        _finding(path, "repeated_key", message.format((trial == name).sum()), "trial", trial=name) for name in again
    ]


def merge_trials(
    recipes: Mapping[str, Mapping[str, object]],
    listed: pd.DataFrame | None,
    table: Table,
    *,
    without: Sequence[str] = (),
    file: str = "trials.csv",
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the trials table: the file's rows in its order, then trials that only recipes know.

    Parameters
    ----------
    recipes
        What the recipes say of each trial they fill: columns of the trials table.
    listed
        The file's rows, or nothing where there is no file.
    without
        Trials left out on request; they keep a row with that reason.
    """
    rows: dict[str, dict[str, object]] = {} if listed is None else _rows(listed)
    findings = [] if listed is None else _contradictions(recipes, rows, without, file)
    for trial, said in recipes.items():
        rows[trial] = {**said, **rows.get(trial, {}), "trial": trial}
    for trial in without:
        rows.setdefault(trial, {"trial": trial})["exclude_why"] = "left out on request"
    for row in rows.values():
        row.setdefault("label", row["trial"])
        row.setdefault("data", "none")
    names = dict.fromkeys([*table.columns, *(() if listed is None else listed.columns)])
    frame = {name: _typed([row.get(name, pd.NA) for row in rows.values()], name, table) for name in names}
    return pd.DataFrame(frame), findings


def _rows(listed: pd.DataFrame) -> dict[str, dict[str, object]]:
    records = [{str(name): value for name, value in row.items() if not pd.isna(value)}
               for row in listed.to_dict(orient="records")]  # fmt: skip
    return {str(row["trial"]): row for row in records if "trial" in row}


def _contradictions(
    recipes: Mapping[str, object], rows: Mapping[str, Mapping[str, object]], without: Sequence[str], file: str
) -> list[Finding]:
    found = []
    for trial in recipes:
        if trial not in rows:
            message = f"the trial has a recipe but no row in {file}; it is added at the end. Add a row."
            found.append(Finding(code="trial_not_listed", severity="warning", message=message, trial=trial, file=file))
        elif rows[trial].get("data", "individual") == "none":
            message = f"{file} says that there are no data, but a recipe gives them. Correct 'data'."
            found.append(Finding(code="trial_contradiction", message=message, trial=trial, file=file, column="data"))
    for trial, row in rows.items():
        if row.get("data") == "individual" and trial not in recipes and trial not in without:
            message = f"{file} says individual data, but no recipe gives them. Write a recipe, or write data: none."
            found.append(Finding(code="trial_without_recipe", message=message, trial=trial, file=file, column="data"))
    return found


def _typed(values: list[object], name: str, table: Table) -> pd.Series:
    dtype = table.columns[name].dtype if name in table.columns else "string"
    return pd.Series(pd.array(values, dtype=dtype))  # type: ignore[call-overload]


def _finding(path: Path, code: str, message: str, column: str, trial: str = "") -> Finding:
    return Finding(code=code, message=message, table="trials", column=column, file=path.name, trial=trial)
