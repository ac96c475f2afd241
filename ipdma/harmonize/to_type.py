"""Values as the type a column of the common schema has."""

import datetime

import numpy as np
import pandas as pd

from ipdma.harmonize.basic_steps import number, text
from ipdma.harmonize.day_steps import date
from ipdma.harmonize.step import About, Step, some_failed

_NOT_WHOLE = "a number with decimals in {n} where the schema wants a whole one. Add {round: 0} if that is meant."
_NOT_A_DAY = (
    "something other than a day like 2012-04-03 in {n}. State the format the file writes days in, like "
    "{date: '%d/%m/%Y'}, or {date: from_file}."
)


def to_type(values: pd.Series, kind: str, about: About) -> Step:
    """Return values as ``string``, ``number`` (Float64), ``integer`` (Int64) or ``date`` (ISO text).

    What cannot be that type fails row by row and is missing in the result.
    """
    if kind == "number":
        return number(values, None, about)
    if kind == "integer":
        return _whole(number(values, None, about))
    if kind == "date":
        return _day(values, about)
    return text(values, None, about)


def _whole(step: Step) -> Step:
    data = step.values.to_numpy(dtype=np.float64, na_value=np.nan)
    missing = np.isnan(data)
    bad = ~missing & ((data != np.floor(data)) | (np.abs(data) > 2.0**53))
    gone = missing | bad
    values = pd.Series(pd.arrays.IntegerArray(np.where(gone, 0, data).astype(np.int64), gone))
    return Step(values=values, failures=(*step.failures, *some_failed(bad, code="not_whole", message=_NOT_WHOLE)))


def _day(values: pd.Series, about: About) -> Step:
    if any(isinstance(cell, datetime.date) for cell in values.dropna().head(1)):
        step = date(values, "from_file", about)  # an Excel cell that is a date needs no format
    else:
        step = date(values, "%Y-%m-%d", about)
    failures = tuple(
        failure for found in step.failures for failure in some_failed(found.where, code=found.code, message=_NOT_A_DAY)
    )
    return Step(values=step.values, failures=failures)
