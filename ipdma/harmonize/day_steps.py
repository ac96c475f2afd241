"""Steps for days and clock times."""

import datetime

import numpy as np
import pandas as pd

from ipdma.harmonize.basic_steps import text
from ipdma.harmonize.file_dates import days_from_file
from ipdma.harmonize.step import About, Failure, Step, numbers, some_failed
from ipdma.harmonize.text_values import minutes_from_text
from ipdma.schemas.recipe import Since

_NOT_A_TIME = "something other than a clock time like 08:30 in {n}. Correct them, or list missing codes."
_NOT_ISO = "something other than a day in {n}, so nothing can be counted from it. Put {date: FORMAT} before this step."
_TWO_DAYS = "texts in {n} that are two different days in the formats {f}. State one format, or ask for a correction."


def date(values: pd.Series, argument: str | tuple[str, ...], about: About) -> Step:
    """Days as ISO text (2012-04-03), read in the stated format; a cell of Excel that is a date needs none.

    Of several formats every one that fits a text must give the same day.
    """
    missing = values.isna().to_numpy(dtype=bool)
    failures: tuple[Failure, ...] = ()
    if argument == "from_file":
        days = days_from_file(values, about.display_format)
    else:
        days, failures = _read_days(values, (argument,) if isinstance(argument, str) else argument, about)
    bad = days.isna().to_numpy(dtype=bool) & ~missing
    for failure in failures:
        bad &= ~failure.where
    formats = argument if isinstance(argument, str) else " or ".join(argument)
    message = f"no day in the format {formats} in {{n}}. State the format the file writes days in."
    return Step(
        values=days.dt.strftime("%Y-%m-%d").astype("string"),
        failures=(*failures, *some_failed(bad, code="not_a_date", message=message)),
    )


def _read_days(values: pd.Series, formats: tuple[str, ...], about: About) -> tuple[pd.Series, tuple[Failure, ...]]:
    texts = text(values, None, about).values
    days = pd.to_datetime(texts, format=formats[0], errors="coerce", exact=True).astype("datetime64[s]")
    differ = np.zeros(len(values), dtype=bool)
    for form in formats[1:]:
        other = pd.to_datetime(texts, format=form, errors="coerce", exact=True).astype("datetime64[s]")
        differ |= (days.notna() & other.notna() & (days != other)).to_numpy(dtype=bool)
        days = days.fillna(other)
    if values.dtype == object:
        cells = pd.Series([_only_date(cell) for cell in values], dtype=object)  # `map` would make one type of them
        days = days.fillna(days_from_file(cells, ""))
    message = _TWO_DAYS.replace("{f}", " and ".join(formats))
    return days.mask(differ), some_failed(differ, code="ambiguous_date", message=message)


def _only_date(cell: object) -> object:
    return cell if isinstance(cell, datetime.date) else pd.NA


def study_day(values: pd.Series, argument: Since, about: About) -> Step:
    """Days since randomization: 1 is its day, -1 the day before; there is no day 0."""
    between, failures = _days_between(values, argument, about)
    return Step(values=numbers(np.where(between >= 0, between + 1, between), np.isnan(between)), failures=failures)


def years_since(values: pd.Series, argument: Since, about: About) -> Step:
    """Years of 365.25 days between two days, such as age from a birthday."""
    between, failures = _days_between(values, argument, about)
    return Step(values=numbers(between / 365.25, np.isnan(between)), failures=failures)


def _days_between(values: pd.Series, argument: Since, about: About) -> tuple[np.ndarray, tuple[Failure, ...]]:
    """Return the days from those of a raw column to the values, which are ISO texts; NaN where one is missing."""
    start = date(about.column(argument.since), argument.date_format, about.of(argument.since))
    texts = pd.Series(values.astype(object).where(values.notna(), None), dtype="string")
    days = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    bad = (days.isna() & values.notna()).to_numpy(dtype=bool)
    since = pd.to_datetime(start.values, format="%Y-%m-%d").astype("datetime64[s]")
    between = ((days - since) / np.timedelta64(1, "D")).to_numpy(dtype=np.float64, na_value=np.nan)
    return between, (*start.failures, *some_failed(bad, code="not_a_day", message=_NOT_ISO))


def minutes(values: pd.Series, argument: None, about: About) -> Step:
    """Minutes since midnight of clock times (8:30, 08:30:15)."""
    missing = values.isna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype):
        is_clock = about.display_format.upper().startswith("TIME")  # SPSS counts seconds
        data = values.to_numpy(dtype=np.float64, na_value=np.nan) / 60.0
        bad = ~missing & ~((data >= 0) & (data < 1440) & is_clock)
    else:
        cells = np.array([_clock(cell) for cell in values.astype(object).to_numpy()], dtype=object)
        data, bad = minutes_from_text(cells, missing)
    failures = some_failed(bad, code="not_a_time", message=_NOT_A_TIME)
    return Step(values=numbers(data, missing | bad), failures=failures)


def time(values: pd.Series, argument: None, about: About) -> Step:
    """Clock times as text (08:30:00)."""
    step = minutes(values, None, about)
    missing = step.values.isna().to_numpy(dtype=bool)
    seconds = np.round(step.values.to_numpy(dtype=np.float64, na_value=0.0) * 60).astype(np.int64)
    clocks = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in seconds]
    return Step(values=pd.Series(clocks, dtype="string").mask(missing, pd.NA), failures=step.failures)


def _clock(cell: object) -> str:
    if isinstance(cell, datetime.time):
        return cell.strftime("%H:%M:%S")
    return "" if cell is None or cell is pd.NA else str(cell)
