"""The codebook as text, with notes on the whole file."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from ipdma.harmonize.read_raw import read_raw
from ipdma.harmonize.scan_text import codebook_text, file_notes


def csv(folder: Path, text: str) -> list[str]:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return file_notes(read_raw(path, reader="csv", options={}, name="a.csv"))


def test_the_codebook_reads_like_this(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,arm,y\n" + "".join(f"{n:02d},{'ab'[n % 2]},\n" for n in range(12)), encoding="utf-8")
    assert codebook_text(read_raw(path, reader="csv", options={}, name="a.csv")).split("\n") == [
        "a.csv: 12 rows, 3 columns (reader csv, utf-8)",
        "id",
        "    number as text, 4 to 7",
        "    ! numbers with leading zeros; every value once: an id?",
        "arm",
        "    text",
        "    a (6); b (6)",
        "y",
        "    empty, 12 missing",
        "",
    ]


def test_a_header_row_in_another_place_is_suspected(tmp_path: Path) -> None:
    assert csv(tmp_path, "Our trial,,\nid,age,sex\n1,2,3\n") == [
        "2 of 3 columns have no name: the names may stand in another row (--header-row)"
    ]
    assert csv(tmp_path, "1,29,f\n2,31,m\n") == [
        "most column names are numbers: perhaps no row holds names (--header-row 0)"
    ]


def test_total_rows_are_suspected(tmp_path: Path) -> None:
    assert csv(tmp_path, "id,x\n1,2\n2,3\nTotal,5\nMean,2.5\n") == [
        "row 4 looks like a total, not a participant (leave it out by 'where')",
        "row 5 looks like a total, not a participant (leave it out by 'where')",
    ]


def test_what_an_excel_sheet_says_by_its_looks_is_counted(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["id", "x", "y"], ["a", 1, 2], ["b", 2, 3], ["c", 3, 4]):
        sheet.append(row)
    sheet["A2"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["B2"].font = Font(strike=True)
    sheet["B3"].comment = Comment("dropped out", "someone")
    sheet.merge_cells("A3:A4")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    raw = read_raw(path, reader="excel", options={}, name="a.xlsx")
    assert file_notes(raw, path) == [
        "merged cells (1): only the first cell of each holds its value",
        "colored cells (1): a color that means something must become a column",
        "cells struck through (1): their values are read as any other",
        "comments (1): they are not read",
        "hidden rows (1), by a filter perhaps: they are read as any other",
        "hidden columns: they are read as any other",
    ]
    assert "dropped out" not in codebook_text(raw, path)


@pytest.mark.published
def test_a_real_messy_workbook_is_described(reference_data: Path) -> None:
    path = reference_data / "messy_raw_files" / "messy_bp.xlsx"
    raw = read_raw(path, reader="excel", options={"header_row": 3}, name="messy_bp.xlsx")
    assert "merged cells" in codebook_text(raw, path)


def test_remarks_below_the_table_are_suspected(tmp_path: Path) -> None:
    rows = "".join(f"{n},1\n" for n in range(8))
    assert csv(tmp_path, f"id,sex\n{rows},Code\n,1 = male\n") == [
        "rows 10 to 11, the last, have nothing in the first column: remarks below the table? (option last_row: 9)"
    ]
    assert csv(tmp_path, f"id,sex\n{rows}") == []
    assert csv(tmp_path, f"id,sex\n,1\n{rows},1\n") == []  # the first column has gaps elsewhere too
