"""Excel workbooks: cells as stored, row numbers as shown; what cannot be a workbook ends in a sentence."""

import datetime
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ipdma.errors import ReadError
from ipdma.harmonize.raw_file import open_raw_file
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_excel import sheet_names
from ipdma.harmonize.read_raw import read_raw


def read(path: Path, **options: object) -> RawTable:
    return read_raw(path, reader="excel", options=options, name="main.xlsx")


def write(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path


DAY = datetime.datetime(2012, 4, 3)
DATA = [["id", "age", "day"], ["001", 29, DAY], [2, 29.5, "3.4.2012"], ["2*", None, True]]


def test_cells_stay_the_python_values_they_are_also_when_they_are_mixed(tmp_path: Path) -> None:
    table = read(write(tmp_path / "main.xlsx", ("Data", DATA)))
    assert table.values["id"].to_list() == ["001", 2, "2*"]
    assert table.values["age"].to_list() == [29, 29.5, pd.NA]
    assert table.values["day"].to_list() == [DAY, "3.4.2012", True]
    assert {str(dtype) for dtype in table.values.dtypes} == {"object"}
    assert (table.sheet, table.rows.tolist()) == ("Data", [2, 3, 4])


def test_rows_keep_the_numbers_that_excel_shows_and_empty_rows_are_none(tmp_path: Path) -> None:
    rows = [["Our trial"], [], ["id", "x"], [], ["a", 1], [], [None, 2]]
    table = read(write(tmp_path / "main.xlsx", ("Data", rows)), header_row=3)
    assert table.rows.tolist() == [5, 7]
    assert table.values["id"].to_list() == ["a", pd.NA]


def test_columns_without_a_name_are_named_by_position(tmp_path: Path) -> None:
    table = read(write(tmp_path / "main.xlsx", ("Data", [["id", None, 2012, 1.0], ["a", 1, 2, 3, 4]])))
    assert list(table.values.columns) == ["id", "column_2", "2012", "1", "column_5"]
    table = read(write(tmp_path / "main.xlsx", ("Data", [["a", 1]])), header_row=0)
    assert list(table.values.columns) == ["column_1", "column_2"]


def test_a_sheet_is_named_or_counted_from_one(tmp_path: Path) -> None:
    path = write(tmp_path / "main.xlsx", ("Notes", [["text"]]), ("Data", DATA))
    assert read(path, sheet="Data").sheet == read(path, sheet=2).sheet == "Data"
    assert sheet_names(open_raw_file(path, name="main.xlsx", options={}, known=())) == ("Notes", "Data")


def test_a_formula_counts_as_its_stored_result_and_one_without_is_listed(tmp_path: Path) -> None:
    path = write(tmp_path / "main.xlsx", ("Data", [["id", "sum", "y"], ["a", "=1+1", 3], ["b", "=2+2", 4]]))
    # openpyxl stores formulas without results; a result is put in by hand, as Excel would.
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"))
    path.write_bytes(data.getvalue())
    table = read(path)
    assert table.values["sum"].to_list() == [2, pd.NA]
    assert table.missing_reasons == {"sum": {1: "not calculated"}}


def stored(path: Path, old: bytes, new: bytes) -> RawTable:
    """The workbook after its XML was changed as a spreadsheet program would write it."""
    data = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(data, "w") as after:
        for part in before.namelist():
            after.writestr(part, before.read(part).replace(old, new))
    path.write_bytes(data.getvalue())
    return read(path)


def test_a_formula_whose_result_is_empty_text_was_calculated(tmp_path: Path) -> None:
    path = write(tmp_path / "main.xlsx", ("Data", [["id", "x"], ["a", '=IF(1,"")']]))
    table = stored(path, b'<c r="B2"><f>IF(1,"")</f><v />', b'<c r="B2" t="str"><f>IF(1,"")</f><v></v>')
    assert table.values["x"].to_list() == [pd.NA]
    assert table.missing_reasons == {}


def test_a_row_of_formulas_that_nobody_calculated_is_no_empty_row(tmp_path: Path) -> None:
    rows = [["id", "x"], ["a", 1], ["=A2", "=B2"], [], ["b", None, "=B2"]]
    table = read(write(tmp_path / "main.xlsx", ("Data", rows)))
    assert table.rows.tolist() == [2, 3, 5]
    assert list(table.values.columns) == ["id", "x", "column_3"]
    assert table.missing_reasons == {
        "id": {1: "not calculated"},
        "x": {1: "not calculated"},
        "column_3": {2: "not calculated"},
    }


def test_a_formula_outside_the_stated_dimension_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "main.xlsx", ("Data", [["id", "x"], ["a", "=1+1"]]))
    table = stored(path, b'<dimension ref="A1:B2"', b'<dimension ref="A1"')
    assert table.missing_reasons == {"x": {0: "not calculated"}}


