import contextlib
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipdma.errors import ExpressionError
from ipdma.harmonize.expression import evaluate_filter, parse_expression


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": pd.array([17, 18, 40, None], dtype="Int64"),
            "weight": pd.array(["60", "70.5", None, "80"], dtype="string"),
            "group": pd.array(["a", "b", None, "a"], dtype="string"),
            "pill": pd.array(["8:00", "09:30", "23:59:30", None], dtype="string"),
            "start": pd.array(["09:00", "09:00", "24:00", "10:00"], dtype="string"),
        }
    )


def values(text: str, frame: pd.DataFrame) -> list[object]:
    return [None if pd.isna(value) else value for value in parse_expression(text).evaluate(frame)]


def test_arithmetic_follows_the_usual_order_and_missing_in_is_missing_out(people: pd.DataFrame) -> None:
    assert values("age + 2 * 3 - (1 - 5) / 2", people) == [25.0, 26.0, 48.0, None]
    assert values("-age", people) == [-17.0, -18.0, -40.0, None]


def test_text_that_holds_numbers_can_be_used_as_numbers(people: pd.DataFrame) -> None:
    assert values("weight / 10", people) == [6.0, 7.05, None, 8.0]
    assert values("weight > 65", people) == [False, True, None, True]


def test_text_that_holds_other_things_cannot(people: pd.DataFrame) -> None:
    with pytest.raises(ExpressionError, match=r"'group \+ 1': column 'group' is used as a number .* in 3 of 4 rows"):
        parse_expression("group + 1").evaluate(people)


def test_a_column_whose_name_holds_blanks_or_signs_stands_in_backticks(people: pd.DataFrame) -> None:
    frame = people.rename(columns={"age": "Age (years)", "group": "arm-1"})
    expression = parse_expression("if_else(`arm-1` == 'a', `Age (years)` * 2, column_0)")
    assert expression.names == ("arm-1", "Age (years)", "column_0")
    assert values("if_else(`arm-1` == '`a`', 1, `Age (years)` + 1)", frame) == [18.0, 19.0, None, None]
    with pytest.raises(ExpressionError, match=r"in backticks where they hold blanks or signs, like `Visit 1`"):
        parse_expression("Adult Yes + 1")


def test_division_by_zero_is_missing(people: pd.DataFrame) -> None:
    assert values("1 / (age - 18)", people) == [-1.0, None, 1 / 22, None]


def test_comparisons_can_be_chained(people: pd.DataFrame) -> None:
    assert values("17 < age <= 40", people) == [False, True, True, None]


def test_text_is_compared_for_equality_only(people: pd.DataFrame) -> None:
    assert values("group == 'a'", people) == [True, False, None, True]
    assert values("group != 'a'", people) == [False, True, None, False]
    with pytest.raises(ExpressionError, match="text can be compared with == and != only"):
        parse_expression("group < 'b'").evaluate(people)
    with pytest.raises(ExpressionError, match="column 'age' is not text"):
        parse_expression("age == 'old'").evaluate(people)


def test_and_or_not_are_three_valued() -> None:
    # Kleene's tables: false decides `and`, true decides `or`, whatever the missing value may be.
    states = pd.array([True, True, True, False, False, False, None, None, None], dtype="boolean")
    other = pd.array([True, False, None] * 3, dtype="boolean")
    frame = pd.DataFrame({"a": states, "b": other})
    assert values("a and b", frame) == [True, False, None, False, False, False, None, False, None]
    assert values("a or b", frame) == [True, True, True, True, False, None, True, None, None]
    assert values("not a", frame) == [False] * 3 + [True] * 3 + [None] * 3


def test_and_or_not_need_comparisons(people: pd.DataFrame) -> None:
    with pytest.raises(ExpressionError, match="column 'age' is used as true or false; compare it"):
        parse_expression("age and group == 'a'").evaluate(people)
    with pytest.raises(ExpressionError, match="a comparison is used as a number"):
        parse_expression("(age > 3) + 1").evaluate(people)


def test_minutes_are_since_midnight_and_signed_when_subtracted(people: pd.DataFrame) -> None:
    assert values("minutes('09:00') - minutes(pill)", people) == [60.0, -30.0, 540 - (23 * 60 + 59.5), None]


def test_minutes_of_something_else_says_in_how_many_rows(people: pd.DataFrame) -> None:
    with pytest.raises(ExpressionError, match="column 'start' holds something other than a clock time .* 1 of 4 rows"):
        parse_expression("minutes(start)").evaluate(people)
    with pytest.raises(ExpressionError, match=r"minutes\(\) needs clock times"):
        parse_expression("minutes(age)").evaluate(people)


def test_abs_min_max_and_is_missing(people: pd.DataFrame) -> None:
    assert values("abs(18 - age)", people) == [1.0, 0.0, 22.0, None]
    assert values("max(age, 18, 3)", people) == [18.0, 18.0, 40.0, None]
    assert values("min(age, 18)", people) == [17.0, 18.0, 18.0, None]
    assert values("is_missing(age) or age > 30", people) == [False, False, True, True]


