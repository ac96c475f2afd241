"""The steps of a column's ``do`` list, by name. Each takes values and gives values; nothing is guessed.

Which argument a step takes is checked when the recipe is read (:mod:`ipdma.schemas.recipe_operation`).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ipdma.harmonize.basic_steps import number, text
from ipdma.harmonize.code_column import CodeColumn, code_column
from ipdma.harmonize.day_steps import date, minutes, study_day, time, years_since
from ipdma.harmonize.pattern_steps import quantity, regex_group
from ipdma.harmonize.step import About, Step, numbers, some_failed
from ipdma.schemas.code_text import code_text
from ipdma.schemas.quantity import Quantity

_NOT_IN_MAP = "the map lacks {k}, in {n}. Add what is lacking, or list it as a missing code."
_OUTSIDE = (
    "a value outside {span} in {n}, which cannot be reversed. A missing code that is not listed is the usual cause; "
    "else correct 'min' and 'max'."
)


def map_codes(values: pd.Series, argument: Mapping[str, Any], about: About) -> Step:
    """What the map says for each code; every code must be in it."""
    return _mapped(code_column(values), argument, _NOT_IN_MAP, code="code_not_in_map")


def map_label(values: pd.Series, argument: Mapping[str, Any], about: About) -> Step:
    """What the map says for each code's value label; every code must have a label, and every label be in the map."""
    labels = {code_text(code): str(label).strip() for code, label in about.value_labels.items()}
    column = code_column(values)
    unlabeled = ~column.isin(labels) & (column.index >= 0)
    failures = some_failed(
        unlabeled,
        code="code_without_label",
        message="the file gives no value label to {k}, in {n}. Use 'map', or list missing codes.",
        codes=column.counts(unlabeled),
    )
    named = CodeColumn(column.index, tuple(labels.get(code, "") for code in column.codes))
    index = np.where(unlabeled, -1, named.index)
    step = _mapped(CodeColumn(index, named.codes), argument, _NOT_IN_MAP, code="label_not_in_map")
    return Step(values=step.values, failures=(*failures, *step.failures))


def unit(values: pd.Series, argument: tuple[str, str], about: About) -> Step:
    """Numbers in another unit of the same kind."""
    step = number(values, None, about)
    factor = Quantity(1.0, argument[0]).to(argument[1])
    return Step(values=step.values * factor, failures=step.failures)


def round_to(values: pd.Series, argument: int, about: About) -> Step:
    """Numbers rounded to so many decimals (a half to the even neighbor, as IEEE 754 and NumPy do)."""
    step = number(values, None, about)
    return Step(values=step.values.round(argument), failures=step.failures)


def reverse(values: pd.Series, argument: tuple[float, float], about: About) -> Step:
    """The lowest plus the highest possible value minus the value."""
    step, (low, high) = number(values, None, about), argument
    data = step.values.to_numpy(dtype=np.float64, na_value=np.nan)
    bad = (data < low) | (data > high)
    message = _OUTSIDE.replace("{span}", f"{low:g} to {high:g}")
    failures = (*step.failures, *some_failed(bad, code="outside_reverse", message=message))
    return Step(values=numbers(low + high - data, np.isnan(data) | bad), failures=failures)


def blank(values: pd.Series, argument: Any, about: About) -> Step:
    """What stands for an empty cell in its place; a value that is missing by a code stays missing."""
    empty = values.isna().to_numpy(dtype=bool)
    if about.coded is not None:
        empty = empty & ~about.coded
    if not empty.any():
        return Step(values=values)
    if pd.api.types.is_numeric_dtype(values.dtype) and isinstance(argument, int | float):
        return Step(values=values.mask(empty, float(argument)))
    if isinstance(values.dtype, pd.StringDtype):
        return Step(values=values.mask(empty, _as_text(argument)))
    return Step(values=values.astype(object).mask(empty, argument))


OPERATIONS: Mapping[str, Callable[[pd.Series, Any, About], Step]] = {
    "text": text,
    "number": number,
    "date": date,
    "time": time,
    "minutes": minutes,
    "map": map_codes,
    "map_label": map_label,
    "unit": unit,
    "round": round_to,
    "regex_group": regex_group,
    "reverse": reverse,
    "study_day": study_day,
    "years_since": years_since,
    "quantity": quantity,
    "blank": blank,
}


def _mapped(column: CodeColumn, mapping: Mapping[str, Any], message: str, *, code: str) -> Step:
    unlisted = ~column.isin(mapping) & (column.index >= 0)
    targets = [mapping.get(name) for name in column.codes] + [None]
    values = _typed(np.array(targets, dtype=object), column.index)
    failures = some_failed(unlisted, code=code, message=message, codes=column.counts(unlisted))
    return Step(values=values, failures=failures)


def _typed(targets: np.ndarray, index: np.ndarray) -> pd.Series:
    present = [target for target in targets if target is not None]
    if present and all(isinstance(target, int | float) and not isinstance(target, bool) for target in present):
        data = np.array([np.nan if target is None else float(target) for target in targets])[index]
        return numbers(data, np.isnan(data))
    texts = np.array([None if target is None else _as_text(target) for target in targets], dtype=object)
    return pd.Series(texts[index], dtype="string")


def _as_text(target: object) -> str:
    return target if isinstance(target, str) else code_text(target)
