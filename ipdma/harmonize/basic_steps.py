"""The steps every column ends with: text and numbers."""

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import plain_text
from ipdma.harmonize.step import About, Step, numbers, some_failed
from ipdma.harmonize.text_values import numbers_from_text

_NOT_A_NUMBER = (
    "something other than a number in {n}. State the decimal sign ({number: {decimal: ','}}), list missing codes, "
    "or ask for a correction."
)


def text(values: pd.Series, argument: None, about: About) -> Step:
    """Values as text without blanks around it; a whole number without decimals."""
    return Step(values=plain_text(values))


def number(values: pd.Series, argument: str | None, about: About) -> Step:
    """Numbers, from text with the stated decimal sign."""
    missing = values.isna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return Step(values=numbers(values.to_numpy(dtype=np.float64, na_value=np.nan), missing))
    if isinstance(values.dtype, pd.StringDtype):
        return _from_text(values.to_numpy(dtype=object, na_value=""), missing, argument or about.decimal)
    cells = values.astype(object).to_numpy()
    is_number = np.array([isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells], dtype=bool)
    data = np.full(len(cells), np.nan)
    data[is_number & ~missing] = cells[is_number & ~missing].astype(np.float64)
    rest = ~is_number & ~missing
    parsed, bad = numbers_from_text(
        np.where(rest, cells, "").astype(str).astype(object), ~rest, decimal=argument or about.decimal
    )
    failures = some_failed(bad, code="not_a_number", message=_NOT_A_NUMBER)
    return Step(values=numbers(np.where(rest, parsed, data), missing | bad), failures=failures)


def _from_text(cells: np.ndarray, missing: np.ndarray, decimal: str) -> Step:
    parsed, bad = numbers_from_text(cells, missing, decimal=decimal)
    failures = some_failed(bad, code="not_a_number", message=_NOT_A_NUMBER)
    return Step(values=numbers(parsed, missing | bad), failures=failures)
