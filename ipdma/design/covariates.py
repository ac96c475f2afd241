"""Modifiers and prognostic factors as numeric columns."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.tables import read_schema

BASELINE = "baseline_severity"
_IDENTITY = ("trial", "participant_id", "arm")
# What the design itself calls its columns: a covariate of that name would be replaced without a word.
_TAKEN = ("treatment", "active", "included", "y", "b")


def covariate_columns(consortium: Consortium, people: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return one numeric column a covariate, or k - 1 columns ``name[level]`` for k categories; index as ``people``.

    Two categories become 0/1 in the order of the schema. ``baseline_severity`` is the baseline itself and has no column
    here.

    Parameters
    ----------
    people
        Participants who are analyzed if they have the covariates: a category that only others have gets no column.

    Raises
    ------
    DesignError
        If a name is no column of the participants table, is a date or a name the design needs itself, or a covariate is
        missing in a whole trial.
    """
    columns: dict[str, pd.Series] = {}
    for name in dict.fromkeys(names):
        if name == BASELINE:
            continue
        _refuse_unusable(consortium, name)
        _refuse_absent(people, name)
        columns |= _coded(people[name], name, _categories(consortium, name))
    return pd.DataFrame(columns, index=people.index)


def refuse_baseline_modifier(estimand: Estimand, modifiers: Sequence[str]) -> None:
    """Refuse baseline severity as a modifier where its differences between trials are made by the metric.

    Raises
    ------
    DesignError
        On the metric ``baseline_sd``.
    """
    if BASELINE in modifiers and estimand.metric == "baseline_sd":
        raise DesignError(
            f"{BASELINE} cannot be a modifier on metric baseline_sd: each instrument's points are divided by its own "
            "baseline SD, so that the trials' means differ by the unit and not by severity. Use metric pomp or raw."
        )


def _refuse_unusable(consortium: Consortium, name: str) -> None:
    table = consortium.tables["participants"]
    if name not in table.columns or name in _IDENTITY:
        known = [c for c in table.columns if c not in (*_IDENTITY, *_TAKEN)]
        raise DesignError(
            f"{name!r} is not a column of the participants table. Columns: {', '.join(known)}, {BASELINE}."
        )
    if name in _TAKEN:
        raise DesignError(f"{name!r} is a name the analysis needs itself. Give the column another one (schema.yaml).")
    column = read_schema()["participants"].columns.get(name)
    if column is not None and column.type == "date":
        raise DesignError(f"{name!r} is a date: each day would be a category. Derive a number in the recipes.")


def _refuse_absent(people: pd.DataFrame, name: str) -> None:
    present = people[name].notna().groupby(people["trial"], sort=False).any()
    absent = [str(trial) for trial, has in present.items() if not has]
    if absent:
        raise DesignError(
            f"'{name}' is missing for everybody in {', '.join(absent)}. A model with it cannot use these trials: "
            "leave the covariate out, or leave these trials out (exclude_why in trials.csv)."
        )


def _categories(consortium: Consortium, name: str) -> Sequence[str]:
    """Return the categories of the project's own column, or of the common schema's, in their order."""
    own = consortium.categories.get("participants", {})
    column = read_schema()["participants"].columns.get(name)
    return own.get(name, column.categories if column is not None else ())


def _coded(values: pd.Series, name: str, categories: Sequence[str]) -> dict[str, pd.Series]:
    if pd.api.types.is_numeric_dtype(values):
        return {name: values.astype("float64")}
    found = set(values.dropna())
    levels = [level for level in categories if level in found]
    levels += sorted(found - set(levels))
    coded = {level: (values == level).astype("Float64").mask(values.isna()).astype("float64") for level in levels}
    if len(levels) > 2:
        return {f"{name}[{level}]": coded[level] for level in levels[1:]}
    # One level alone is a constant, refused once it is known who is analyzed; none at all, where nobody is.
    return {name: coded[levels[-1]] if levels else pd.Series(float("nan"), index=values.index)}
