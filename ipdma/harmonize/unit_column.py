"""Units of numbers a recipe reads from a file."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column
from ipdma.harmonize.fill_column import FilledColumn
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.step import some_failed
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import ColumnRule, UnitColumn
from ipdma.schemas.tables import Table
from ipdma.schemas.template import fill_template

_NO_UNIT = (
    "a number whose unit is missing or not in the map ({k} unknown) in {n}. Complete the map, or ask for the unit."
)


def convert_unit(
    rule: ColumnRule, column: FilledColumn, table: Table, rows: Prepared, gaps: Mapping[str, str]
) -> dict[str, FilledColumn]:
    """Return the columns a rule's ``unit`` changes: the unit's own column, or the values in the schema's unit."""
    if not rule.unit:
        return {}
    unit_column = f"{rule.column}_unit"
    own = unit_column in table.columns
    if isinstance(rule.unit, UnitColumn):
        target = next(iter(rule.unit.units.values())) if own else table.columns[rule.column].unit
        column = _row_by_row(rule.unit, column, target, rows.values[fill_template(rule.unit.column, gaps)])
    else:
        target = rule.unit
        if not own:
            factor = Quantity(1.0, rule.unit).to(table.columns[rule.column].unit)
            column = replace(column, values=column.values * factor)
    if not own:
        return {rule.column: column}
    units = pd.Series(target, index=column.values.index, dtype="string").mask(column.values.isna(), pd.NA)
    return {rule.column: column, unit_column: FilledColumn(values=units)}


def _row_by_row(unit: UnitColumn, column: FilledColumn, target: str, raw: pd.Series) -> FilledColumn:
    codes = code_column(raw)
    known = [Quantity(1.0, unit.units[code]).to(target) if code in unit.units else np.nan for code in codes.codes]
    factor = np.array([*known, np.nan])[codes.index]
    bad = column.values.notna().to_numpy(dtype=bool) & np.isnan(factor)
    failures = some_failed(bad, code="unit_unknown", message=_NO_UNIT, codes=codes.counts(bad))
    values = (column.values * np.where(bad | np.isnan(factor), 1.0, factor)).mask(bad, pd.NA)
    return FilledColumn(values=values, reasons=column.reasons, failures=failures)
