"""Rows of one table among those of another, also where types differ or values are missing."""

import numpy as np
import pandas as pd

from ipdma.harmonize.rows_in import rows_in


def text(*values: object) -> pd.Series:
    return pd.Series(values, dtype="string")


def test_a_row_is_found_only_with_all_its_values() -> None:
    here = pd.DataFrame({"trial": text("a", "a", "b"), "arm": text("x", "y", "x")})
    there = pd.DataFrame({"code": text("b", "a"), "name": text("y", "y")})
    assert rows_in(here, there).tolist() == [False, True, False]


def test_two_missing_values_are_the_same_and_no_text() -> None:
    here = pd.DataFrame({"trial": text("a", "b", pd.NA), "arm": text(pd.NA, pd.NA, pd.NA)})
    there = pd.DataFrame({"trial": text("a", "b"), "arm": text(pd.NA, "")})
    assert rows_in(here, there).tolist() == [True, False, False]


def test_nothing_is_among_no_rows_and_no_rows_are_found() -> None:
    some, none = pd.DataFrame({"trial": text("a")}), pd.DataFrame({"trial": text()})
    assert rows_in(some, none).tolist() == [False]
    assert rows_in(none, some).tolist() == []


def test_a_text_is_no_number_and_whole_numbers_of_two_types_are_the_same() -> None:
    here = pd.DataFrame({"number": pd.array([1, 2], dtype="Int64")})
    assert rows_in(here, pd.DataFrame({"number": text("1", "2")})).tolist() == [False, False]
    assert rows_in(here, pd.DataFrame({"number": pd.array([2.0, 2.5], dtype="Float64")})).tolist() == [False, True]


def test_it_finds_the_same_as_a_set_of_tuples() -> None:
    chance = np.random.default_rng(1)
    here, there = (
        pd.DataFrame({name: chance.integers(0, 6, 200).astype(str) for name in "abc"}, dtype="string") for _ in range(2)
    )
    known = set(map(tuple, there.to_numpy(dtype=object)))
    expected = [tuple(row) in known for row in here.to_numpy(dtype=object)]
    assert rows_in(here, there).tolist() == expected
    assert 0 < sum(expected) < 200
