import datetime

import pandas as pd
import pytest

from ipdma.harmonize.step import About
from ipdma.harmonize.to_type import to_type


def text(*values: str | None) -> pd.Series:
    return pd.Series(pd.array(values, dtype="string"))


@pytest.mark.parametrize(
    ("kind", "cell", "dtype", "value"),
    [
        ("string", "a ", "string", "a"),
        ("number", "1.5", "Float64", 1.5),
        ("integer", "3", "Int64", 3),
        ("date", "2012-04-03", "string", "2012-04-03"),
    ],
)
def test_text_becomes_the_type_of_its_column(kind: str, cell: str, dtype: str, value: object) -> None:
    step = to_type(text(cell, None), kind, About())
    assert (str(step.values.dtype), step.values[0], step.failures) == (dtype, value, ())
    assert step.values[1] is pd.NA


def test_a_number_with_decimals_is_no_whole_number() -> None:
    step = to_type(text("3.5", "4"), "integer", About())
    assert [failure.code for failure in step.failures] == ["not_whole"]
    assert step.values.isna().tolist() == [True, False]


def test_a_day_in_another_form_is_refused_and_never_guessed() -> None:
    step = to_type(text("03/04/2012", "2012-13-01"), "date", About())
    assert step.failures[0].where.tolist() == [True, True]
    assert "State the format" in step.failures[0].message


def test_a_cell_of_a_workbook_that_is_a_day_needs_no_format() -> None:
    cells = pd.Series([datetime.datetime(2012, 4, 3), pd.NA], dtype=object)
    assert to_type(cells, "date", About()).values[0] == "2012-04-03"
