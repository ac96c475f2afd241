"""Where a column's values come from, and what its steps need."""

import pytest

from ipdma.errors import RecipeError
from ipdma.schemas.recipe import ColumnRule, Operation, Since, UnitColumn
from ipdma.schemas.recipe_file import parse_recipe

TEXT = """\
recipe: 1
schema: ipd 1.0.0
trial: t1
sources: {main: {file: a.csv, reader: csv, id: id}}
tables:
  sessions:
    source: main
    long: {over: session_number, values: [1, 2]}
    columns:
      x: %s
"""


def rule(text: str) -> ColumnRule:
    return parse_recipe(TEXT % text, name="a.yaml").blocks[0].columns[0]


def step(text: str) -> Operation:
    return rule(f"{{from: a, do: [{text}]}}").do[0]


def problem(text: str) -> str:
    with pytest.raises(RecipeError, match="problem") as caught:
        rule(text)
    return "; ".join(f"{line}: {message}" for line, message in caught.value.problems)


def test_several_raw_columns_are_the_first_of_or_pasted() -> None:
    assert (rule("{first_of: [a, 'b{session_number}']}").kind, rule("{paste: [y, m, d]}").columns) == (
        "first_of",
        ("y", "m", "d"),
    )
    assert "'paste' needs two raw columns" in problem("{paste: [y]}")
    assert "nothing fills the gap {visit}" in problem("{first_of: [a, 'b{visit}']}")
    assert "exactly one of from, const, calc" in problem("{from: a, first_of: [a, b]}")


def test_a_unit_may_stand_in_a_column_of_its_own() -> None:
    unit = rule("{from: a, unit: {from: u, map: {mg: mg, gram: g}}}").unit
    assert unit == UnitColumn(column="u", units={"mg": "mg", "gram": "g"})
    assert "cannot be converted" in problem("{from: a, unit: {from: u, map: {mg: mg, ml: mL}}}")
    assert "'map' is missing" in problem("{from: a, unit: {from: u}}")


def test_steps_read_their_arguments() -> None:
    assert step("{date: ['%d.%m.%Y', '%Y-%m-%d']}").argument == ("%d.%m.%Y", "%Y-%m-%d")
    assert step("{reverse: {min: 0, max: 4}}").argument == (0.0, 4.0)
    assert step("{study_day: {since: rand, date: from_file}}").argument == Since(since="rand", date_format="from_file")
    assert step("{map: {0: pre, '{n}': 'week_{n}'}, each: {n: [1, 2]}}").argument == {
        "0": "pre", "1": "week_1", "2": "week_2"
    }  # fmt: skip
    assert step("{study_day: {since: a, date: ['%Y', '%d']}}").argument == Since(since="a", date_format=("%Y", "%d"))
    assert (step("{quantity: mg}").argument, step("{blank: 'no'}").argument) == ("mg", "no")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{regex_group: '(a+)+'}", "a group may not be repeated"),
        ("{reverse: {min: 4, max: 0}}", "lowest and highest"),
        ("{reverse: 4}", "lowest and highest"),
        ("study_day", "needs {since: COLUMN, date: FORMAT}"),
        ("{study_day: {since: a, date: [from_file, '%d']}}", "needs the format"),
        ("{date: [from_file, '%Y']}", "needs the format"),
        ("{quantity: furlong}", "unit 'furlong' is not known"),
        ("{blank: [a]}", "what an empty cell stands for"),
        ("{map: {1: a}, each: {n: 2}}", "'each' needs one counter"),
    ],
)
def test_a_step_with_a_wrong_argument_is_refused_with_its_line(text: str, message: str) -> None:
    found = problem(f"{{from: a, do: [{text}]}}")
    assert message in found
    assert found.startswith("10: ")
