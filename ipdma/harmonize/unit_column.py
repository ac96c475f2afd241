"""Units of numbers a recipe reads from a file."""

import pandas as pd

from ipdma.harmonize.fill_column import FilledColumn
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import ColumnRule
from ipdma.schemas.tables import Table


def convert_unit(rule: ColumnRule, column: FilledColumn, table: Table) -> dict[str, FilledColumn]:
    """Return the columns a rule's ``unit`` changes: the unit's own column, or the values in the schema's unit."""
    if not rule.unit:
        return {}
    unit_column = f"{rule.column}_unit"
    if unit_column in table.columns:
        units = pd.Series(rule.unit, index=column.values.index, dtype="string").mask(column.values.isna(), pd.NA)
        return {unit_column: FilledColumn(values=units)}
    factor = Quantity(1.0, rule.unit).to(table.columns[rule.column].unit)
    return {rule.column: FilledColumn(values=column.values * factor, reasons=column.reasons)}
