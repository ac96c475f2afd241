"""Excel workbooks (.xlsx): one sheet, every cell as the value Excel stored."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import ReadError
from ipdma.harmonize.column_names import column_names, merged_header
from ipdma.harmonize.excel_archive import check_archive
from ipdma.harmonize.raw_file import LARGEST_TABLE, RawFile
from ipdma.harmonize.raw_table import RawTable
from ipdma.schemas.code_text import code_text

OPTIONS = ("sheet", "header_row", "first_row", "last_row")
NOT_CALCULATED = "not calculated"
_LAST_ROW = 1_048_576
_DAMAGED = (zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, ValueError, TypeError, LookupError,
            AttributeError, OverflowError)  # fmt: skip


def read_excel(file: RawFile) -> RawTable:
    """Return the cells of a sheet as Python values: text, number, truth value, date, time; an empty cell is missing.

    Options: ``sheet`` (its name, or its position from 1; needed where there are several), ``header_row`` (default 1;
    0: no row holds names; a list: their cells make the names together), ``first_row`` and ``last_row`` of the data.
    Rows keep the numbers that Excel shows; a row with no value in any cell is no row. A formula counts as its stored
    result; ``missing_reasons`` says where none was stored.

    Raises
    ------
    ReadError
        If the workbook is damaged, is too large or unpacks to far more than it should, has no such sheet, or two
        columns have one name.
    """
    has_formulas = check_archive(file)
    with _workbook(file, data_only=True) as workbook:
        title = _title(workbook.worksheets, file)
        waiting = _not_calculated(file, title) if has_formulas else {}
        cells = _cells(workbook[title], file, waiting)
    layout = file.layout()
    header = _header(cells, layout.header, f"{file.name}, sheet '{title}'")
    body = {row: values for row, values in cells.items() if layout.holds(row)}
    width = max([len(header), *map(len, body.values())])
    names = column_names(header, width=width, file=f"{file.name}, sheet '{title}'")
    return RawTable(
        file=file.name,
        reader="excel",
        sheet=title,
        sha256=file.sha256,
        values=_frame(list(body.values()), names),
        rows=np.array(list(body), dtype=np.int64),
        missing_reasons=_reasons(waiting, list(body), names),
    )


def _header(cells: Mapping[int, list[Any]], rows: tuple[int, ...], place: str) -> list[str]:
    """Return the cells of the header row, or of several as one."""
    for row in rows:
        if row not in cells:
            raise ReadError(f"{place}: row {row}, which should hold the names, is empty.")
    found = [[code_text(cell) if cell is not None else "" for cell in cells[row]] for row in rows]
    return merged_header(found) if len(found) > 1 else found[0] if found else []


def sheet_names(file: RawFile) -> tuple[str, ...]:
    """Return the names of the sheets that hold cells (charts have none).

    Raises
    ------
    ReadError
        If the workbook cannot be opened.
    """
    check_archive(file)
    with _workbook(file, data_only=True) as workbook:
        return tuple(sheet.title for sheet in workbook.worksheets)


def whole_workbook(file: RawFile) -> AbstractContextManager[Any]:
    """Open a workbook with all its looks, which takes much longer than its values alone.

    Raises
    ------
    ReadError
        If the workbook cannot be opened.
    """
    check_archive(file)
    return _workbook(file, data_only=True, read_only=False)


@contextmanager
def _workbook(file: RawFile, *, data_only: bool, read_only: bool = True) -> Iterator[Any]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # features of Excel (validation, styles) that hold no values
        try:
            workbook = load_workbook(io.BytesIO(file.data), read_only=read_only, data_only=data_only, keep_links=False)
            try:
                yield workbook
            finally:
                workbook.close()
        except (*_DAMAGED, InvalidFileException):
            raise ReadError(f"{file.name} is a damaged Excel workbook. Open it in Excel and save it again.") from None


def _title(sheets: list[Any], file: RawFile) -> str:
    titles = [sheet.title for sheet in sheets]
    wanted = file.options.get("sheet")
    if not titles:
        raise ReadError(f"{file.name} has no sheet with cells.")
    if wanted is None and len(titles) > 1:
        raise ReadError(f"{file.name} has {len(titles)} sheets; state option 'sheet'. Known: {', '.join(titles)}.")
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        if not 1 <= wanted <= len(titles):
            raise ReadError(f"{file.name} has {len(titles)} sheets, but option 'sheet' says {wanted}.")
        return str(titles[wanted - 1])
    if wanted is not None and wanted not in titles:
        raise ReadError(f"{file.name} has no sheet '{wanted}'{did_you_mean(wanted, titles)}")
    return str(wanted or titles[0])


def _cells(sheet: Any, file: RawFile, waiting: Mapping[int, tuple[int, ...]]) -> dict[int, list[Any]]:
    """Return the values of each row that has any, by row number, without empty cells at the right.

    A formula that no program calculated is no empty cell: a row of such formulas is a row.
    """
    sheet.reset_dimensions()  # files of other programs state them wrongly, and cells outside would be lost
    rows: dict[int, list[Any]] = {}
    count = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        last = max((place for place, value in enumerate(values, 1) if value not in (None, "")), default=0)
        last = max((last, *waiting.get(number, ())))
        count += last
        if number > _LAST_ROW or count > LARGEST_TABLE:
            raise ReadError(f"{file.name} has more than {_LAST_ROW} rows or {LARGEST_TABLE} cells; it is not read.")
        if last:
            rows[number] = list(values[:last])
    if not rows:
        raise ReadError(
            f"{file.name}, sheet '{sheet.title}' is empty. State option 'sheet', if the data stand elsewhere."
        )
    return rows


def _frame(rows: list[list[Any]], names: list[str]) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for place, name in enumerate(names):
        cells = np.empty(len(rows), dtype=object)
        for at, row in enumerate(rows):
            cells[at] = row[place] if place < len(row) and row[place] not in (None, "") else pd.NA
        columns[name] = pd.Series(cells, dtype=object)
    return pd.DataFrame(columns, columns=names)


def _not_calculated(file: RawFile, title: str) -> dict[int, tuple[int, ...]]:
    """Find formulas that no program calculated, by row number their places from 1: they look empty, but are not.

    A result that is empty text is stored with the type of a text; a formula without a result has no type.
    """
    found: dict[int, tuple[int, ...]] = {}
    with _workbook(file, data_only=True) as results, _workbook(file, data_only=False) as formulas:
        for sheet in (results[title], formulas[title]):
            sheet.reset_dimensions()
        pairs = zip(results[title].iter_rows(), formulas[title].iter_rows(), strict=False)
        for number, (values, texts) in enumerate(pairs, 1):
            cells = enumerate(zip(values, texts, strict=False), 1)
            places = [at for at, (value, text) in cells if text.data_type == "f" and _has_no_result(value)]
            if places:
                found[number] = tuple(places)
    return found


def _has_no_result(cell: Any) -> bool:
    return cell.value is None and cell.data_type == "n"


def _reasons(waiting: Mapping[int, tuple[int, ...]], rows: list[int], names: list[str]) -> dict[str, dict[int, str]]:
    """Return by column and row position where a formula was not calculated."""
    found: dict[str, dict[int, str]] = {}
    for at, row in enumerate(rows):
        for place in waiting.get(row, ()):
            found.setdefault(names[place - 1], {})[at] = NOT_CALCULATED
    return found
