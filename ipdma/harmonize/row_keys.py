"""Whose row is it: ids of participants as text, and keys of several columns as numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import plain_text


def id_text(values: pd.Series) -> np.ndarray:
    """Return ids as the file writes them ("01", "1.0"), empty where missing; only a number loses empty decimals."""
    return plain_text(values).fillna("").to_numpy(dtype=object)


def joined_ids(values: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return the ids that several columns make together, ``-`` between them; empty where one of them is missing."""
    parts = [id_text(values[column]) for column in columns]
    if len(parts) == 1:
        return parts[0]
    lost = np.any([part == "" for part in parts], axis=0)
    return np.where(lost, "", np.array(["-".join(row) for row in zip(*parts, strict=True)], dtype=object))


def key_numbers(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return a number for each row, the same for rows that hold the same in all columns."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        value, values = pd.factorize(np.asarray(column, dtype=object), use_na_sentinel=False)
        code = pd.factorize(code * (len(values) + 1) + value)[0]  # numbered anew, so that no product grows too large
    return code
