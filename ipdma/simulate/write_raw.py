"""Raw files in the formats trial centers send: the same cells always give the same bytes."""

import csv
import io
import math
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyreadstat
from openpyxl import Workbook

from ipdma.simulate.design import FileLayout
from ipdma.simulate.layout import RawSheet

_SAV_CREATED = slice(92, 109)  # "dd mmm yyhh:mm:ss" in the header record of a .sav file
_DTA_CREATED = re.compile(rb"<timestamp>.*?</timestamp>", flags=re.DOTALL)
_XLSX_TIMES = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


Part = tuple[RawSheet, FileLayout]


def write_raw(parts: Sequence[Part], path: Path) -> None:
    """Write a raw file in the format its layouts say: csv, spss, stata, or excel, where each part is a sheet."""
    if parts[0][1].format == "excel":
        _write_excel(parts, path)
        return
    writers = {"csv": _write_csv, "spss": _write_spss, "stata": _write_stata}
    sheet, layout = parts[0]
    writers[layout.format](sheet, layout, path)


def _write_csv(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    """Write cells with the layout's delimiter, decimal sign and code page, and Windows' line ends."""
    with path.open("w", encoding=layout.encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=layout.delimiter, lineterminator="\r\n")
        writer.writerow(sheet.cells.columns)
        rows = sheet.cells.itertuples(index=False)
        writer.writerows([_text(cell, layout.decimal) for cell in row] for row in rows)


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _text(cell: object, decimal: str) -> str:
    if _is_empty(cell):
        return ""
    return f"{cell:.10g}".replace(".", decimal) if isinstance(cell, float) else str(cell)


def _value_labels(layout: FileLayout) -> dict[str, dict[Any, str]]:
    return {column.name: dict(column.labels) for column in layout.columns if column.labels}


def _write_spss(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    pyreadstat.write_sav(
        sheet.cells,
        str(path),
        column_labels=dict(sheet.labels),
        variable_value_labels=_value_labels(layout),
        missing_ranges={name: [float(code) for code in codes] for name, codes in sheet.declared_missing.items()},
    )
    raw = bytearray(path.read_bytes())
    raw[_SAV_CREATED] = b"01 Jan 0000:00:00"
    path.write_bytes(raw)


def _write_stata(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    labels = dict(sheet.labels)
    pyreadstat.write_dta(
        sheet.cells, str(path), column_labels=labels, variable_value_labels=_value_labels(layout), version=14
    )
    created = b"01 Jan 2000 00:00"
    fixed = b"<timestamp>" + bytes([len(created)]) + created + b"</timestamp>"
    path.write_bytes(_DTA_CREATED.sub(lambda match: fixed, path.read_bytes(), count=1))


def _write_excel(parts: Sequence[Part], path: Path) -> None:
    book = Workbook()
    for number, (sheet, layout) in enumerate(parts, start=1):
        page = book.active if number == 1 else book.create_sheet()
        page.title = layout.sheet or f"Sheet{number}"
        for line in layout.title_rows:
            page.append([line])
        page.append(list(sheet.cells.columns))
        for row in sheet.cells.itertuples(index=False):
            page.append([_cell(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    _write_without_times(buffer, path)


def _cell(cell: object) -> object:
    if _is_empty(cell):
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _write_without_times(buffer: io.BytesIO, path: Path) -> None:
    """Copy a workbook with every time of writing replaced: the zip's own, and those in its properties."""
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _XLSX_TIMES.sub(b"2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
