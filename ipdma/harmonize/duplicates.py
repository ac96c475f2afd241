"""Several rows of a source that say the same thing of one participant: which of them counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma.harmonize.basic_steps import number
from ipdma.harmonize.code_column import code_column
from ipdma.harmonize.day_steps import date
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.row_keys import id_text, key_numbers
from ipdma.harmonize.step import About
from ipdma.schemas.recipe import Duplicates

_UNDECIDED = (
    "rows with the same id{by} cannot be told apart by '{order}' in {n}: it is missing, alike or unreadable in them. "
    "Which of them counts is unknown. Take another 'order', or ask for a correction."
)
_NOT_ALIKE = (
    "rows with the same id{by} differ in other columns in {n}, so they are no mere repetitions. Say 'keep: first' or "
    "'keep: last' with an 'order', or ask which is right."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Repeated:
    """Rows dropped because another counts, and rows of which none can be chosen, with the reason in words."""

    dropped: np.ndarray
    undecided: np.ndarray
    message: str = ""


def find_repeated(
    rule: Duplicates,
    raw: RawTable,
    values: pd.DataFrame,
    ids: Sequence[np.ndarray],
    keep: np.ndarray,
    *,
    decimal: str = ".",
) -> Repeated:
    """Return which rows a rule drops.

    Parameters
    ----------
    raw
        The file, all of whose columns must be alike in rows that merely repeat each other.
    values
        The columns the recipe reads, missing codes made missing.
    ids
        Trial and participant of each row.
    keep
        The rows that count.
    decimal
        The file's decimal sign.
    """
    key = key_numbers([*ids, *(id_text(values[column]) for column in rule.by)])
    several = keep & (np.bincount(key[keep], minlength=len(key) + 1)[key] > 1)
    nothing = np.zeros(len(key), dtype=bool)
    if not several.any():
        return Repeated(dropped=nothing, undecided=nothing)
    places = np.flatnonzero(several)
    by = "".join(f" and {column}" for column in rule.by)
    if rule.keep == "identical":
        undecided = _differing(raw, key, places)
        chosen, message = _first(key, places), _NOT_ALIKE
    else:
        rank, undecided = _ranks(rule, raw, values, key, places, decimal)
        order = places[np.argsort(rank if rule.keep == "first" else -rank, kind="stable")]
        chosen, message = _first(key, order), _UNDECIDED.replace("{order}", str(rule.order))
    dropped = several.copy()
    dropped[chosen] = False
    return Repeated(dropped=dropped, undecided=undecided, message=message.replace("{by}", by))


def _first(key: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the first place of each key."""
    return places[~pd.Series(key[places]).duplicated().to_numpy(dtype=bool)]


def _ranks(  # noqa: PLR0917
    rule: Duplicates, raw: RawTable, values: pd.DataFrame, key: np.ndarray, places: np.ndarray, decimal: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return what decides between rows, and where it does not: it is missing, or stands in two of them."""
    undecided = np.zeros(len(key), dtype=bool)
    if rule.order is None:
        return np.arange(len(places), dtype=np.float64), undecided
    cells = values[rule.order].iloc[places].reset_index(drop=True)
    about = About(display_format=raw.formats.get(rule.order, ""), decimal=decimal)
    if rule.date_format is None:
        rank = number(cells, None, about).values.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        days = pd.to_datetime(date(cells, rule.date_format, about).values, format="%Y-%m-%d")
        since = days - pd.Timestamp("1900-01-01")
        rank = (since / np.timedelta64(1, "D")).to_numpy(dtype=np.float64, na_value=np.nan)
    pairs = pd.DataFrame({"key": key[places], "rank": rank})
    bad = np.isnan(rank) | pairs.duplicated(keep=False).to_numpy(dtype=bool)
    undecided[places] = np.isin(key[places], key[places][bad])
    return np.nan_to_num(rank), undecided


def _differing(raw: RawTable, key: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return rows whose key has rows that differ in some column of the file."""
    cells = [code_column(raw.values[name].iloc[places]).index for name in raw.values.columns]
    whole = pd.DataFrame({"key": key[places], "whole": key_numbers(cells)})
    kinds = whole.groupby("key")["whole"].transform("nunique").to_numpy()
    undecided = np.zeros(len(key), dtype=bool)
    undecided[places] = kinds > 1
    return undecided