def test_a_constant_fills_every_row(people: pd.DataFrame) -> None:
    assert values("1 + 1", people) == [2.0] * 4
    assert values("'a'", people) == ["a"] * 4


def test_results_have_nullable_dtypes(people: pd.DataFrame) -> None:
    assert parse_expression("age + 1").evaluate(people).dtype == "Float64"
    assert parse_expression("age > 1").evaluate(people).dtype == "boolean"
    assert parse_expression("group").evaluate(people).dtype == "string"


def test_names_are_the_columns_in_order_of_appearance() -> None:
    assert parse_expression("b + abs(a) > b").names == ("b", "a")


def test_an_absent_column_is_an_error_with_the_nearest_name(people: pd.DataFrame) -> None:
    with pytest.raises(ExpressionError, match="no column 'wieght', did you mean 'weight'"):
        parse_expression("wieght > 3").evaluate(people)


def test_columns_may_come_as_a_mapping_and_as_cells_of_a_workbook() -> None:
    columns = {"x": pd.Series([1, 2.5, None], dtype=object), "y": pd.Series(["1", 2, None], dtype=object)}
    assert parse_expression("x * 2 + y").evaluate(columns).tolist()[:2] == [3.0, 7.0]


def test_a_filter_keeps_what_is_true_and_counts_what_is_missing(people: pd.DataFrame) -> None:
    mask, missing = evaluate_filter("age >= 18", people)
    assert mask.dtype == np.bool_
    assert (mask.tolist(), missing) == ([False, True, True, False], 1)


def test_a_filter_must_be_true_or_false(people: pd.DataFrame) -> None:
    with pytest.raises(ExpressionError, match="'age' is neither true nor false"):
        evaluate_filter("age", people)


HOSTILE = {
    "attribute": "age.__class__",
    "attribute of a text": "'a'.format",
    "subscript": "age[0]",
    "power": "9 ** 9 ** 9",
    "remainder": "age % 2",
    "bits": "1 << 100000",
    "a call of something else": "__import__('os')",
    "a method": "age.sum()",
    "a call of a call": "abs(1)(2)",
    "lambda": "lambda: 1",
    "comprehension": "[x for x in age]",
    "dictionary": "{1: 2}",
    "tuple": "(1, 2)",
    "conditional": "1 if age else 2",
    "f-string": "f'{age}'",
    "bytes": "b'a'",
    "walrus": "(x := 3)",
    "membership": "age in group",
    "identity": "age is group",
    "starred": "max(*age)",
    "keyword": "max(age, b=1)",
    "wrong number of values": "minutes(age, age)",
    "true": "True",
    "none": "None",
    "complex": "1j",
    "ellipsis": "...",
    "infinite": "1e999",
    "a number of 400 digits": "9" * 400,
    "statement": "import os",
    "assignment": "age = 3",
    "two statements": "age; age",
    "nothing": "",
    "nul": "age\0",
    "lone backslash": "'\\d",
    "await": "await age",
    "yield": "(yield)",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_not_on_the_short_list_is_refused(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ExpressionError, match=r"not allowed|not an expression|no function|takes|too large"):
            parse_expression(text)


def test_long_and_deep_expressions_are_refused() -> None:
    with pytest.raises(ExpressionError, match="more than 500 are refused"):
        parse_expression("a" * 501)
    with pytest.raises(ExpressionError, match="nested deeper than 25"):
        parse_expression("-" * 60 + "a")
    with pytest.raises(ExpressionError, match="not an expression|nested deeper"):
        parse_expression("(" * 249 + "a" + ")" * 249)
    with pytest.raises(ExpressionError, match="too many parts"):
        parse_expression("max(" + ",".join("a" * 150) + ")")


def test_an_error_holds_no_value_of_a_column(people: pd.DataFrame) -> None:
    frame = people.assign(weight=pd.array(["canary", "1", "2", "3"], dtype="string"))
    with pytest.raises(ExpressionError, match="1 of 4 rows") as caught:
        parse_expression("weight + 1").evaluate(frame)
    assert "canary" not in str(caught.value)


def test_text_columns_keep_the_decimal_sign_of_their_file() -> None:
    frame = pd.DataFrame({"x": pd.array(["1,5", "2"], dtype="string")})
    assert parse_expression("x * 2").evaluate(frame, decimal=lambda name: ",").tolist() == [3.0, 4.0]
    with pytest.raises(ExpressionError, match="column 'x' is used as a number but holds other text in 1 of 2 rows"):
        parse_expression("x * 2").evaluate(frame)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(alphabet="ab1.5 +-*/()[]{}<>=!&|'\"\\\n,:andornot_", max_size=60))
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    columns = {name: pd.Series(pd.array([1, None], dtype="Int64")) for name in ("a", "b")}
    with contextlib.suppress(ExpressionError):
        assert len(parse_expression(text).evaluate(columns)) == 2
