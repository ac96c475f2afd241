from pathlib import Path

import openpyxl
import pytest

from ipdma.harmonize.trials_file import merge_trials, read_trials
from ipdma.schemas.tables import read_schema

TABLE = read_schema()["trials"]


def write(folder: Path, *lines: str) -> Path:
    path = folder / "trials.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_columns_have_the_types_of_the_schema_and_domains_of_bias_are_text(tmp_path: Path) -> None:
    frame, findings = read_trials(write(tmp_path, "trial,year,rob_blinding", "a,2012,low", "b,,"), TABLE)
    assert findings == []
    assert frame is not None
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "trial": "string",
        "year": "Int64",
        "rob_blinding": "string",
    }


def test_a_workbook_will_do(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["trial", "year"], ["a", 2012]):
        book.active.append(row)
    book.save(tmp_path / "trials.xlsx")
    frame, findings = read_trials(tmp_path / "trials.xlsx", TABLE)
    assert findings == []
    assert frame is not None
    assert frame["year"].tolist() == [2012]


@pytest.mark.parametrize(
    ("lines", "code", "message"),
    [
        (["trial,labl", "a,A"], "unknown_column", "no column 'labl', did you mean 'label'?"),
        (["label", "A"], "column_absent", "the column 'trial' is missing. Add it."),
        (["trial,year", "a,soon"], "not_a_number", "something other than a number in 1 row."),
        (["trial", "a", "a"], "repeated_key", "the trial has 2 rows; it may have one."),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, lines: list[str], code: str, message: str) -> None:
    _, findings = read_trials(write(tmp_path, *lines), TABLE)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].message.startswith(message)


def test_an_absent_file_is_a_finding(tmp_path: Path) -> None:
    frame, findings = read_trials(tmp_path / "trials.csv", TABLE)
    assert frame is None
    assert "trials.csv does not exist" in findings[0].message


def test_the_file_overrides_what_recipes_say(tmp_path: Path) -> None:
    listed, _ = read_trials(write(tmp_path, "trial,label", "b,Second", "c,Third"), TABLE)
    frame, findings = merge_trials(
        {"a": {"data": "individual"}, "b": {"label": "raw", "data": "individual"}}, listed, TABLE
    )
    assert frame["trial"].tolist() == ["b", "c", "a"]
    assert frame["label"].tolist() == ["Second", "Third", "a"]
    assert frame["data"].tolist() == ["individual", "none", "individual"]
    assert [(finding.code, finding.severity, finding.trial) for finding in findings] == [
        ("trial_not_listed", "warning", "a")
    ]


def test_a_formula_that_nobody_calculated_is_an_error_and_no_missing_number(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["trial", "n_randomized"])
    book.active.append(["trial_a", "=20+21"])
    book.save(tmp_path / "trials.xlsx")
    frame, (finding,) = read_trials(tmp_path / "trials.xlsx", read_schema()["trials"])
    assert frame is None
    assert (finding.code, finding.table, finding.file, finding.rows) == (
        "not_calculated", "trials", "trials.xlsx", (2,)
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"trial;year\na;2012\n", "trial,label\na,Größe\n".encode("cp1252")])
def test_another_form_is_refused_with_what_this_file_may_be(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "trials.csv").write_bytes(content)
    frame, (finding,) = read_trials(tmp_path / "trials.csv", TABLE)
    assert frame is None
    assert "option" not in finding.message
    assert finding.message.endswith("Save it as UTF-8 text with commas between cells, or as a workbook of one sheet.")
