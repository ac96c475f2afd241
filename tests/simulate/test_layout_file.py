from ipdma._yaml import parse_yaml
from ipdma.analysis_file.node import Node
from ipdma.simulate.design import TypingError
from ipdma.simulate.layout_file import read_layout

TEXT = """\
file: a.csv
format: csv
rows: session
delimiter: ","
decimal: "."
encoding: utf-8
missed: 999
exported_twice: [1, 4]
typing_errors: [{participant: 2, column: age, times: 10}]
columns:
  - {name: id, holds: participant_id}
  - {name: mean, holds: total, divide_by: 7}
  - {name: day, holds: visit_date, format: "%d/%m/%Y", only_at: pre}
"""


def node(text: str) -> Node:
    return Node(value=parse_yaml(text, name="a.yaml"), file="a.yaml", line=1)


def test_a_layout_holds_how_its_file_is_written_and_what_goes_wrong_in_it() -> None:
    layout = read_layout(node(TEXT))
    assert (layout.rows, layout.delimiter, layout.decimal, layout.encoding) == ("session", ",", ".", "utf-8")
    assert (layout.missed, layout.not_answered, layout.exported_twice) == (999, None, (1, 4))
    assert layout.typing_errors == (TypingError(participant=2, column="age", times=10.0),)
    _, mean, day = layout.columns
    assert (mean.divide_by, day.divide_by) == (7.0, 1.0)
    assert (day.format, day.only_at) == ("%d/%m/%Y", "pre")


def test_without_a_word_a_csv_file_is_as_a_german_excel_saves_it() -> None:
    layout = read_layout(node("file: a.csv\nformat: csv\nrows: visit\ncolumns: [{name: id, holds: participant_id}]\n"))
    assert (layout.delimiter, layout.decimal, layout.encoding) == (";", ",", "cp1252")


def test_an_unknown_key_is_noted_with_its_nearest() -> None:
    read = node(TEXT.replace("missed:", "mised:"))
    read_layout(read)
    assert any("unknown key 'mised'" in problem and "did you mean 'missed'" in problem for problem in read.problems)