def test_cells_outside_the_stated_dimension_are_not_lost(tmp_path: Path) -> None:
    path = write(tmp_path / "main.xlsx", ("Data", DATA))
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'<dimension ref="A1:C4"', b'<dimension ref="A1"'))
    path.write_bytes(data.getvalue())
    assert read(path).values.shape == (3, 3)


def archive(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return data.getvalue()


def workbook_with(**parts: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>", **parts})


BAD = {
    "a bomb": (workbook_with(**{"xl/worksheets/sheet1.xml": b"0" * 30_000_000}), "more than 200 times its size"),
    "many parts": (workbook_with(**{f"xl/{n}": b"" for n in range(5_001)}), "in 5003 parts; that much is not read"),
    "entities": (workbook_with(**{"xl/a.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}), "XML entities"),
    "another archive": (archive(**{"word/document.xml": b"<a/>"}), "a zip archive but no Excel workbook"),
    "a binary workbook": (archive(**{"xl/workbook.bin": b""}), r"a binary Excel workbook \(.xlsb\)"),
    "an empty workbook": (workbook_with(), "a damaged Excel workbook"),
    "no xml": (workbook_with(**{"_rels/.rels": b"Zygmunt <"}), "a damaged Excel workbook"),
    "a cut archive": (workbook_with()[:60], "a damaged Excel workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as .xlsx without a password"),
    "text": (b"id,x\n1,2\n", "main.xlsx is not an Excel workbook"),
    "SPSS": (b"$FL2", "Write 'reader: spss'"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_workbook_gives_a_sentence(tmp_path: Path, case: str) -> None:
    data, match = BAD[case]
    path = tmp_path / "main.xlsx"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=match) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    assert "Zygmunt" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({}, "has 3 sheets; state option 'sheet'. Known: Notes, Data, Empty"),
        ({"sheet": "data"}, "no sheet 'data', did you mean 'Data'"),
        ({"sheet": 9}, "has 3 sheets, but option 'sheet' says 9"),
        ({"sheet": True}, "no sheet 'True'"),
        ({"sheet": "Empty"}, "sheet 'Empty' is empty"),
        ({"sheet": "Notes"}, "columns 1 and 3 have the same name"),
        ({"sheet": "Data", "header_row": 8}, "row 8, which should hold the names, is empty"),
        ({"sheet": "Data", "delimiter": ";"}, "unknown option 'delimiter'"),
    ],
)
def test_options_that_do_not_fit_the_workbook_are_refused(
    tmp_path: Path, options: dict[str, object], match: str
) -> None:
    notes = [["Zygmunt", "b", "Zygmunt"], [1, 2, 3]]
    path = write(tmp_path / "main.xlsx", ("Notes", notes), ("Data", DATA), ("Empty", []))
    with pytest.raises(ReadError, match=match) as caught:
        read(path, **options)
    assert "Zygmunt" not in str(caught.value)


def test_no_cut_or_randomly_damaged_workbook_gives_anything_but_a_sentence(tmp_path: Path) -> None:
    path, chance = write(tmp_path / "main.xlsx", ("Data", DATA)), random.Random(1)
    whole = path.read_bytes()
    refused = 0
    for number in range(300):
        data = bytearray(whole if number % 3 else whole[: chance.randrange(4, len(whole))])
        for _ in range(chance.choice([1, 2, 10])):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            read(path)
        except ReadError:
            refused += 1
    assert refused > 100


def test_no_workbook_with_damaged_xml_gives_anything_but_a_sentence(tmp_path: Path) -> None:
    # Damage within the parts, packed again with right checksums.
    path, chance = write(tmp_path / "main.xlsx", ("Data", DATA)), random.Random(2)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    refused = 0
    for _ in range(300):
        name = chance.choice(sorted(parts))
        content = bytearray(parts[name])
        for _ in range(chance.choice([1, 3])):
            content[chance.randrange(len(content))] = chance.randrange(32, 127)
        path.write_bytes(archive(**{**parts, name: bytes(content)}))
        try:
            read(path)
        except ReadError:
            refused += 1
    assert refused > 100


@pytest.mark.published
def test_real_messy_workbooks_are_read_sheet_by_sheet(reference_data: Path) -> None:
    paths = sorted((reference_data / "messy_raw_files").glob("*.xlsx"))
    for path in paths:
        for sheet in sheet_names(open_raw_file(path, name=path.name, options={}, known=())):
            assert len(read(path, sheet=sheet).rows)
    assert len(paths) >= 7
