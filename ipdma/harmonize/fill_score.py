"""Scores computed from the items a recipe names."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma.harmonize.basic_steps import number
from ipdma.harmonize.fill_column import FilledColumn
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.score import NO_ITEMS, OUTSIDE, score_items
from ipdma.harmonize.step import Failure, some_failed
from ipdma.schemas.recipe import ScoreRule
from ipdma.schemas.scale import Scale
from ipdma.schemas.template import fill_template

_OUTSIDE = (
    "an item outside its range in {n}, so the score would be wrong or lost. A missing code that is not listed "
    "under 'missing: codes' is the usual cause; else ask for a correction."
)


def item_columns(rule: ScoreRule, scale: Scale, gaps: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each item set of the score the raw columns of its items, in the scale's order."""
    score = scale.scores[rule.score or scale.primary]
    only = rule.items.get("")
    return {
        name: [fill_template(only or rule.items[name], {**gaps, "i": item}) for item in scale.sets[name].item_numbers]
        for name in score.sets
    }


def fill_score(
    rule: ScoreRule, scale: Scale, prepared: Prepared, gaps: Mapping[str, str]
) -> tuple[dict[str, FilledColumn], tuple[Failure, ...]]:
    """Return the columns ``value`` and ``value_source``, and what is wrong with items."""
    columns = item_columns(rule, scale, gaps)
    failures: list[Failure] = []
    items = {name: _numbers(named, prepared, failures) for name, named in columns.items()}
    scored = score_items(items, scale, rule.score or scale.primary)
    outside = (scored["reason"] == OUTSIDE).fillna(False).to_numpy(dtype=bool)
    failures += some_failed(outside, code="item_outside_range", message=_OUTSIDE)
    every = [column for named in columns.values() for column in named]
    value = FilledColumn(values=scored["value"], reasons=_reasons(scored["reason"], every, prepared))
    return {"value": value, "value_source": FilledColumn(values=scored["value_source"])}, tuple(failures)


def _numbers(columns: list[str], prepared: Prepared, failures: list[Failure]) -> pd.DataFrame:
    items: dict[str, np.ndarray] = {}
    for column in columns:
        step = number(prepared.values[column], None, prepared.about(column))
        items[column] = step.values.to_numpy(dtype=np.float64, na_value=np.nan)
        failures += step.failures
    return pd.DataFrame(np.column_stack(list(items.values())), columns=list(items))


def _reasons(rejected: pd.Series, columns: list[str], prepared: Prepared) -> np.ndarray:
    """Return why a score is missing: what the codes of its items say, else the scale's rule."""
    empty = (rejected == NO_ITEMS).fillna(False).to_numpy(dtype=bool)
    reasons = np.array(rejected.astype(object), dtype=object)  # a copy: a column of pandas may be read-only
    reasons[pd.isna(reasons)] = None
    reasons[empty] = None  # a visit without any item is known by having no row, unless a code says why
    for column in columns:
        if column in prepared.reasons:
            unknown = empty & pd.isna(reasons)
            reasons[unknown] = prepared.reasons[column][unknown]
    return reasons
