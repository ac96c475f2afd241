"""One column of a common table, filled from one source by one rule of the recipe."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    raw, reasons, about, failures = _start(rule, prepared, gaps)
    step = Step(values=raw, failures=failures)
    for operation in rule.do:
        after = OPERATIONS[operation.name](step.values, operation.argument, about)
        step = Step(values=after.values, failures=(*step.failures, *after.failures))
    final = to_type(step.values, kind, about)
    return FilledColumn(values=final.values, reasons=reasons, failures=(*step.failures, *final.failures))


def _start(
    rule: ColumnRule, prepared: Prepared, gaps: Mapping[str, str]
) -> tuple[pd.Series, np.ndarray | None, About, tuple[Failure, ...]]:
    """Return what the operations start from, with the reasons of its missing values."""
    rows = len(prepared.rows)
    if rule.kind == "from":
        column = fill_template(str(rule.value), gaps)
        return prepared.values[column], prepared.reasons.get(column), prepared.about(column), ()
    # A constant and a result of `calc` have no decimal comma of their own.
    if rule.kind == "calc":
        values, reasons, failures = _calculated(str(rule.value), prepared, gaps)
        return values, reasons, About(), failures
    constant = pd.NA if rule.value is None or rule.kind == "nothing" else rule.value
    return pd.Series(np.full(rows, constant, dtype=object)), None, About(), ()


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
