import dataclasses
import re
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from openpyxl import load_workbook

from ipdma.simulate.design import ColumnLayout, FileLayout
from ipdma.simulate.layout import RawSheet
from ipdma.simulate.write_raw import write_raw

COLUMNS = (
    ColumnLayout(name="grp", holds="arm", labels={1: "Drug", 2: "Placebo"}),
    ColumnLayout(name="q1", holds="items"),
)
SHEET = RawSheet(
    cells=pd.DataFrame(
        {
            "id": pd.Series(["A-01", "A-02", "A-03"], dtype=object),
            "grp": [1.0, 2.0, 1.0],
            "age": [34.5, 41.0, float("nan")],
            "q1": [3.0, 999.0, float("nan")],
            "höhe": pd.Series(["geprüft", None, "ja"], dtype=object),
        }
    ),
    labels={"id": "Person", "grp": "Group", "age": "Age", "q1": "Item 1", "höhe": "Remark"},
    declared_missing={"q1": (999,)},
)


def layout(kind: str) -> FileLayout:
    return FileLayout(file="x", format=kind, rows="participant", columns=COLUMNS, not_answered=999)  # type: ignore[arg-type]


def test_csv_has_semicolons_decimal_commas_and_western_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_raw([(SHEET, layout("csv"))], path)
    lines = path.read_bytes().decode("cp1252").split("\r\n")
    assert lines == ["id;grp;age;q1;höhe", "A-01;1;34,5;3;geprüft", "A-02;2;41;999;", "A-03;1;;;ja", ""]


def test_spss_declares_999_as_user_missing_and_keeps_labels(tmp_path: Path) -> None:
    path = tmp_path / "x.sav"
    write_raw([(SHEET, layout("spss"))], path)
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    assert frame["q1"].tolist()[:2] == [3.0, 999.0] and pd.isna(frame["q1"].iloc[2])
    assert meta.missing_ranges == {"q1": [{"lo": 999.0, "hi": 999.0}]}
    assert meta.variable_value_labels == {"grp": {1.0: "Drug", 2.0: "Placebo"}}
    assert meta.column_names_to_labels["höhe"] == "Remark"


def test_stata_keeps_labels_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "x.dta"
    write_raw([(SHEET, layout("stata"))], path)
    frame, meta = pyreadstat.read_dta(path)
    assert frame["age"].tolist()[:2] == [34.5, 41.0] and pd.isna(frame["age"].iloc[2])
    assert meta.variable_value_labels == {"grp": {1: "Drug", 2: "Placebo"}}


def test_excel_has_title_rows_above_the_header(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_raw([(SHEET, dataclasses.replace(layout("excel"), sheet="Data", title_rows=("A title", "A legend")))], path)
    rows = list(load_workbook(path)["Data"].iter_rows(values_only=True))
    assert [row[0] for row in rows[:2]] == ["A title", "A legend"]
    assert rows[2] == ("id", "grp", "age", "q1", "höhe")
    assert rows[3] == ("A-01", 1, 34.5, 3, "geprüft")
    assert rows[5] == ("A-03", 1, None, None, "ja")


@pytest.mark.parametrize("kind", ["csv", "spss", "stata", "excel"])
def test_the_same_cells_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_raw([(SHEET, layout(kind))], first)
    write_raw([(SHEET, layout(kind))], second)
    assert first.read_bytes() == second.read_bytes()


def test_the_time_of_writing_is_replaced_wherever_a_format_keeps_it(tmp_path: Path) -> None:
    for kind in ("spss", "stata", "excel"):
        write_raw([(SHEET, layout(kind))], tmp_path / kind)
    assert (tmp_path / "spss").read_bytes()[92:109] == b"01 Jan 0000:00:00"
    assert b"<timestamp>\x1101 Jan 2000 00:00</timestamp>" in (tmp_path / "stata").read_bytes()
    with zipfile.ZipFile(tmp_path / "excel") as book:
        assert {entry.date_time for entry in book.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        times = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", book.read("docProps/core.xml"))
        assert len(times) == 2 and set(times) == {b"2000-01-01T00:00:00Z"}


def test_each_part_of_an_excel_file_is_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    parts = [(SHEET, dataclasses.replace(layout("excel"), sheet=name)) for name in ("People", "Weekly")]
    write_raw(parts, path)
    book = load_workbook(path)
    assert book.sheetnames == ["People", "Weekly"]
    assert [row[0] for row in book["Weekly"].iter_rows(values_only=True)] == ["id", "A-01", "A-02", "A-03"]


def test_csv_is_written_with_the_layouts_delimiter_decimal_sign_and_encoding(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    english = dataclasses.replace(layout("csv"), delimiter=",", decimal=".", encoding="utf-8")
    write_raw([(SHEET, english)], path)
    assert path.read_bytes().decode("utf-8").split("\r\n")[:2] == ["id,grp,age,q1,höhe", "A-01,1,34.5,3,geprüft"]
