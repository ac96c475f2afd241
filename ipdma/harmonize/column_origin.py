"""Where the values of a column come from, before any step: raw columns, an expression, a constant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma.errors import ExpressionError
from ipdma.harmonize.basic_steps import text
from ipdma.harmonize.expression import Expression, parse_expression
from ipdma.harmonize.missing_reasons import NO_RESULT
from ipdma.harmonize.perform import filled_from
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.row_keys import id_text
from ipdma.harmonize.step import About, Failure
from ipdma.schemas.recipe import ColumnRule
from ipdma.schemas.template import fill_template


@dataclass(frozen=True, kw_only=True, eq=False)
class Origin:
    """Values, why they are missing where that is known, what steps may know of them, and what failed."""

    values: pd.Series
    about: About
    reasons: np.ndarray | None = None
    failures: tuple[Failure, ...] = ()


def raw_columns(rule: ColumnRule, gaps: Mapping[str, str]) -> tuple[str, ...]:
    """Return the raw columns a rule starts from.

    Raises
    ------
    ExpressionError
        If its expression is none.
    """
    if rule.kind == "calc":
        return parse_expression(fill_template(str(rule.value), gaps)).names
    named = (str(rule.value),) if rule.kind == "from" else rule.columns
    return tuple(fill_template(name, gaps) for name in named)


def column_origin(rule: ColumnRule, prepared: Prepared, gaps: Mapping[str, str]) -> Origin:
    """Return what a rule of the kinds ``from``, ``calc``, ``first_of`` or ``paste`` starts from."""
    if rule.kind == "calc":
        return _calculated(fill_template(str(rule.value), gaps), prepared)
    columns = raw_columns(rule, gaps)
    if rule.kind == "paste":
        return _pasted(columns, prepared)
    first, *others = columns
    values = prepared.values[first]
    parts = [(values.notna().to_numpy(dtype=bool), prepared.about(first))]
    for other in others:
        mine = values.isna().to_numpy(dtype=bool) & prepared.values[other].notna().to_numpy(dtype=bool)
        parts.append((mine, prepared.about(other)))
        values = filled_from(values, prepared.values[other])
    return Origin(values=values, about=_of_parts(parts), reasons=_reasons(columns, prepared))


def _of_parts(parts: list[tuple[np.ndarray, About]]) -> About:
    """Return what is known of values from several columns: by part where these have other labels or formats."""
    about = parts[0][1]
    alike = all(
        (other.value_labels, other.display_format) == (about.value_labels, about.display_format) for _, other in parts
    )
    return about if alike else replace(about, parts=tuple(parts))


def _pasted(columns: tuple[str, ...], prepared: Prepared) -> Origin:
    parts = [id_text(text(prepared.values[column], None, About()).values) for column in columns]
    lost = np.any([part == "" for part in parts], axis=0)
    texts = pd.Series(["-".join(row) for row in zip(*parts, strict=True)], dtype="string").mask(lost, pd.NA)
    return Origin(values=texts, about=About(), reasons=_reasons(columns, prepared))


def _calculated(formula: str, prepared: Prepared) -> Origin:
    expression = parse_expression(formula)
    # A result of `calc` has no decimal comma of its own.
    about, rows = About(), len(prepared.rows)
    try:
        values = expression.evaluate(prepared.values, decimal=prepared.decimal, clocks=_clocks(expression, prepared))
    except ExpressionError as error:
        failure = Failure(code="calc_failed", message=str(error), where=np.ones(rows, dtype=bool))
        nothing = pd.Series(pd.array([pd.NA] * rows, dtype="string"))
        return Origin(values=nothing, about=about, failures=(failure,))
    if values.dtype == "boolean":
        values = values.map({True: "yes", False: "no"}).astype("string")
    known = _reasons(expression.names, prepared)
    return Origin(values=values, about=about, reasons=first_known([known, _no_result(expression, values, prepared)]))


def _clocks(expression: Expression, prepared: Prepared) -> set[str]:
    """Return the columns that SPSS shows as clock times: it counts their seconds."""
    return {name for name in expression.names if prepared.about(name).display_format.upper().startswith("TIME")}


def _no_result(expression: Expression, values: pd.Series, prepared: Prepared) -> np.ndarray | None:
    """Return the reason of results that are missing though nothing they are made of is, such as a division by zero."""
    lost = values.isna().to_numpy(dtype=bool).copy()
    for name in expression.names:
        lost &= prepared.values[name].notna().to_numpy(dtype=bool)
    if not lost.any():
        return None
    reasons = np.full(len(lost), None, dtype=object)
    reasons[lost] = NO_RESULT
    return reasons


def _reasons(columns: tuple[str, ...], prepared: Prepared) -> np.ndarray | None:
    return first_known([prepared.reasons.get(name) for name in columns])


def first_known(reasons: Sequence[np.ndarray | None]) -> np.ndarray | None:
    """Return for each row the first reason that is known; nothing where none is."""
    known = [found for found in reasons if found is not None]
    if not known:
        return None
    first = known[0].copy()
    for other in known[1:]:
        first = np.where(pd.isna(first), other, first)
    return first
