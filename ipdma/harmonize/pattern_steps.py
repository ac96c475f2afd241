"""Steps that take a part out of a text: one group of a pattern, a number with its unit."""

import re

import numpy as np
import pandas as pd

from ipdma.errors import QuantityError
from ipdma.harmonize.code_column import code_column
from ipdma.harmonize.step import About, Step, numbers, some_failed
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.safe_pattern import LONGEST_TEXT

_NO_FIT = "texts that do not fit the pattern in {n}. Widen the pattern, list missing codes, or ask for a correction."
_NO_QUANTITY = "something other than a number with a unit that can be given in {u} in {n}. Ask for a correction."


def regex_group(values: pd.Series, argument: str, about: About) -> Step:
    """The part of each text that the pattern's group holds; the pattern must fit the whole text."""
    column, pattern = code_column(values), re.compile(argument)
    parts = [_part(pattern, code) for code in column.codes]
    index = np.asarray(column.index)
    taken = np.array([*parts, None], dtype=object)[index]
    bad = (index >= 0) & pd.isna(taken)
    return Step(
        values=pd.Series(taken, dtype="string"),
        failures=some_failed(bad, code="pattern_does_not_fit", message=_NO_FIT, codes=column.counts(bad)),
    )


def _part(pattern: re.Pattern[str], code: str) -> str | None:
    match = pattern.fullmatch(code) if len(code) <= LONGEST_TEXT else None
    return None if match is None else match.group(1) or None


def quantity(values: pd.Series, argument: str, about: About) -> Step:
    """Numbers in the unit that is wanted, from texts like "50 mg"."""
    column = code_column(values)
    index = np.asarray(column.index)
    data = np.array([*(_amount(code, argument, about.decimal) for code in column.codes), np.nan])[index]
    bad = (index >= 0) & np.isnan(data)
    message = _NO_QUANTITY.replace("{u}", argument)
    failures = some_failed(bad, code="not_a_quantity", message=message, codes=column.counts(bad))
    return Step(values=numbers(data, np.isnan(data)), failures=failures)


def _amount(code: str, unit: str, decimal: str) -> float:
    try:
        return Quantity.parse(code if decimal == "." else code.replace(".", "x").replace(decimal, ".")).to(unit)
    except QuantityError:
        return float("nan")
