"""Common tables against the common schema: every break of a rule once, with all the rows it concerns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma.harmonize.finding import Finding
from ipdma.harmonize.row_origin import RowOrigin
from ipdma.harmonize.validate_links import check_links
from ipdma.harmonize.validate_scales import check_scales
from ipdma.schemas.quantity import known_units
from ipdma.schemas.scale import Scale
from ipdma.schemas.tables import Column, Table

_UNIT_COLUMNS = {"dose_unit"}
_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Broken:
    """A rule that some rows break: which rows, which rule, in words; ``severity`` warning where values are kept."""

    where: np.ndarray
    code: str
    message: str
    warning: bool = False


def validate(
    tables: Mapping[str, pd.DataFrame],
    schema: Mapping[str, Table],
    scales: Mapping[str, Scale],
    *,
    origin: pd.DataFrame | None = None,
) -> list[Finding]:
    """Return all that is wrong or doubtful in common tables, a finding for each rule, trial and file.

    Checked are the columns' types, missing values where none may be, ranges and categories (errors), plausible ranges
    (warnings), keys and the rows they point to, trials, arms and participants that nothing was recorded of, and
    assessments against their instrument's range. Columns that the schema does not know are passed over.

    Parameters
    ----------
    tables, schema, scales
        As in :class:`~ipdma.harmonize.consortium.Consortium`, and from
        :func:`~ipdma.schemas.tables.read_schema` and :func:`~ipdma.schemas.scale_file.read_scales`.
    origin
        Where rows came from, as in the consortium; with it findings carry files and file rows.
    """
    rows = RowOrigin(tables, origin)
    findings: list[Finding] = []
    for name, table in schema.items():
        frame = tables.get(name)
        if frame is None or (frame.empty and not len(frame.columns)):
            continue
        for column in table.columns.values():
            findings += _check_column(frame, table, column, rows)
    return [*findings, *check_links(tables, schema, rows), *check_scales(tables, scales, rows)]


def _check_column(frame: pd.DataFrame, table: Table, column: Column, rows: RowOrigin) -> Iterator[Finding]:
    if column.name not in frame:
        if column.core == "required" and len(frame):
            yield Finding(
                code="column_absent",
                message=f"{table.name} must have this column: {column.description}",
                table=table.name,
                column=column.name,
                count=len(frame),
            )
        return
    values = frame[column.name]
    if str(values.dtype) != column.dtype:
        yield Finding(
            code="wrong_type",
            message=f"the column holds {values.dtype} where the schema wants {column.dtype} ({column.type}).",
            table=table.name,
            column=column.name,
            count=len(frame),
        )
        return
    mend = "Write one of them in trials.csv." if table.name == "trials" else "Map the codes in the recipe."
    for broken in _broken_rules(values, column, frame, mend):
        yield from rows.findings(
            table.name,
            column.name,
            broken.where,
            code=broken.code,
            message=broken.message,
            severity="warning" if broken.warning else "error",
        )


def _broken_rules(values: pd.Series, column: Column, frame: pd.DataFrame, mend: str) -> Iterator[Broken]:
    if column.required:
        yield Broken(
            where=values.isna().to_numpy(dtype=bool),
            code="missing_value",
            message="a value is missing that must be there.",
        )
    if column.dtype == "string":
        yield from _broken_text(values, column, mend)
    else:
        yield from _broken_numbers(values, column, frame)


def _broken_text(values: pd.Series, column: Column, mend: str) -> Iterator[Broken]:
    yield Broken(where=_true(values == ""), code="empty_text", message="empty text stands where a value is missing.")
    some = values.notna().to_numpy(dtype=bool) & ~_true(values == "")
    if column.categories:
        yield Broken(
            where=some & ~values.isin(column.categories).to_numpy(dtype=bool),
            code="unknown_category",
            message=f"a value is none of the categories {', '.join(column.categories)}. {mend}",
        )
    if column.name in _UNIT_COLUMNS:
        yield Broken(
            where=some & ~values.isin(known_units()).to_numpy(dtype=bool),
            code="unit_unknown",
            message=f"a unit is none of those known: {', '.join(known_units())}.",
        )
    if column.pattern:
        yield Broken(
            where=some & ~_true(values.str.fullmatch(column.pattern)),
            code="wrong_form",
            message=f"a value does not have the form {column.pattern}",
        )
    if column.type == "date":
        days = pd.to_datetime(values.where(_true(values.str.fullmatch(_DAY))), format="%Y-%m-%d", errors="coerce")
        yield Broken(
            where=some & days.isna().to_numpy(dtype=bool),
            code="not_a_day",
            message="a value is not a day of the form 2024-12-31.",
        )


def _broken_numbers(values: pd.Series, column: Column, frame: pd.DataFrame) -> Iterator[Broken]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    some = values.notna().to_numpy(dtype=bool)
    finite = np.isfinite(numbers)
    yield Broken(
        where=some & ~finite,
        code="not_finite",
        message="a value is infinite or undefined, as after a division by zero.",
    )
    unit = f" {column.unit}" if column.unit not in ("", "1") else ""
    outside = np.zeros(len(values), dtype=bool)
    for beyond, limit, words in (
        (np.less, column.minimum, "below the smallest possible"),
        (np.less_equal, column.exclusive_minimum, "not above"),
        (np.greater, column.maximum, "above the largest possible"),
    ):
        if limit is not None:
            where = finite & beyond(numbers, limit)
            outside |= where
            yield Broken(where=where, code="impossible_value", message=f"a value is {words} {limit:g}{unit}.")
    if column.plausible is not None:
        where = finite & ~outside & _implausible(numbers, column, frame)
        low, high = column.plausible.minimum, column.plausible.maximum
        yield Broken(
            where=where,
            code="implausible_value",
            message=f"a value is outside the plausible {_span(low, high)}{unit}; it is kept. Ask the trialist.",
            warning=True,
        )


def _implausible(numbers: np.ndarray, column: Column, frame: pd.DataFrame) -> np.ndarray:
    rule = column.plausible
    assert rule is not None
    where = np.zeros(len(numbers), dtype=bool)
    if rule.minimum is not None:
        where |= numbers < rule.minimum
    if rule.maximum is not None:
        where |= numbers > rule.maximum
    for name, values in rule.unless.items():
        if name in frame:
            where &= ~frame[name].isin(values).to_numpy(dtype=bool)
    return where


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"minimum {low:g}" if low is not None else f"maximum {high:g}"
    return f"range {low:g} to {high:g}"


def _true(mask: pd.Series) -> np.ndarray:
    return mask.to_numpy(dtype=bool, na_value=False)
