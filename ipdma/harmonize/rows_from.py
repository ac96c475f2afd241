"""As many rows of a common table as a raw column counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma.harmonize.basic_steps import number
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.step import Failure, some_failed
from ipdma.schemas.recipe import RowsFrom

_MOST = 1000
_NOT_A_COUNT = (
    f"something other than a whole number from 0 to {_MOST} in {{n}}, so the number of rows is unknown. List missing "
    "codes, or ask for a correction."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class CountedRows:
    """For each row to be made the place of its source row and its number from 1."""

    places: np.ndarray
    number: pd.Series
    failures: tuple[Failure, ...]


def count_rows(rule: RowsFrom, rows: Prepared) -> CountedRows:
    """Return the rows that a count makes; a missing count makes none."""
    step = number(rows.values[rule.count], None, rows.about(rule.count))
    counts = step.values.to_numpy(dtype=np.float64, na_value=0.0)
    bad = (counts < 0) | (counts > _MOST) | (counts != np.floor(counts))
    whole = np.where(bad, 0, counts).astype(np.int64)
    places = np.repeat(np.arange(len(whole)), whole)
    first = np.repeat(np.cumsum(whole) - whole, whole)
    numbers = pd.Series(pd.array(np.arange(len(places)) - first + 1, dtype="Int64"))
    failures = (*step.failures, *some_failed(bad, code="not_a_count", message=_NOT_A_COUNT))
    return CountedRows(places=places, number=numbers, failures=failures)
