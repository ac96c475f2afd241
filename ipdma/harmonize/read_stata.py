"""Stata files (.dta): raw codes, labels and the letters of extended missing values, all kept."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ipdma.errors import ReadError
from ipdma.harmonize.raw_file import RawFile
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.readstat import column_labels, frame, number_column, read_columns, text_column


def read_stata(file: RawFile) -> RawTable:
    """Return the raw codes of a Stata file; ``missing_reasons`` keeps the letters of ``.a`` to ``.z``.

    Dates stay numbers (for ``%td`` days since 1 January 1960), and ``formats`` says which columns hold them. Rows are
    counted as in Stata: the first observation is row 1.

    Raises
    ------
    ReadError
        If the file is damaged or cut off, or its texts are not in the encoding that it or the recipe states.
    """
    from pyreadstat import read_dta

    if file.data.startswith(b"<stata_dta>") and not file.data.rstrip(b"\0\r\n ").endswith(b"</stata_dta>"):
        # Behind the values stand the value labels: the reader in C would lose them without a word.
        raise ReadError(f"{file.name} ends too early: it is cut off. Copy it again.")
    columns, meta = read_columns(read_dta, file)
    texts = {name for name in columns if meta.readstat_variable_types[name] == "string"}
    series = {name: text_column(cells) if name in texts else number_column(cells) for name, cells in columns.items()}
    values = frame(series, meta.column_names)
    letters = {name: _letters(cells) for name, cells in columns.items() if name not in texts}
    return RawTable(
        file=file.name,
        reader="stata",
        sha256=file.sha256,
        encoding=file.text_option("encoding") or meta.file_encoding or "",
        values=values,
        rows=np.arange(1, len(values) + 1, dtype=np.int64),
        labels=column_labels(meta),
        value_labels={name: _labels(labels) for name, labels in meta.variable_value_labels.items()},
        missing_reasons={name: reasons for name, reasons in letters.items() if reasons},
        formats={name: str(form) for name, form in meta.original_variable_types.items() if form},
    )


def _letters(cells: Sequence[Any]) -> dict[int, str]:
    return {place: f".{cell}" for place, cell in enumerate(cells) if isinstance(cell, str)}


def _labels(labels: Mapping[object, str]) -> dict[object, str]:
    return {f".{code}" if isinstance(code, str) else code: label for code, label in labels.items()}
