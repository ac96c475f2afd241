"""The codebook tells what a recipe must know, and nothing of single persons."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.scan import scan, shown_counts


def raw(cells: Sequence[Any], dtype: str = "string", **more: Any) -> RawTable:
    values = pd.DataFrame({"x": pd.Series([pd.NA if cell is None else cell for cell in cells], dtype=dtype)})
    return RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.arange(2, len(cells) + 2), **more)


def row(cells: Sequence[Any], dtype: str = "string", **more: Any) -> dict[str, str]:
    (found,) = scan(raw(cells, dtype, **more)).to_dict("records")
    return {str(key): str(value) for key, value in found.items()}


def test_codes_stand_with_their_labels_and_counts() -> None:
    found = row(
        [1.0] * 6 + [2.0] * 9, "Float64", labels={"x": "Arm"}, value_labels={"x": {1.0: "placebo", 2.0: "drug"}}
    )
    assert found == {
        "column": "x",
        "label": "Arm",
        "type": "number",
        "missing": "0",
        "codes": "1 = placebo (6); 2 = drug (9)",
        "low": "",
        "high": "",
        "notes": "",
    }


def test_a_count_below_five_is_hidden_and_cannot_be_worked_out_from_the_others() -> None:
    assert shown_counts([6, 9, 0]) == ["6", "9", "0"]
    assert shown_counts([3, 9, 2]) == ["<5", "9", "<5"]
    assert shown_counts([3, 9, 7]) == ["<5", "9", "hidden"]  # else 3 is the number of rows less 9 and 7
    assert shown_counts([3, 0]) == ["<5", "0"]
    assert row(["a"] * 20 + ["b"] * 10 + ["c"] * 10 + [None] * 2)["codes"] == "a (20); b (hidden); c (10)"


def test_a_rare_text_is_not_shown_and_a_rare_number_or_labeled_code_is_one_code() -> None:
    found = row(["no"] * 20 + ["yes"] * 20 + ["no, moved to Ulm"])
    assert found["codes"] == "no (hidden); yes (20); other texts, each <5"
    assert row(["0"] * 20 + ["1"] * 20 + ["9"])["codes"] == "0 (hidden); 1 (20); 9 (<5)"
    labeled = row(["a"] * 20 + ["z"], value_labels={"x": {"z": "withdrawn"}})
    assert labeled["codes"] == "a (hidden); z = withdrawn (<5)"


def test_a_column_of_many_values_shows_the_fifth_lowest_and_fifth_highest_only() -> None:
    found = row([float(n) for n in range(18, 68)], "Float64")
    assert (found["low"], found["high"], found["codes"]) == ("22", "63", "")
    short = row([float(n) for n in range(9)], "Float64")
    assert (short["low"], short["high"], short["codes"]) == ("", "", "")


def test_declared_missing_codes_do_not_stretch_the_range() -> None:
    codes = ((999.0, 999.0), (-1.7976931348623157e308, -1.0))
    found = row([float(n) for n in range(50)] + [999.0] * 6 + [-9.0] * 6, "Float64", missing_codes={"x": codes})
    assert (found["low"], found["high"]) == ("4", "45")
    assert found["notes"] == "declared missing: 999, lowest to -1"


@pytest.mark.parametrize(
    ("cells", "dtype", "kind"),
    [
        (["a", "b"], "string", "text"),
        (["1", "2.5"], "string", "number as text"),
        (["1", "2,5"], "string", "text"),
        ([1.0, 2.0], "Float64", "number"),
        ([None, None], "string", "empty"),
        ([1, "a", True], "object", "mixed: number, text, truth value"),
        ([pd.Timestamp("2012-04-03").to_pydatetime()], "object", "datetime"),
    ],
)
def test_types_are_named(cells: list[object], dtype: str, kind: str) -> None:
    assert row(cells, dtype)["type"] == kind


def test_dates_that_are_numbers_are_told_by_their_format() -> None:
    assert row([13_600_000_000.0], "Float64", formats={"x": "DATE11"})["type"] == "date as number (DATE11)"
    assert row([19_000.0], "Float64", formats={"x": "%td"})["type"] == "date as number (%td)"
    assert row([19_000.0], "Float64", formats={"x": "F8.2"})["type"] == "number"


def test_an_unnamed_column_is_noted() -> None:
    table = raw(["a", "b"])
    table.values.columns = ["column_7"]
    assert scan(table)["notes"][0] == "no name in the header row"
