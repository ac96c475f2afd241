"""Tables as text and back, for values nobody thinks of."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ipdma.errors import SchemaError
from ipdma.harmonize.table_text import frame_from_text, text_from_frame

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
COLUMNS = {
    "string": TEXTS,
    "Int64": st.integers(-(2**63), 2**63 - 1),
    "Float64": st.floats(allow_nan=False),
    "boolean": st.booleans(),
}


def column(values: list[Any], dtype: str) -> pd.Series:
    return pd.Series([pd.NA if value is None else value for value in values], dtype=dtype)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(0, 5))
    kinds = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=4))
    names = draw(st.lists(TEXTS, min_size=len(kinds), max_size=len(kinds), unique=True))
    values = [draw(st.lists(st.none() | COLUMNS[kind], min_size=rows, max_size=rows)) for kind in kinds]
    return pd.DataFrame(
        {name: column(cells, kind) for name, cells, kind in zip(names, values, kinds, strict=True)}, columns=names
    )


@given(tables())
@example(pd.DataFrame({"a": column(['a,"b"\n', "\r", "\r\n", " x ", "NA", "nan", "=1+1", None], "string")}))
@example(pd.DataFrame({"a": column([0.1, 1e-308, 5e-324, -0.0, 1 / 3, float("inf"), -float("inf"), None], "Float64")}))
@example(pd.DataFrame({"a": column([None, None], "string")}))
def test_a_table_is_the_same_after_text_and_back(frame: pd.DataFrame) -> None:
    text = text_from_frame(frame, name="table")
    back = frame_from_text(text, {name: str(dtype) for name, dtype in frame.dtypes.items()})
    pd.testing.assert_frame_equal(back, frame, check_exact=True)
    for name in frame:
        if str(frame[name].dtype) == "Float64":  # also the sign of zero
            bits = [
                series.to_numpy(dtype=np.float64, na_value=np.nan).tobytes() for series in (frame[name], back[name])
            ]
            assert bits[0] == bits[1]


def test_numbers_are_written_in_their_shortest_exact_form_and_missing_is_empty() -> None:
    frame = pd.DataFrame({"x": column([0.1, None, 3.0], "Float64"), "n": column([1, None, 2], "Int64")})
    assert text_from_frame(frame, name="table") == b"x,n\n0.1,1\n,\n3.0,2\n"


@pytest.mark.parametrize(
    ("frame", "match"),
    [
        (pd.DataFrame({"x": pd.Series(["a", ""], dtype="string")}), "column 'table.x' holds empty text"),
        (pd.DataFrame({"x": pd.Series(["a" * 200_000], dtype="string")}), "holds a text of more than 131072"),
        (pd.DataFrame({"x": pd.Series([1.0], dtype="float64")}), "'table.x' holds float64"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"], dtype="Int64"), "two columns of one name"),
    ],
)
def test_what_text_cannot_give_back_is_refused(frame: pd.DataFrame, match: str) -> None:
    with pytest.raises(SchemaError, match=match):
        text_from_frame(frame, name="table")
