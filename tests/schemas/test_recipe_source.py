"""Sources: rows that count, columns of other sources, repeated rows, header rows."""

import pytest

from ipdma.errors import RecipeError
from ipdma.schemas.recipe import Condition, Duplicates, Join, Source
from ipdma.schemas.recipe_file import parse_recipe

TEXT = """\
recipe: 1
schema: ipd 1.0.0
trial: t1
sources:
  main: {file: a.csv, reader: csv, id: id}
  weekly:
    file: b.csv
    reader: csv
    id: pid
%s
tables:
  visits: {rows: [{visit: pre, phase: baseline}]}
"""


def weekly(*lines: str) -> Source:
    return parse_recipe(TEXT % "\n".join(f"    {line}" for line in lines), name="a.yaml").sources["weekly"]


def problem(*lines: str) -> str:
    with pytest.raises(RecipeError, match="problem") as caught:
        weekly(*lines)
    return "; ".join(f"{line}: {message}" for line, message in caught.value.problems)


def test_where_takes_codes_all_other_codes_and_whether_there_is_a_value() -> None:
    source = weekly("where: {a: [1, 2.0], b: {not: Total}, c: {is: present}, d: {is: missing}}")
    assert source.where == {
        "a": Condition(kind="codes", codes=("1", "2")),
        "b": Condition(kind="not", codes=("Total",)),
        "c": Condition(kind="present"),
        "d": Condition(kind="missing"),
    }
    assert "10: sources.weekly.where: 'a' needs codes, {not: codes}" in problem("where: {a: {is: there}}")


def test_columns_are_taken_from_a_source_by_name_or_renamed() -> None:
    one = weekly("join: {source: main, columns: [arm, site]}").joins
    assert one == (Join(source="main", columns={"arm": "arm", "site": "site"}, line=10),)
    (other,) = weekly("join: [{source: main, columns: {group: arm}, unmatched: missing}]").joins
    assert (other.columns, other.unmatched) == ({"group": "arm"}, "missing")


def test_a_join_that_cannot_work_is_refused_with_its_line() -> None:
    assert "no source 'man', did you mean 'main'?" in problem("join: {source: man, columns: arm}")
    assert problem("join: {source: weekly, columns: arm}") == "10: source 'weekly' takes columns from itself"


def test_repeated_rows_need_a_choice_and_a_reason() -> None:
    rule = weekly("duplicates: {by: week, keep: last, order: entered, date: '%d.%m.%Y', why: corrected}").duplicates
    assert rule == Duplicates(
        by=("week",), keep="last", why="corrected", order="entered", date_format="%d.%m.%Y", line=10
    )
    assert "'why' is missing" in problem("duplicates: {keep: first}")
    assert "takes no 'order'" in problem("duplicates: {keep: identical, order: entered, why: x}")
    assert "'date' is the format" in problem("duplicates: {keep: first, date: '%Y', why: x}")


def test_names_may_stand_in_several_rows() -> None:
    assert weekly("options: {header_row: [3, 4], last_row: 20}").options == {"header_row": (3, 4), "last_row": 20}
    assert "'header_row' must be a single value" in problem("options: {header_row: [4, 3]}")
