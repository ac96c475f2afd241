"""One column of a common table, filled from one source by one rule of the recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma.errors import ExpressionError
from ipdma.harmonize.expression import parse_expression
from ipdma.harmonize.operations import OPERATIONS
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.step import About, Failure, Step
from ipdma.harmonize.to_type import to_type
from ipdma.schemas.recipe import ColumnRule
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
    if rule.kind == "from":
        column = fill_template(str(rule.value), gaps)
        step = _steps(Step(values=prepared.values[column]), rule, kind, prepared.about(column))
        return FilledColumn(values=step.values, reasons=prepared.reasons.get(column), failures=step.failures)
    # A constant and a result of `calc` have no decimal comma of their own.
    if rule.kind == "calc":
        values, reasons, failures = _calculated(str(rule.value), prepared, gaps)
        step = _steps(Step(values=values, failures=failures), rule, kind, About())
        return FilledColumn(values=step.values, reasons=reasons, failures=step.failures)
    return _constant(rule, kind, len(prepared.rows))


def _steps(step: Step, rule: ColumnRule, kind: str, about: About) -> Step:
    """Return the values after the rule's operations, in the column's type."""
    for operation in rule.do:
        after = OPERATIONS[operation.name](step.values, operation.argument, about)
        step = Step(values=after.values, failures=(*step.failures, *after.failures))
    final = to_type(step.values, kind, about)
    return Step(values=final.values, failures=(*step.failures, *final.failures))


def _constant(rule: ColumnRule, kind: str, rows: int) -> FilledColumn:
    """Return a constant, worked out once and then repeated."""
    value = pd.NA if rule.value is None or rule.kind == "nothing" else rule.value
    step = _steps(Step(values=pd.Series([value], dtype=object)), rule, kind, About())
    repeat = np.zeros(rows, dtype=np.int64)
    failures = tuple(replace(failure, where=failure.where[repeat]) for failure in step.failures)
    return FilledColumn(values=step.values.take(repeat).reset_index(drop=True), failures=failures)


def _calculated(
    text: str, prepared: Prepared, gaps: Mapping[str, str]
) -> tuple[pd.Series, np.ndarray | None, tuple[Failure, ...]]:
    expression = parse_expression(fill_template(text, gaps))
    decimal = prepared.about("").decimal
    rows = len(prepared.rows)
    try:
        values = expression.evaluate(prepared.values, decimal=decimal)
    except ExpressionError as error:
        failure = Failure(code="calc_failed", message=str(error), where=np.ones(rows, dtype=bool))
        return pd.Series(pd.array([pd.NA] * rows, dtype="string")), None, (failure,)
    if values.dtype == "boolean":
        values = values.map({True: "yes", False: "no"}).astype("string")
    known = [prepared.reasons[name] for name in expression.names if name in prepared.reasons]
    return values, _first_known(known), ()


def _first_known(reasons: list[np.ndarray]) -> np.ndarray | None:
    if not reasons:
        return None
    first = reasons[0].copy()
    for other in reasons[1:]:
        first = np.where(pd.isna(first), other, first)
    return first
