"""What the readers of SPSS and Stata files share: pyreadstat without its conversions, and its errors as sentences."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ipdma.errors import ReadError
from ipdma.harmonize.raw_file import LARGEST_TABLE, RawFile

OPTIONS = ("encoding",)
_SENTENCES = (
    ("convert string", "holds text that is not in the encoding it states. State option 'encoding', for example cp1252"),
    ("expected number of rows", "ends before its last row: it is cut off. Copy it again"),
    ("Unable to read", "ends too early: it is cut off. Copy it again"),
    ("version of the file format", "has a version of the format that cannot be read. Save it in another version"),
    ("character set", "cannot be read with that 'encoding'. Common ones: utf-8, cp1252"),
)


def read_columns(
    reader: Callable[..., tuple[Mapping[str, list[Any]], Any]], file: RawFile
) -> tuple[Mapping[str, list[Any]], Any]:
    """Return the columns as lists of raw codes, and pyreadstat's metadata.

    Raises
    ------
    ReadError
        If the file is damaged, cut off or larger than can be held, or two columns have one name.
    """
    # Its defaults turn user-missing codes into NaN without a word, and one impossible date stops the whole file.
    settings = {"user_missing": True, "disable_datetime_conversion": True, "output_format": "dict"}
    encoding = file.text_option("encoding") or None
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        try:
            _, meta = reader(str(file.path), metadataonly=True, encoding=encoding, **settings)
            _refuse_large(meta, file)
            columns, meta = reader(str(file.path), encoding=encoding, **settings)
        except ReadError:
            raise
        except _reader_errors() as error:
            raise ReadError(_sentence(error, file)) from None
    if any("duplicated" in str(warning.message) for warning in raised):
        raise ReadError(f"{file.name} has columns of the same name, so a recipe cannot tell them apart: it is damaged.")
    return columns, meta


def _reader_errors() -> tuple[type[Exception], ...]:
    from pyreadstat import PyreadstatError, ReadstatError

    # On damaged files the reader in C also raises what its own conversions meet.
    return (ReadstatError, PyreadstatError, OSError, ValueError, TypeError, LookupError, OverflowError, MemoryError)


def _sentence(error: Exception, file: RawFile) -> str:
    known = next((sentence for sign, sentence in _SENTENCES if sign in str(error)), "")
    return f"{file.name} {known or 'is damaged: its parts contradict each other. Copy it again'}."


def _refuse_large(meta: Any, file: RawFile) -> None:
    cells = (meta.number_rows or 0) * (meta.number_columns or 0)
    if cells > LARGEST_TABLE:
        raise ReadError(f"{file.name} says it has {cells} cells; more than {LARGEST_TABLE} are not read.")


def text_column(cells: Sequence[Any]) -> pd.Series:
    """Return text; these formats cannot tell empty text from missing."""
    return pd.Series([cell if cell else pd.NA for cell in cells], dtype="string")


def number_column(cells: Sequence[Any]) -> pd.Series:
    """Return numbers; what is not a number (system-missing, letter codes) is missing."""
    values = np.array([np.nan if cell is None or isinstance(cell, str) else cell for cell in cells], dtype=np.float64)
    return pd.Series(pd.arrays.FloatingArray(values, np.isnan(values)))


def frame(series: Mapping[str, pd.Series], columns: Sequence[str]) -> pd.DataFrame:
    """Return the columns side by side, in the file's order."""
    return pd.DataFrame({name: series[name] for name in columns}, columns=list(columns))


def column_labels(meta: Any) -> dict[str, str]:
    """Return the labels of columns that have one."""
    return {name: label for name, label in meta.column_names_to_labels.items() if label}
