"""A raw column as codes: each distinct value once, in one spelling."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma.schemas.code_text import code_text


@dataclass(frozen=True, eq=False)
class CodeColumn:
    """``index`` says for each row which of ``codes`` it holds; -1 where the value is missing."""

    index: np.ndarray
    codes: tuple[str, ...]

    def isin(self, wanted: Iterable[str]) -> np.ndarray:
        """Return which rows hold one of the codes."""
        chosen = set(wanted)
        # The last entry is what index -1, a missing value, points to.
        answer = np.array([*(code in chosen for code in self.codes), False], dtype=bool)
        return np.asarray(answer[self.index])

    def counts(self, where: np.ndarray) -> Mapping[str, int]:
        """Return how often each code stands in the rows of a mask, most frequent first."""
        inside = self.index[where & (self.index >= 0)]
        number = np.bincount(inside, minlength=len(self.codes))
        order = np.argsort(-number, kind="stable")
        return {self.codes[at]: int(number[at]) for at in order if number[at]}


def plain_text(values: pd.Series) -> pd.Series:
    """Return a raw column as the text the file writes, without blanks around it; only a number loses empty decimals."""
    if isinstance(values.dtype, pd.StringDtype):
        return values.astype("string").str.strip()
    index, distinct = pd.factorize(_truths_apart(values), use_na_sentinel=True)
    cells = np.asarray(distinct, dtype=object)
    texts = [cell.strip() if isinstance(cell, str) else code_text(cell) for cell in cells]
    return pd.Series(np.array([*texts, None], dtype=object)[np.asarray(index, dtype=np.int64)]).astype("string")


def code_column(values: pd.Series) -> CodeColumn:
    """Return a raw column as codes (see :func:`ipdma.schemas.code_text.code_text`)."""
    index, distinct = pd.factorize(_truths_apart(values), use_na_sentinel=True)
    cells = np.asarray(distinct, dtype=object)  # an Arrow column gives its cells one by one, ten times slower
    return CodeColumn(np.asarray(index, dtype=np.int64), tuple(code_text(value) for value in cells))


def _truths_apart(values: pd.Series) -> pd.Series:
    """Return cells of Excel with truths as text: to Python TRUE and 1 are one value."""
    if values.dtype != object or not any(isinstance(cell, bool) for cell in values):
        return values
    return pd.Series([code_text(cell) if isinstance(cell, bool) else cell for cell in values], dtype=object)
