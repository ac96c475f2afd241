"""What every reader fills: a raw file as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class JoinedColumn:
    """Where a column comes from that is taken from another source.

    Its name there, each row's number there, and the decimal sign of that file.
    """

    source: str
    column: str
    rows: np.ndarray
    decimal: str = "."


@dataclass(frozen=True, kw_only=True, eq=False)
class RawTable:
    """A raw file, or one sheet of it, with nothing converted, guessed or dropped.

    Parameters
    ----------
    file, reader, sheet, sha256, encoding
        The file as the recipe names it, how it was read, and the hash of its bytes.
    values
        Raw codes by column: dtype ``string`` (text), ``Float64`` (numbers of SPSS and Stata) or ``object`` (Excel cells
        as Python values); missing is ``pd.NA``.
    rows
        For each row its number as a person sees it who opens the file (the header of a CSV file is row 1).
    labels, value_labels
        Column labels, and for each column the label of each code.
    missing_codes
        User-declared missing codes of each column: (low, high) ranges, low equal to high for a single code; text in
        a text column.
    missing_reasons
        For each column, by row position (from 0), why a cell is ``pd.NA`` where the format says so: the letter codes
        (".a") of extended missing values, "not calculated" for an Excel formula whose value was never stored, or
        "not_in_source" where a joined column has no partner.
    formats
        Display formats as the file states them (``DATE11``, ``%td``).
    joined
        Columns that were taken from another source.
    """

    file: str
    reader: str
    sha256: str
    values: pd.DataFrame
    rows: np.ndarray
    sheet: str = ""
    encoding: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[object, str]] = field(default_factory=dict)
    missing_codes: Mapping[str, tuple[tuple[float | str, float | str], ...]] = field(default_factory=dict)
    missing_reasons: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, JoinedColumn] = field(default_factory=dict)
