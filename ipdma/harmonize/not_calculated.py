"""Formulas of a workbook that no program calculated: their cells look empty, and would be lost as missing values."""

from collections.abc import Iterable, Iterator

import numpy as np

from ipdma.harmonize.finding import Finding
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_excel import NOT_CALCULATED
from ipdma.harmonize.step import counted


def without_result(raw: RawTable, column: str) -> np.ndarray:
    """Return in which rows a column holds a formula whose result was never stored."""
    where = np.zeros(len(raw.values), dtype=bool)
    where[[at for at, reason in raw.missing_reasons.get(column, {}).items() if reason == NOT_CALCULATED]] = True
    return where


def not_calculated(raw: RawTable, columns: Iterable[str], keep: np.ndarray) -> Iterator[Finding]:
    """Yield an error for each column that has such a formula in a row that counts.

    Parameters
    ----------
    columns
        The raw columns that are read.
    keep
        The rows that count.
    """
    for column in columns:
        where = without_result(raw, column) & keep
        if where.any():
            rows = tuple(int(row) for row in raw.rows[where])
            message = (
                f"column '{column}' holds a formula without a stored result in {counted(len(rows), 'row')}, so its "
                "values would be lost as missing. Open the workbook in a spreadsheet program, save it and run again."
            )
            yield Finding(code="not_calculated", message=message, file=raw.file, rows=rows, count=len(rows))
