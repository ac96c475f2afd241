"""The steps of a column's ``do`` list, by name. Each takes values and gives values; nothing is guessed.

Which argument a step takes is checked when the recipe is read (:mod:`ipdma.schemas.recipe_operation`).
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import CodeColumn, code_column
from ipdma.harmonize.file_dates import days_from_file
from ipdma.harmonize.step import About, Step, numbers, some_failed
from ipdma.harmonize.text_values import minutes_from_text, numbers_from_text
from ipdma.schemas.code_text import code_text
from ipdma.schemas.quantity import Quantity

_NOT_A_NUMBER = (
    "something other than a number in {n}. State the decimal sign ({number: {decimal: ','}}), list missing codes, "
    "or ask for a correction."
)
_NOT_A_TIME = "something other than a clock time like 08:30 in {n}. Correct them, or list missing codes."
_NOT_IN_MAP = "the map lacks {k}, in {n}. Add what is lacking, or list it as a missing code."


def text(values: pd.Series, argument: None, about: About) -> Step:
    """Values as text without blanks around it; a whole number without decimals."""
    if pd.api.types.is_string_dtype(values.dtype) and values.dtype != object:
        return Step(values=values.astype("string").str.strip())
    return Step(values=code_column(values).text())


def number(values: pd.Series, argument: str | None, about: About) -> Step:
    """Numbers, from text with the stated decimal sign."""
    missing = values.isna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return Step(values=numbers(values.to_numpy(dtype=np.float64, na_value=np.nan), missing))
    cells = values.astype(object).to_numpy()
    is_number = np.array([isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells], dtype=bool)
    data = np.full(len(cells), np.nan)
    data[is_number & ~missing] = cells[is_number & ~missing].astype(np.float64)
    rest = ~is_number & ~missing
    parsed, bad = numbers_from_text(
        np.where(rest, cells, "").astype(str).astype(object), ~rest, decimal=_sign(argument, about)
    )
    failures = some_failed(bad, code="not_a_number", message=_NOT_A_NUMBER)
    return Step(values=numbers(np.where(rest, parsed, data), missing | bad), failures=failures)


def date(values: pd.Series, argument: str, about: About) -> Step:
    """Days as ISO text (2012-04-03), read in the stated format."""
    missing = values.isna().to_numpy(dtype=bool)
    if argument == "from_file":
        days = days_from_file(values, about.display_format)
    else:
        days = pd.to_datetime(text(values, None, about).values, format=argument, errors="coerce", exact=True)
    bad = days.isna().to_numpy(dtype=bool) & ~missing
    failures = some_failed(
        bad,
        code="not_a_date",
        message=f"no day in the format {argument} in {{n}}. State the format the file writes days in.",
    )
    return Step(values=days.dt.strftime("%Y-%m-%d").astype("string"), failures=failures)


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


def map_codes(values: pd.Series, argument: Mapping[str, Any], about: About) -> Step:
    """What the map says for each code; every code must be in it."""
    return _mapped(code_column(values), argument, _NOT_IN_MAP, code="code_not_in_map")


def map_label(values: pd.Series, argument: Mapping[str, Any], about: About) -> Step:
    """What the map says for each code's value label; every code must have a label, and every label be in the map."""
    labels = {code_text(code): str(label).strip() for code, label in about.value_labels.items()}
    column = code_column(values)
    unlabeled = ~column.isin(labels) & (column.index >= 0)
    failures = some_failed(
        unlabeled,
        code="code_without_label",
        message="the file gives no value label to {k}, in {n}. Use 'map', or list missing codes.",
        codes=column.counts(unlabeled),
    )
    named = CodeColumn(column.index, tuple(labels.get(code, "") for code in column.codes))
    index = np.where(unlabeled, -1, named.index)
    step = _mapped(CodeColumn(index, named.codes), argument, _NOT_IN_MAP, code="label_not_in_map")
    return Step(values=step.values, failures=(*failures, *step.failures))


def unit(values: pd.Series, argument: tuple[str, str], about: About) -> Step:
    """Numbers in another unit of the same kind."""
    step = number(values, None, about)
    factor = Quantity(1.0, argument[0]).to(argument[1])
    return Step(values=step.values * factor, failures=step.failures)


def round_to(values: pd.Series, argument: int, about: About) -> Step:
    """Numbers rounded to so many decimals (a half to the even neighbor, as IEEE 754 and NumPy do)."""
    step = number(values, None, about)
    return Step(values=step.values.round(argument), failures=step.failures)


OPERATIONS: Mapping[str, Callable[[pd.Series, Any, About], Step]] = {
    "text": text,
    "number": number,
    "date": date,
    "time": time,
    "minutes": minutes,
    "map": map_codes,
    "map_label": map_label,
    "unit": unit,
    "round": round_to,
}


def _mapped(column: CodeColumn, mapping: Mapping[str, Any], message: str, *, code: str) -> Step:
    unlisted = ~column.isin(mapping) & (column.index >= 0)
    targets = [mapping.get(name) for name in column.codes] + [None]
    values = _typed(np.array(targets, dtype=object), column.index)
    failures = some_failed(unlisted, code=code, message=message, codes=column.counts(unlisted))
    return Step(values=values, failures=failures)


def _typed(targets: np.ndarray, index: np.ndarray) -> pd.Series:
    present = [target for target in targets if target is not None]
    if present and all(isinstance(target, int | float) and not isinstance(target, bool) for target in present):
        data = np.array([np.nan if target is None else float(target) for target in targets])[index]
        return numbers(data, np.isnan(data))
    texts = np.array([None if target is None else _as_text(target) for target in targets], dtype=object)
    return pd.Series(texts[index], dtype="string")


def _as_text(target: object) -> str:
    return target if isinstance(target, str) else code_text(target)


def _sign(argument: str | None, about: About) -> str:
    return argument or about.decimal


def _clock(cell: object) -> str:
    if isinstance(cell, datetime.time):
        return cell.strftime("%H:%M:%S")
    return "" if cell is None or cell is pd.NA else str(cell)
