"""Days out of the numbers and cells by which files store them."""

import datetime

import numpy as np
import pandas as pd

_SPSS = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "DATETIME", "YMDHMS")
_FIRST = np.datetime64("1800-01-01", "s")
_LAST = np.datetime64("2200-01-01", "s")


def days_from_file(values: pd.Series, display_format: str) -> pd.Series:
    """Return the moments a column stores, as its file's display format says; missing where it stores none.

    SPSS counts seconds since 14 October 1582, Stata days (``%td``) or milliseconds (``%tc``) since 1960; Excel cells
    come as Python dates. A moment outside 1800 to 2199 is none: it comes from a number that is no date.
    """
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series([_moment(cell) for cell in values.astype(object)], dtype="datetime64[s]")
    name = display_format.upper()
    if name.startswith(_SPSS):
        return _since(values, "1582-10-14", 1.0)
    if name.startswith(("%TD", "%D")):
        return _since(values, "1960-01-01", 86400.0)
    if name.startswith("%TC"):
        return _since(values, "1960-01-01", 0.001)
    return pd.Series(np.full(len(values), np.datetime64("NaT", "s")))


def _since(values: pd.Series, start: str, seconds: float) -> pd.Series:
    data = values.to_numpy(dtype=np.float64, na_value=np.nan) * seconds
    usable = np.isfinite(data) & (np.abs(data) < 1e11)
    moments = np.datetime64(start, "s") + np.where(usable, data, 0.0).astype("timedelta64[s]")
    outside = ~usable | (moments < _FIRST) | (moments >= _LAST)
    return pd.Series(np.where(outside, np.datetime64("NaT", "s"), moments))


def _moment(cell: object) -> object:
    if cell is pd.NaT or cell is pd.NA:
        return np.datetime64("NaT", "s")
    if isinstance(cell, datetime.datetime):
        return np.datetime64(cell.replace(tzinfo=None), "s")
    if isinstance(cell, datetime.date):
        return np.datetime64(cell, "s")
    if isinstance(cell, str):  # a day a text file writes as ISO 8601
        try:
            return np.datetime64(datetime.date.fromisoformat(cell.strip()), "s")
        except ValueError:
            return np.datetime64("NaT", "s")
    return np.datetime64("NaT", "s")
