"""Items to a score: range checked, reversed items turned, missing items by the scale's own rule."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import ScaleError
from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score

NO_ITEMS = "no item answered"
TOO_MANY_MISSING = "too many items missing"
OUTSIDE = "an item outside its range"


def score_items(items: Mapping[str, pd.DataFrame], scale: Scale, score_name: str) -> pd.DataFrame:
    """Return the score of each row, how it came about, and why there is none.

    Parameters
    ----------
    items
        For each item set of the score a frame of numbers: one row an assessment, one column an item, in the order of
        the set's ``item_numbers``. All frames have the same index.
    scale, score_name
        The instrument and which of its scores.

    Returns
    -------
    DataFrame
        With the index of the items: ``value`` (Float64), ``value_source`` (``items``, or ``prorated`` where missing
        items were filled with the mean of the answered ones of their set) and ``reason`` (text: why there is no value).
        A row whose items are all missing is a visit without this instrument: reason ``no item answered``.

    Raises
    ------
    ScaleError
        If the scale has no such score, the score is not built from items, or a set's frame is absent or has another
        number of columns.

    Notes
    -----
    A mean is taken over the items answered in all sets together; ``difference`` is the first set's sum minus the
    second's. A mean or a maximum needs no filling, but the rule says from how many items it may be built.
    """
    score = _score(scale, score_name)
    sets = [scale.sets[name] for name in score.sets]
    values = [_numbers(items, name, items_of, scale) for name, items_of in zip(score.sets, sets, strict=True)]
    outside = np.any([_outside(array, items_of) for array, items_of in zip(values, sets, strict=True)], axis=0)
    turned = [_turned(array, items_of) for array, items_of in zip(values, sets, strict=True)]
    gaps = np.array([np.isnan(array).sum(axis=1) for array in turned])
    sizes = np.array([[items_of.number] for items_of in sets])
    empty = (gaps == sizes).all(axis=0)
    too_many = ~_allowed(gaps, sizes, score.missing_items).all(axis=0)
    reason = np.select([empty, outside, too_many], [NO_ITEMS, OUTSIDE, TOO_MANY_MISSING], default="")
    rejected = reason != ""
    total = np.where(rejected, 0.0, _build(turned, score))
    source = np.where((gaps > 0).any(axis=0), "prorated", "items")
    index = items[score.sets[0]].index
    return pd.DataFrame(
        {
            "value": pd.Series(pd.arrays.FloatingArray(total, rejected), index=index),
            "value_source": _text(source, missing=rejected, index=index),
            "reason": _text(reason, missing=~rejected, index=index),
        }
    )


def _score(scale: Scale, name: str) -> Score:
    if name not in scale.scores:
        raise ScaleError(f"scale '{scale.code}' has no score '{name}'{did_you_mean(name, scale.scores)}")
    score = scale.scores[name]
    if not score.sets:
        raise ScaleError(f"score '{name}' of scale '{scale.code}' is not built from items; use it as reported.")
    return score


def _numbers(items: Mapping[str, pd.DataFrame], name: str, items_of: ItemSet, scale: Scale) -> np.ndarray:
    """Return the items of a set as rows x items, missing as NaN."""
    if name not in items:
        raise ScaleError(f"scale '{scale.code}': items of set '{name}' are not given{did_you_mean(name, items)}")
    frame = items[name]
    if frame.shape[1] != items_of.number:
        raise ScaleError(
            f"scale '{scale.code}': set '{name}' has {items_of.number} items, but {frame.shape[1]} are given."
        )
    return frame.to_numpy(dtype=np.float64, na_value=np.nan)


def _outside(values: np.ndarray, items_of: ItemSet) -> np.ndarray:
    low, high = _limits(items_of)
    return ((values < low) | (values > high)).any(axis=1)


def _turned(values: np.ndarray, items_of: ItemSet) -> np.ndarray:
    """Turn reversed items around, so that more of each item means more of the score."""
    low, high = _limits(items_of)
    turn = np.isin(items_of.item_numbers, items_of.reversed)
    return np.where(turn, low + high - values, values)


def _limits(items_of: ItemSet) -> tuple[np.ndarray, np.ndarray]:
    ranges = np.array([items_of.range_of(item) for item in items_of.item_numbers])
    return ranges[:, 0], ranges[:, 1]


def _allowed(gaps: np.ndarray, sizes: np.ndarray, rule: MissingItems) -> np.ndarray:
    """Say for each set (rows of the array) and assessment whether so many items may be missing."""
    if rule.rule == "at_most":
        return (gaps <= rule.limit) & (gaps < sizes)
    # A share such as 0.2 of 10 items must allow 2, whatever 0.2 * 10 is in binary.
    limit = np.floor(rule.limit * sizes + 1e-9) if rule.rule == "prorate" else np.zeros_like(sizes)
    return (gaps <= limit) & (gaps < sizes)


def _build(sets: list[np.ndarray], score: Score) -> np.ndarray:
    if score.how == "mean":
        every = np.concatenate(sets, axis=1)
        answered = (~np.isnan(every)).sum(axis=1)
        return np.asarray(np.nansum(every, axis=1) / np.maximum(answered, 1))
    if score.how == "max":
        return np.asarray(np.fmax.reduce(np.concatenate(sets, axis=1), axis=1))
    sums = [_scaled_sum(array) for array in sets]
    return np.asarray(sums[0] - sums[1] if score.how == "difference" else np.sum(sums, axis=0))


def _scaled_sum(values: np.ndarray) -> np.ndarray:
    """Sum of a set, scaled up from the answered items to all."""
    answered = (~np.isnan(values)).sum(axis=1)
    total = np.nansum(values, axis=1)
    # Multiplied first and divided then: 18 * 10 / 9 is 20, while 18 * (10 / 9) is 20.000000000000004.
    return np.where(answered == values.shape[1], total, total * values.shape[1] / np.maximum(answered, 1))


def _text(values: np.ndarray, *, missing: np.ndarray, index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype="string").mask(pd.Series(missing, index=index))
