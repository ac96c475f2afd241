"""Rows of a common table that the recipe writes out itself: arms, visits."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from ipdma.errors import QuantityError
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.piece import Piece, VariableStatus
from ipdma.harmonize.step import About
from ipdma.harmonize.to_type import to_type
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import Block, Row, Scalar
from ipdma.schemas.tables import Column, Table


def fill_rows(
    block: Block, *, table: Table, recipe: str, trials: Sequence[str], without: Collection[str] = ()
) -> tuple[Piece | None, tuple[Finding, ...]]:
    """Return the rows for each trial of the recipe (a row that names its ``trial`` is for that one only)."""
    findings: list[Finding] = []
    cells = [_row_cells(row, table, recipe, findings) for row in block.rows]
    named = [(row, str(row.values["trial"])) for row in block.rows if row.values.get("trial") is not None]
    findings += [
        Finding(
            code="unknown_trial", message=f"the row is of '{trial}', a trial that this recipe does not fill.",
            recipe=recipe, table=table.name, column="trial", line=row.line,
        )
        for row, trial in named if trial not in {*trials, *without}
    ]  # fmt: skip
    if findings:
        return None, tuple(findings)
    filled = [
        ({**values, "trial": trial}, row.line)
        for trial in trials
        for row, values in zip(block.rows, cells, strict=True)
        if row.values.get("trial", trial) == trial
    ]
    names = dict.fromkeys(["trial", *(name for values, _ in filled for name in values)])
    frame = pd.DataFrame({name: _typed([v.get(name) for v, _ in filled], table.columns[name]) for name in names})
    piece = Piece(
        table=table.name,
        source="recipe",
        file=recipe,
        frame=frame,
        file_rows=np.array([line for _, line in filled], dtype=np.int64),
        status=tuple(_status(name, table, [values for values, _ in filled]) for name in names),
    )
    return piece, ()


def _status(name: str, table: Table, rows: Sequence[Mapping[str, Scalar]]) -> VariableStatus:
    """A column is there for the trials of which a row gives it."""
    trials = dict.fromkeys(str(values["trial"]) for values in rows if values.get(name) is not None)
    return VariableStatus(table=table.name, column=name, status="complete", trials=tuple(trials))


def _typed(cells: list[Scalar], column: Column) -> pd.Series:
    values = pd.Series([pd.NA if cell is None else cell for cell in cells], dtype=object)
    return to_type(values, column.type, About()).values


def _row_cells(row: Row, table: Table, recipe: str, findings: list[Finding]) -> dict[str, Scalar]:
    cells: dict[str, Scalar] = {}
    for name, value in row.values.items():
        try:
            cells.update(_cell(name, value, table))
        except QuantityError as error:
            findings.append(
                Finding(
                    code="bad_value", message=str(error), table=table.name, column=name, recipe=recipe, line=row.line
                )
            )
    return cells


def _cell(name: str, value: Scalar, table: Table) -> dict[str, Scalar]:
    """Return what a cell fills: ``dose: 50 mg`` fills the number and its unit."""
    column = table.columns[name]
    if column.type not in ("number", "integer") or value is None:
        return {name: value}
    quantity = Quantity.parse(value)
    unit_column = f"{name}_unit"
    if unit_column in table.columns:
        if not quantity.unit:
            raise QuantityError(
                f"{name} {quantity.value:g} has no unit. Write it like '{name}: {quantity.value:g} mg'."
            )
        return {name: quantity.value, unit_column: quantity.unit}
    if not quantity.unit:
        return {name: quantity.value}
    return {name: quantity.to(column.unit)}
