"""Codes that stand for missing values: taken out of the raw columns, their reasons kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column
from ipdma.harmonize.raw_table import RawTable
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import MissingCode, Recipe


@dataclass(frozen=True, kw_only=True, eq=False)
class Decoded:
    """Raw columns without missing codes, and for each column that had some the reason of each row (else ``None``)."""

    values: pd.DataFrame
    reasons: Mapping[str, np.ndarray]


def decode(raw: RawTable, columns: Iterable[str], recipe: Recipe, source: str) -> Decoded:
    """Return some columns of a raw table with every code that stands for a missing value made missing."""
    values: dict[str, pd.Series] = {}
    reasons: dict[str, np.ndarray] = {}
    for column in columns:
        values[column], found = _decode_column(raw, column, recipe, source)
        if found is not None:
            reasons[column] = found
    return Decoded(values=pd.DataFrame(values, index=raw.values.index), reasons=reasons)


def fits(column: str, pattern: str) -> bool:
    """Return whether a column fits a pattern, in which ``*`` and ``?`` stand for anything and all else for itself."""
    return fnmatchcase(column, pattern.replace("[", "[[]"))


def codes_for(recipe: Recipe, source: str, column: str) -> dict[str, MissingCode]:
    """Return the missing codes a recipe lists for a column, by code."""
    places = _places(recipe, source, column)
    found = [
        code
        for code in recipe.missing_codes
        if any(code.source in (None, at) and any(fits(name, p) for p in code.columns) for at, name in places)
    ]
    names = {name for _, name in places}
    # What is said of a column by its name holds over what is said of many by a pattern.
    return {code.code: code for code in sorted(found, key=lambda code: bool(names & set(code.columns)))}


def _places(recipe: Recipe, source: str, column: str) -> list[tuple[str, str]]:
    """Return a column's source and name, and those it is joined from."""
    found = [(source, column)]
    for join in recipe.sources[source].joins if source in recipe.sources else ():
        if column in join.columns:
            found += _places(recipe, join.source, join.columns[column])
    return found


def unlisted_codes(raw: RawTable, column: str, recipe: Recipe, source: str) -> np.ndarray:
    """Return where a column holds a code its file declares missing and no line of the recipe lists."""
    declared = _declared(raw, column)
    if not declared.any():
        return declared
    listed = code_column(raw.values[column]).isin(codes_for(recipe, source, column))
    return np.asarray(declared & ~listed)


def _decode_column(raw: RawTable, column: str, recipe: Recipe, source: str) -> tuple[pd.Series, np.ndarray | None]:
    values = _without_blanks(raw.values[column])
    listed = codes_for(recipe, source, column)
    letters = raw.missing_reasons.get(column, {})
    if not listed and not letters and column not in raw.missing_codes:
        return values, None
    reasons = np.full(len(values), None, dtype=object)
    if recipe.declared_missing == "all_missing":
        reasons[_declared(raw, column)] = "declared_missing"
    if listed:
        codes = code_column(_with_points(values, recipe, source))
        for code in codes.codes:
            if code in listed:
                reasons[codes.isin([code])] = listed[code].reason
    for position, letter in letters.items():
        reasons[position] = listed[letter].reason if letter in listed else _named(letter)
    coded = pd.notna(reasons)
    return (values.mask(coded, pd.NA), reasons) if coded.any() else (values, None)


def _with_points(values: pd.Series, recipe: Recipe, source: str) -> pd.Series:
    """Return texts of a file with decimal commas as they would be with points: 999,0 is the code 999."""
    at = recipe.sources.get(source)
    if at is None or at.options.get("decimal") != "," or not isinstance(values.dtype, pd.StringDtype):
        return values
    return values.str.replace(",", ".", regex=False)


def _named(letter: str) -> str:
    return f"declared_missing {letter}" if letter.startswith(".") else letter


def _without_blanks(values: pd.Series) -> pd.Series:
    """A cell that holds blanks only (SPSS pads its texts) is missing."""
    if not (isinstance(values.dtype, pd.StringDtype) or values.dtype == object):
        return values
    # Each distinct text once: columns have few, and nearly none has a blank one.
    distinct = np.asarray(values.unique(), dtype=object)
    blank = [text for text in distinct if isinstance(text, str) and not text.strip()]
    return values.mask(values.isin(blank), pd.NA) if blank else values


def _declared(raw: RawTable, column: str) -> np.ndarray:
    values, ranges = raw.values[column], raw.missing_codes.get(column, ())
    inside = np.zeros(len(values), dtype=bool)
    if ranges and pd.api.types.is_numeric_dtype(values.dtype):
        data = values.to_numpy(dtype=np.float64, na_value=np.nan)
        for low, high in ranges:
            inside |= (data >= float(low)) & (data <= float(high))
    elif ranges:
        inside |= code_column(values).isin(code_text(end) for ends in ranges for end in ends)
    return inside
