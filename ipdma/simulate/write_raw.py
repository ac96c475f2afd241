"""Raw files in the formats trial centers send: the same cells always give the same bytes."""

import csv
import io
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import pyreadstat
from openpyxl import Workbook

from ipdma.simulate.design import FileLayout
from ipdma.simulate.layout import RawSheet

_SAV_CREATED = slice(92, 109)  # "dd mmm yyhh:mm:ss" in the header record of a .sav file
_DTA_CREATED = re.compile(rb"<timestamp>.*?</timestamp>", flags=re.DOTALL)
_XLSX_TIMES = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_raw(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    """Write a raw file in the format its layout says: csv, spss, stata or excel."""
    writers = {"csv": _write_csv, "spss": _write_spss, "stata": _write_stata, "excel": _write_excel}
    writers[layout.format](sheet, layout, path)


def _write_csv(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    """Semicolons, decimal commas, Windows' western code page and line ends: what a German Excel saves as CSV."""
    del layout
    with path.open("w", encoding="cp1252", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(sheet.cells.columns)
        writer.writerows([_text(cell) for cell in row] for row in sheet.cells.itertuples(index=False))


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _text(cell: object) -> str:
    if _is_empty(cell):
        return ""
    return f"{cell:.10g}".replace(".", ",") if isinstance(cell, float) else str(cell)


def _value_labels(layout: FileLayout) -> dict[str, dict[Any, str]]:
    return {column.name: dict(column.labels) for column in layout.columns if column.labels}


def _write_spss(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    code = layout.not_answered
    pyreadstat.write_sav(
        sheet.cells,
        str(path),
        column_labels=dict(sheet.labels),
        variable_value_labels=_value_labels(layout),
        missing_ranges={} if code is None else {name: [float(code)] for name in sheet.item_columns},
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


def _write_excel(sheet: RawSheet, layout: FileLayout, path: Path) -> None:
    book = Workbook()
    page = book.active
    page.title = layout.sheet or "Sheet1"
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
