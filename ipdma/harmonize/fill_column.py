"""One column of a common table, filled from one source by one rule of the recipe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from ipdma.harmonize.column_origin import Origin, column_origin, first_known
from ipdma.harmonize.missing_reasons import MAPPED
from ipdma.harmonize.perform import perform
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.step import About, Failure, Step
from ipdma.harmonize.to_type import to_type
from ipdma.schemas.recipe import ColumnRule, Operation, Since
from ipdma.schemas.template import fill_template


@dataclass(frozen=True, kw_only=True, eq=False)
class FilledColumn:
    """Values of the schema's type, the reason of each missing one (``None`` where none is known), and failures."""

    values: pd.Series
    reasons: np.ndarray | None = None
    failures: tuple[Failure, ...] = ()


def fill_column(rule: ColumnRule, prepared: Prepared, *, kind: str, gaps: Mapping[str, str]) -> FilledColumn:
    """Return a column of the common table.

    Parameters
    ----------
    rule
        What the recipe says.
    prepared
        The source's rows.
    kind
        Type of the column in the schema.
    gaps
        What fills the gaps of templates, by name.
    """
    steps = filled_steps(rule.do, gaps)
    beside = [item.argument.since for item in steps if isinstance(item.argument, Since)]
    if rule.kind == "nothing" or (rule.kind == "const" and not beside):
        return _constant(rule, kind, len(prepared.rows))
    origin = repeated(rule, prepared) if rule.kind == "const" else column_origin(rule, prepared, gaps)
    step = Step(values=origin.values, failures=origin.failures)
    done, mapped = apply_steps(step, steps, kind, about_origin(origin, prepared))
    known = [origin.reasons, *(prepared.reasons.get(name) for name in beside), mapped]
    return FilledColumn(values=done.values, reasons=first_known(known), failures=done.failures)


def filled_steps(steps: Sequence[Operation], gaps: Mapping[str, str]) -> list[Operation]:
    """Return the steps with the gaps of the raw columns they name filled."""
    return [
        replace(step, argument=replace(step.argument, since=fill_template(step.argument.since, gaps)))
        if isinstance(step.argument, Since)
        else step
        for step in steps
    ]


def apply_steps(step: Step, steps: Sequence[Operation], kind: str, about: About) -> tuple[Step, np.ndarray | None]:
    """Return the values after some operations, in the column's type, and the reason of those a map makes missing."""
    mapped: np.ndarray | None = None
    for operation in steps:
        done = perform(operation, step.values, about)
        step, about = replace(done.step, failures=(*step.failures, *done.step.failures)), done.about
        if operation.name in ("map", "map_label") and done.emptied.any():
            mapped = np.full(len(step.values), None, dtype=object) if mapped is None else mapped
            mapped[done.emptied] = MAPPED
    final = to_type(step.values, kind, about)
    return Step(values=final.values, failures=(*step.failures, *final.failures)), mapped


def about_origin(origin: Origin, prepared: Prepared) -> About:
    """What steps may know: also of values that no single raw column holds."""
    coded = None if origin.reasons is None else np.asarray(pd.notna(origin.reasons))
    return replace(origin.about, coded=coded, column=lambda name: prepared.values[name], of=prepared.about)


def repeated(rule: ColumnRule, prepared: Prepared) -> Origin:
    """A constant in every row, for steps that set it against another column: the day of a visit all had."""
    value = pd.NA if rule.value is None else rule.value
    return Origin(values=pd.Series([value] * len(prepared.rows), dtype=object), about=About())


def _constant(rule: ColumnRule, kind: str, rows: int) -> FilledColumn:
    """Return a constant, worked out once and then repeated."""
    value = None if rule.kind == "nothing" else rule.value
    step = _alone(value, kind) if not rule.do and isinstance(value, str | None) else _once(value, kind, rule.do)
    repeat = np.zeros(rows, dtype=np.int64)
    failures = tuple(replace(failure, where=failure.where[repeat]) for failure in step.failures)
    return FilledColumn(values=pd.Series(step.values.array.take(repeat)), failures=failures)


def _once(value: object, kind: str, steps: Sequence[Operation] = ()) -> Step:
    given = pd.NA if value is None else value
    return apply_steps(Step(values=pd.Series([given], dtype=object)), steps, kind, About())[0]


@lru_cache(maxsize=512)
def _alone(value: str | None, kind: str) -> Step:
    """Return a constant text as a column of one row: instruments, scores and raters recur in all recipes."""
    return _once(value, kind)
