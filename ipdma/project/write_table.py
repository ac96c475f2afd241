"""Tables as CSV files that no spreadsheet runs as formulas."""

from pathlib import Path

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: object) -> object:
    """Return a text that a spreadsheet would take for a formula with an apostrophe before it; all else as it is.

    Examples
    --------
    >>> neutral("=1+1"), neutral(-1.5), neutral("trial_a")
    ("'=1+1", -1.5, 'trial_a')
    """
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 CSV; numbers keep all their digits."""
    safe = table.copy()
    for position in range(len(table.columns)):
        column = table.iloc[:, position]
        if not pd.api.types.is_numeric_dtype(column):
            safe.isetitem(position, [neutral(value) for value in column.astype(object)])
    safe.columns = pd.Index([neutral(column) for column in safe.columns])
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
