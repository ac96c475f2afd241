"""A table as CSV bytes and back, every value exactly as it was."""

import csv
import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ipdma.errors import SchemaError

_LONGEST = 131_072  # characters of a cell that csv reads unless told otherwise


def text_from_frame(frame: pd.DataFrame, *, name: str) -> bytes:
    """Return a table as UTF-8 CSV; a missing value is empty, a number its shortest exact form.

    Raises
    ------
    SchemaError
        If a column has another type than ``string``, ``Int64``, ``Float64`` or ``boolean``, holds an empty text, which
        could not be told from a missing value, or an extremely long one; or if two columns have one name.
    """
    if not frame.columns.is_unique:
        raise SchemaError(f"table '{name}' has two columns of one name.")
    columns = [_cells(frame[column], f"{name}.{column}") for column in frame.columns]
    header = [_quoted(str(column)) for column in frame.columns]
    lines = [",".join(cells) or '""' for cells in (header, *zip(*columns, strict=True))]
    return "\n".join([*lines, ""]).encode("utf-8")


def frame_from_text(text: bytes, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return the table that :func:`text_from_frame` wrote, given its columns' types."""
    reader = csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True)
    header = next(reader)
    columns = list(zip(*reader, strict=True)) or [()] * len(header)
    series = {name: _series(cells, dtypes[name]) for name, cells in zip(header, columns, strict=True)}
    return pd.DataFrame(series, columns=header)


def _cells(column: pd.Series, where: str) -> list[str]:
    form = _FORMS.get(str(column.dtype))
    if form is None:
        raise SchemaError(f"column '{where}' holds {column.dtype}; only text, numbers and truth values can be stored.")
    # As objects: a column of Arrow gives its values one by one, ten times slower.
    values: list[Any] = column.to_numpy(dtype=object).tolist()
    sizes = {len(value) for value in values if isinstance(value, str)}
    if 0 in sizes:
        raise SchemaError(f"column '{where}' holds empty text, which a file cannot tell from a missing value.")
    if max(sizes, default=0) > _LONGEST:
        raise SchemaError(f"column '{where}' holds a text of more than {_LONGEST} characters.")
    return ["" if value is pd.NA else form(value) for value in values]


def _quoted(text: str) -> str:
    # By hand: before Python 3.12 the csv module leaves a single carriage return unquoted, and reads it as a new row.
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _number_text(value: float) -> str:
    if math.isfinite(value):
        return repr(float(value))
    return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"  # as Table Schema writes them


_FORMS: Mapping[str, Callable[[Any], str]] = {
    "string": _quoted,
    "Int64": lambda value: str(int(value)),
    "Float64": _number_text,
    "boolean": lambda value: "true" if value else "false",
}


def _series(cells: tuple[str, ...], dtype: str) -> pd.Series:
    missing = np.array([cell == "" for cell in cells], dtype=bool)
    if dtype == "string":
        return pd.Series([pd.NA if cell == "" else cell for cell in cells], dtype="string")
    if dtype == "Int64":
        whole = np.array([int(cell or 0) for cell in cells], dtype=np.int64)
        return pd.Series(pd.arrays.IntegerArray(whole, missing))
    if dtype == "boolean":
        return pd.Series(pd.arrays.BooleanArray(np.array([cell == "true" for cell in cells], dtype=bool), missing))
    numbers = np.array([float(cell or 0) for cell in cells], dtype=np.float64)
    return pd.Series(pd.arrays.FloatingArray(numbers, missing))
