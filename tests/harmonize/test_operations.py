import datetime

import numpy as np
import pandas as pd
import pytest

from ipdma.harmonize.operations import OPERATIONS
from ipdma.harmonize.step import About, Step
from ipdma.schemas.recipe_operation import ARGUMENTS


def text(*cells: str | None) -> pd.Series:
    return pd.Series(pd.array(cells, dtype="string"))


def spss(*cells: float | None) -> pd.Series:
    return pd.Series(pd.array(cells, dtype="Float64"))


def excel(*cells: object) -> pd.Series:
    return pd.Series([pd.NA if cell is None else cell for cell in cells], dtype=object)


def do(name: str, values: pd.Series, argument: object = None, **about: object) -> Step:
    return OPERATIONS[name](values, argument, About(**about))  # type: ignore[arg-type]


def seen(step: Step) -> list[object]:
    return [None if pd.isna(value) else value for value in step.values]


def failed(step: Step) -> list[tuple[str, list[bool]]]:
    return [(failure.code, failure.where.tolist()) for failure in step.failures]


def test_every_operation_a_recipe_may_name_is_there_and_no_other() -> None:
    assert set(OPERATIONS) == set(ARGUMENTS)


def test_text_is_stripped_and_whole_numbers_lose_their_decimals() -> None:
    assert seen(do("text", text(" a ", "01", None))) == ["a", "01", None]
    assert seen(do("text", spss(1.0, 2.5, None))) == ["1", "2.5", None]
    assert seen(do("text", excel(1, 2.5, "x", None))) == ["1", "2.5", "x", None]


def test_numbers_take_the_decimal_sign_of_the_step_before_that_of_the_file() -> None:
    assert seen(do("number", text("1,5", None), ",")) == [1.5, None]
    assert seen(do("number", text("1,5"), decimal=",")) == [1.5]
    assert seen(do("number", text("1.5"), ".", decimal=",")) == [1.5]
    assert seen(do("number", spss(1.5, None))) == [1.5, None]
    assert seen(do("number", excel(1, "2.5", None))) == [1.0, 2.5, None]


def test_what_is_no_number_fails_row_by_row() -> None:
    step = do("number", excel(1, "2*", True, datetime.date(2012, 4, 3)))
    assert failed(step) == [("not_a_number", [False, True, True, True])]
    assert step.failures[0].message.startswith("something other than a number in {n}")
    assert seen(step) == [1.0, None, None, None]


def test_days_are_read_in_the_stated_order_only() -> None:
    step = do("date", text("03/04/2012", "13/04/2012", None), "%d/%m/%Y")
    assert seen(step) == ["2012-04-03", "2012-04-13", None]
    assert failed(do("date", text("03/04/2012", "13/04/2012"), "%m/%d/%Y")) == [("not_a_date", [False, True])]


def test_days_of_spss_stata_and_excel_come_from_the_file() -> None:
    # SPSS: 12219379200 s after 1582-10-14 is 1970-01-01, the beginning of Unix time; Stata: 3653 days after 1960-01-01.
    assert seen(do("date", spss(12219379200.0, None), "from_file", display_format="DATE11")) == ["1970-01-01", None]
    assert seen(do("date", spss(3653.0), "from_file", display_format="%td")) == ["1970-01-01"]
    assert seen(do("date", spss(3653 * 86400e3), "from_file", display_format="%tc")) == ["1970-01-01"]
    cells = excel(datetime.datetime(2012, 3, 26, 10), datetime.date(2012, 3, 27), None)
    assert seen(do("date", cells, "from_file")) == ["2012-03-26", "2012-03-27", None]


def test_an_impossible_stored_date_fails_alone() -> None:
    step = do("date", spss(1e18, 12219379200.0), "from_file", display_format="DATE11")
    assert failed(step) == [("not_a_date", [True, False])]
    assert failed(do("date", spss(5.0), "from_file", display_format="F8.2")) == [("not_a_date", [True])]


def test_clock_times_become_minutes_or_stay_times() -> None:
    cells = excel("8:30", datetime.time(9, 0, 30), None)
    assert seen(do("minutes", cells)) == [510.0, 540.5, None]
    assert seen(do("time", cells)) == ["08:30:00", "09:00:30", None]
    assert seen(do("minutes", spss(30600.0), display_format="TIME8")) == [510.0]
    assert failed(do("minutes", spss(30600.0), display_format="F8.2")) == [("not_a_time", [True])]
    assert failed(do("minutes", text("8.30"))) == [("not_a_time", [True])]


@pytest.mark.parametrize("values", [text("1", "2", None), spss(1.0, 2.0, None), excel(1, 2.0, None)])
def test_a_map_key_one_is_the_number_and_the_text(values: pd.Series) -> None:
    assert seen(do("map", values, {"1": "a", "2": "b"})) == ["a", "b", None]


def test_a_map_key_one_is_not_the_text_with_a_leading_zero() -> None:
    step = do("map", text("01", "1", "1.0"), {"1": "a"})
    assert seen(step) == [None, "a", "a"]
    assert failed(step) == [("code_not_in_map", [True, False, False])]


def test_a_map_is_total_and_its_error_names_codes_only_in_private() -> None:
    step = do("map", text("a", "b", "b", "c", None), {"a": 1})
    (failure,) = step.failures
    assert "'" not in failure.message
    assert failure.codes == {"b": 2, "c": 1}
    assert step.values.dtype == "Float64"


def test_a_map_may_make_a_code_missing() -> None:
    assert seen(do("map", text("a", "x"), {"a": "b", "x": None})) == ["b", None]


def test_labels_are_mapped_by_hand_within_the_file() -> None:
    labels = {1.0: "Drug", 2.0: "Placebo "}
    step = do("map_label", spss(1.0, 2.0, None), {"Drug": "drug", "Placebo": "placebo"}, value_labels=labels)
    assert seen(step) == ["drug", "placebo", None]
    step = do("map_label", spss(1.0, 2.0, 3.0), {"Drug": "drug"}, value_labels=labels)
    assert failed(step) == [
        ("code_without_label", [False, False, True]),
        ("label_not_in_map", [False, True, False]),
    ]


def test_units_are_converted() -> None:
    np.testing.assert_allclose(do("unit", text("0.05"), ("g", "mg")).values.to_numpy(), [50.0], rtol=1e-12)


def test_round_goes_to_the_even_neighbor() -> None:
    assert seen(do("round", spss(0.125, 2.675, 2.5), 0)) == [0.0, 3.0, 2.0]
    assert seen(do("round", spss(0.125), 2)) == [0.12]
