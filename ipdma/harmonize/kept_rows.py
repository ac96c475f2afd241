"""Which rows of a source count."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column
from ipdma.schemas.recipe import Condition


def kept_rows(values: pd.DataFrame, where: Mapping[str, Condition]) -> np.ndarray:
    """Return which rows fulfill the condition of every column.

    A missing value is none of the codes that keep a row, and none of those that ``not`` leaves out.
    """
    keep = np.ones(len(values), dtype=bool)
    for column, condition in where.items():
        keep &= _fulfilled(values[column], condition)
    return keep


def _fulfilled(values: pd.Series, condition: Condition) -> np.ndarray:
    if condition.kind in ("present", "missing"):
        present = values.notna().to_numpy(dtype=bool)
        return present if condition.kind == "present" else ~present
    held = code_column(values).isin(condition.codes)
    return held if condition.kind == "codes" else ~held
