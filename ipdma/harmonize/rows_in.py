"""Rows of one table among the rows of another."""

import numpy as np
import pandas as pd


def rows_in(frame: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Return for each row whether ``others`` holds the same values in its columns, taken in their order.

    Two missing values are the same. Columns may be of different types: a text is then no number, as within Python.

    >>> rows_in(pd.DataFrame({"trial": ["a", "b"]}), pd.DataFrame({"name": ["b"]})).tolist()
    [False, True]
    """
    code = np.zeros(len(others) + len(frame), dtype=np.int64)
    for name, other in zip(frame.columns, others.columns, strict=True):
        value, values = pd.factorize(_joined(others[other], frame[name]))
        code = pd.factorize(code * (len(values) + 1) + value)[0]  # numbered anew, so that no product grows too large
    return np.isin(code[len(others) :], code[: len(others)])


def _joined(first: pd.Series, second: pd.Series) -> pd.Series:
    if first.dtype != second.dtype:
        first, second = first.astype("object"), second.astype("object")
    return pd.concat([first, second], ignore_index=True)
