"""Modifiers and prognostic factors as numeric columns."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import DesignError
from ipdma.estimand import Coding, Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.tables import read_schema

BASELINE = "baseline_severity"
_IDENTITY = ("trial", "participant_id", "arm")
_UNIT_WORDS = {"a": "year", "mo": "month", "d": "day", "h": "hour", "min": "minute", "kg": "kilogram"}
# What the design itself calls its columns: a covariate of that name would be replaced without a word.
_TAKEN = ("treatment", "active", "included", "y", "b")


def covariate_columns(
    consortium: Consortium,
    people: pd.DataFrame,
    names: Iterable[str],
    coding: Mapping[str, Coding] | None = None,
) -> pd.DataFrame:
    """Return one numeric column a covariate, or k - 1 columns ``name[level]`` for k categories; index as ``people``.

    Categories stand in the order of the schema, after the reference where ``coding`` states one; two become 0/1.
    ``baseline_severity`` is the baseline itself and has no column here.

    Parameters
    ----------
    people
        Participants who are analyzed if they have the covariates: a category that only others have gets no column.

    Raises
    ------
    DesignError
        If a name is no column of the participants table, is a date or a name the design needs itself, or its coding is
        not that of its kind or names a category that nobody has.
    """
    columns: dict[str, pd.Series] = {}
    for name in dict.fromkeys(names):
        coded = (coding or {}).get(name, Coding())
        if name == BASELINE:
            _refuse_reference(name, coded)
            continue
        _refuse_unusable(consortium, name)
        if pd.api.types.is_numeric_dtype(people[name]):
            _refuse_reference(name, coded)
            columns[name] = people[name].astype("float64")
        else:
            columns |= _coded(people[name], name, levels_of(consortium, people[name], name, coded))
    return pd.DataFrame(columns, index=people.index)


def levels_of(consortium: Consortium, values: pd.Series, name: str, coding: Coding) -> list[str]:
    """Return the categories that occur, the reference first, then in the order of the schema.

    Raises
    ------
    DesignError
        If the coding has a step, or its reference is a category that nobody has.
    """
    own = consortium.categories.get("participants", {})
    column = read_schema()["participants"].columns.get(name)
    found = set(values.dropna())
    order = own.get(name, column.categories if column is not None else ())
    levels = [level for level in order if level in found]
    levels += sorted(found - set(levels))
    if coding.per != 1.0:
        raise DesignError(
            f"{name!r} has categories, so it cannot be told per {coding.per:g}. Name a reference instead."
        )
    if coding.reference is None or not levels:
        return levels
    if coding.reference not in found:
        raise DesignError(
            f"no analyzed participant has {name} {coding.reference!r}, the stated reference"
            f"{did_you_mean(coding.reference, levels)}"
        )
    return [coding.reference, *(level for level in levels if level != coding.reference)]


def units_of(
    consortium: Consortium, people: pd.DataFrame, names: Iterable[str], coding: Mapping[str, Coding], unit: str
) -> dict[str, str]:
    """Return what one unit of each modifier is, by the name of its column: ``10 years``, ``yes against no``.

    Parameters
    ----------
    unit
        The unit of the outcome, which is that of baseline severity.
    """
    units: dict[str, str] = {}
    for name in names:
        coded = coding.get(name, Coding())
        if name == BASELINE:
            units[name] = f"{coded.per:g} {unit}"
        elif pd.api.types.is_numeric_dtype(people[name]):
            column = read_schema()["participants"].columns.get(name)
            word = _UNIT_WORDS.get(column.unit if column is not None else "", "unit")
            units[name] = word if coded.per == 1.0 else f"{coded.per:g} {word}s"
        else:
            levels = levels_of(consortium, people[name], name, coded)
            columns = [f"{name}[{level}]" for level in levels] if len(levels) > 2 else [name] * len(levels)
            pairs = zip(columns[1:], levels[1:], strict=True)
            units |= {column: f"{level} against {levels[0]}" for column, level in pairs}
    return units


# Why a metric does not let trials be compared by baseline severity (statistics.md, section 1).
_MADE_BY_METRIC = {
    "baseline_sd": "each instrument's points are divided by its own baseline SD, so that the trials' means differ by "
    "the unit and not by severity",
    "rank": "ranks within trial have about the same mean in every trial, whatever its severity",
}


def refused_across(estimand: Estimand, modifiers: Iterable[str]) -> dict[str, str]:
    """Return the reason for each modifier whose interaction across trials is refused on this metric.

    Within trials nothing stands against it.

    Examples
    --------
    >>> asked = Estimand(outcome="a", visit="post", treatment="drug", control="placebo", metric="rank")
    >>> list(refused_across(asked, ["age_years", "baseline_severity"]))
    ['baseline_severity']
    """
    reason = _MADE_BY_METRIC.get(estimand.metric)
    return {BASELINE: reason} if reason and BASELINE in modifiers else {}


def _refuse_unusable(consortium: Consortium, name: str) -> None:
    table = consortium.tables["participants"]
    if name not in table.columns or name in _IDENTITY:
        known = [c for c in table.columns if c not in (*_IDENTITY, *_TAKEN)]
        of_trials = name in consortium.tables["trials"].columns and name not in _IDENTITY
        way_out = f" It is one of the trials table: ask for `curves: {{{name}: categorical}}`." if of_trials else ""
        raise DesignError(
            f"{name!r} is not a column of the participants table. Columns: {', '.join(known)}, {BASELINE}.{way_out}"
        )
    if name in _TAKEN:
        raise DesignError(f"{name!r} is a name the analysis needs itself. Give the column another one (schema.yaml).")
    column = read_schema()["participants"].columns.get(name)
    if column is not None and column.type == "date":
        raise DesignError(f"{name!r} is a date: each day would be a category. Derive a number in the recipes.")


def _refuse_reference(name: str, coding: Coding) -> None:
    if coding.reference is not None:
        raise DesignError(f"{name!r} is a number and has no reference category. State a step instead, {{per: 10}}.")


def _coded(values: pd.Series, name: str, levels: Sequence[str]) -> dict[str, pd.Series]:
    coded = {level: (values == level).astype("Float64").mask(values.isna()).astype("float64") for level in levels}
    if len(levels) > 2:
        return {f"{name}[{level}]": coded[level] for level in levels[1:]}
    # One level alone is a constant, refused once it is known who is analyzed; none at all, where nobody is.
    return {name: coded[levels[-1]] if levels else pd.Series(float("nan"), index=values.index)}
