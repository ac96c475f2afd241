"""What a text file may be like, and what comes out of it."""

from pathlib import Path

import pandas as pd
import pytest

from ipdma.errors import ReadError
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_raw import read_raw


def read(folder: Path, data: bytes, **options: object) -> RawTable:
    path = folder / "main.csv"
    path.write_bytes(data)
    return read_raw(path, reader="csv", options=options, name="main.csv")


def cells(table: RawTable) -> list[list[object]]:
    return [[None if value is pd.NA else value for value in row] for row in table.values.itertuples(index=False)]


def test_every_cell_stays_the_text_it_is_and_an_empty_cell_is_missing(tmp_path: Path) -> None:
    table = read(tmp_path, b"id,age,note\n001,29,NA\n002,, x \n003,1e3,no\n")
    assert cells(table) == [["001", "29", "NA"], ["002", None, " x "], ["003", "1e3", "no"]]
    assert list(table.values.columns) == ["id", "age", "note"]
    assert set(map(str, table.values.dtypes)) == {"string"}


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    # Row 3 holds a line break within quotes, row 4 is an empty line.
    table = read(tmp_path, b'id,note\n1,a\n2,"b\nc"\n\n3,d\n')
    assert table.rows.tolist() == [2, 3, 5]
    assert cells(table)[1] == ["2", "b\nc"]


def test_decimal_commas_stay_as_they_are_in_a_semicolon_file_of_windows(tmp_path: Path) -> None:
    table = read(tmp_path, "id;größe\n1;1,75\n".encode("cp1252"), encoding="cp1252", delimiter=";", decimal=",")
    assert list(table.values.columns) == ["id", "größe"]
    assert cells(table) == [["1", "1,75"]]
    assert table.encoding == "cp1252"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_obeyed_and_does_not_become_part_of_the_first_name(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "id,größe\r\n1,2\r\n".encode(encoding))
    assert list(table.values.columns) == ["id", "größe"]
    assert cells(table) == [["1", "2"]]


def test_rows_above_the_header_row_are_passed_over(tmp_path: Path) -> None:
    table = read(tmp_path, b"Trial data\n\nid,x\n7,8\n", header_row=3)
    assert cells(table) == [["7", "8"]]
    assert table.rows.tolist() == [4]


def test_without_a_header_row_columns_are_named_by_position(tmp_path: Path) -> None:
    table = read(tmp_path, b"7,8\n9,10\n", header_row=0)
    assert list(table.values.columns) == ["column_1", "column_2"]
    assert table.rows.tolist() == [1, 2]


def test_a_column_without_a_name_is_named_by_position(tmp_path: Path) -> None:
    assert list(read(tmp_path, b'"","x"\n"1",2\n').values.columns) == ["column_1", "x"]


def test_a_tab_can_be_written_by_name(tmp_path: Path) -> None:
    assert cells(read(tmp_path, b"a\tb\n1\t2\n", delimiter="tab")) == [["1", "2"]]


def test_a_file_of_one_column_or_of_a_header_only_is_no_error(tmp_path: Path) -> None:
    assert cells(read(tmp_path, b"id\n1\n2\n")) == [["1"], ["2"]]
    table = read(tmp_path, b"id,x\n")
    assert table.values.shape == (0, 2)
    assert set(map(str, table.values.dtypes)) == {"string"}


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    # printf 'id\n1\n' | sha256sum
    assert read(tmp_path, b"id\n1\n").sha256 == "7cde7fb64fd82bd152710cf238e017b9ab46c0592483edc067ba4f6c75fac108"


SECRET = "Zygmunt"
BAD = {
    "empty": (b"", {}, r"main.csv is empty \(0 bytes\)"),
    "only empty lines": (b"\n\n\n", {}, "holds empty lines only"),
    "semicolons": (b"id;x\n1;Zygmunt\n", {}, "its first row holds ';'. State option 'delimiter'"),
    "tabs": (b"id\tx\n1\tZygmunt\n", {}, "its first row holds a tab"),
    "commas read as semicolons": (b"id,x\n1,Zygmunt\n", {"delimiter": ";"}, "divided by ';', but .* holds ','"),
    "not utf-8": ("id,x\n1,Zygmunt\n2,Größe\n".encode("cp1252"), {}, "main.csv is not utf-8 text: line 3 holds"),
    "utf-8 read as cp1252": ("id,x\n1,Größe\n".encode(), {"encoding": "cp1252"}, "UTF-8 text, but .* says cp1252"),
    "mark against option": ("﻿id\n1\n".encode(), {"encoding": "cp1252"}, "begins with the mark of utf-8"),
    "unknown encoding": (b"id\n1\n", {"encoding": "klingon"}, "encoding 'klingon' is not known"),
    "nul": (b"id,x\n1,Zyg\x00munt\n", {}, "NUL characters"),
    "utf-16 without mark": ("id,x\n1,2\n".encode("utf-16-le"), {}, "try option 'encoding: utf-16'"),
    "open quote": (b'id,x\n1,2\n2,"Zygmunt\n3,4\n', {}, "ends inside a quoted cell that begins in row 3"),
    "quote in a wrong place": (b'id,x\n1,"Zyg"munt\n', {}, "row 2 has a quote in a wrong place"),
    "a quote over the whole file": (b'id,x\n1,"' + b"Zygmunt," * 20_000, {}, "a quote is missing"),
    "short row": (b"id,x,y\n1,2,3\nZygmunt,5\n", {}, r"1 of 2 rows do not have the header row's 3 cells \(rows 3\)"),
    "long rows": (b"id,x\n" + b"1,2,Zygmunt\n" * 9, {}, r"9 of 9 rows .* \(rows 2, 3, 4, 5, 6, ...\)"),
    "same names": (b"id,Zygmunt,b,Zygmunt\n1,2,3,4\n", {}, "columns 2 and 4 have the same name"),
    "header row beyond": (b"id\n1\n", {"header_row": 9}, "has 2 rows, but option 'header_row' says 9"),
    "header row empty": (b"\nid\n1\n", {"header_row": 1}, "row 1 is empty"),
    "header row no number": (b"id\n1\n", {"header_row": "two"}, "must be a row number"),
    "delimiter of two signs": (b"id\n1\n", {"delimiter": "||"}, "must be one character, or tab"),
    "option of another reader": (b"id\n1\n", {"sheet": "a"}, "unknown option 'sheet'"),
    "misspelled option": (b"id\n1\n", {"delimeter": ";"}, "did you mean 'delimiter'"),
    "encoding no text": (b"id\n1\n", {"encoding": 5}, "option 'encoding' must be text"),
    "a workbook": (b"PK\x03\x04....", {}, "main.csv is an Excel workbook .* Write 'reader: excel'"),
    "an SPSS file": (b"$FL2....", {}, "Write 'reader: spss'"),
    "a Stata file": (b"<stata_dta>....", {}, "Write 'reader: stata'"),
    "an old workbook": (b"\xd0\xcf\x11\xe0....", {}, "Save it as .xlsx without a password"),
    "a web page": (b"<!DOCTYPE html>", {}, "is a web page; no reader is for it"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gives_a_sentence_without_any_value(tmp_path: Path, case: str) -> None:
    data, options, match = BAD[case]
    with pytest.raises(ReadError, match=match) as caught:
        read(tmp_path, data, **options)
    message = str(caught.value)
    assert SECRET not in message
    assert str(tmp_path) not in message
    assert "\n" not in message
    assert caught.value.__cause__ is None
