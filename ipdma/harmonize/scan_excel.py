"""What an Excel sheet says beside its values: merged and colored cells, hidden rows, comments."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ipdma.harmonize.raw_file import open_raw_file
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_excel import whole_workbook


def sheet_notes(path: Path, raw: RawTable) -> list[str]:
    """Return notes on the looks of the sheet that a raw table was read from; none for other files.

    A color may be data ("yellow: dropped out") that no reader can take over: such data must become a column.

    Raises
    ------
    ReadError
        If the workbook can no longer be opened.
    """
    if raw.reader != "excel":
        return []
    file = open_raw_file(path, name=raw.file, options={}, known=())
    with whole_workbook(file) as workbook:
        return list(_notes(workbook[raw.sheet], set(raw.rows.tolist())))


def _notes(sheet: Any, rows: set[int]) -> Iterator[str]:
    if sheet.merged_cells.ranges:
        yield f"merged cells ({len(sheet.merged_cells.ranges)}): only the first cell of each holds its value"
    cells = [cell for row in sheet.iter_rows() if row[0].row in rows for cell in row]
    colored = sum(cell.fill is not None and cell.fill.fill_type == "solid" for cell in cells)
    if colored:
        yield f"colored cells ({colored}): a color that means something must become a column"
    struck = sum(cell.value is not None and cell.font is not None and bool(cell.font.strike) for cell in cells)
    if struck:
        yield f"cells struck through ({struck}): their values are read as any other"
    comments = sum(cell.comment is not None for cell in cells)
    if comments:
        yield f"comments ({comments}): they are not read"
    hidden = sum(bool(dimension.hidden) for row, dimension in sheet.row_dimensions.items() if row in rows)
    if hidden:
        yield f"hidden rows ({hidden}), by a filter perhaps: they are read as any other"
    if any(dimension.hidden for dimension in sheet.column_dimensions.values()):
        yield "hidden columns: they are read as any other"
