"""Modifiers and prognostic factors as numeric columns."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ipdma.errors import DesignError
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.tables import read_schema

BASELINE = "baseline_severity"


def covariate_columns(consortium: Consortium, people: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return one numeric column a covariate, or k - 1 columns ``name[level]`` for k categories; index as ``people``.

    Two categories become 0/1 in the order of the schema. ``baseline_severity`` is the baseline itself and has no column
    here.

    Raises
    ------
    DesignError
        If a name is no column of the participants table, or a covariate is missing in a whole trial.
    """
    table = consortium.tables["participants"]
    columns: dict[str, pd.Series] = {}
    for name in dict.fromkeys(names):
        if name == BASELINE:
            continue
        if name not in table.columns or name in ("trial", "participant_id", "arm"):
            known = [c for c in table.columns if c not in ("trial", "participant_id", "arm")]
            raise DesignError(
                f"{name!r} is not a column of the participants table. Columns: {', '.join(known)}, {BASELINE}."
            )
        _refuse_absent(people, name)
        columns |= _coded(people[name], name, _categories(name))
    return pd.DataFrame(columns, index=people.index)


def _refuse_absent(people: pd.DataFrame, name: str) -> None:
    present = people[name].notna().groupby(people["trial"], sort=False).any()
    absent = [str(trial) for trial, has in present.items() if not has]
    if absent:
        raise DesignError(
            f"'{name}' is missing for everybody in {', '.join(absent)}. A model with it cannot use these trials: "
            "leave the covariate out, or leave these trials out (exclude_why in trials.csv)."
        )


def _categories(name: str) -> Sequence[str]:
    column = read_schema()["participants"].columns.get(name)
    return column.categories if column is not None else ()


def _coded(values: pd.Series, name: str, categories: Sequence[str]) -> dict[str, pd.Series]:
    if pd.api.types.is_numeric_dtype(values):
        return {name: values.astype("float64")}
    found = list(values.dropna().unique())
    levels = [level for level in categories if level in found] or sorted(found)
    coded = {level: (values == level).astype("Float64").mask(values.isna()).astype("float64") for level in levels}
    if len(levels) == 2:
        return {name: coded[levels[1]]}
    return {f"{name}[{level}]": coded[level] for level in levels[1:]}
