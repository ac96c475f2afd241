import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column, plain_text


def test_codes_are_found_and_counted() -> None:
    column = code_column(pd.Series(pd.array([1.0, 2.0, 2.0, None], dtype="Float64")))
    assert column.isin(["2", "7"]).tolist() == [False, True, True, False]
    assert column.counts(np.array([True, True, True, True])) == {"2": 2, "1": 1}
    assert column.counts(np.array([True, False, False, True])) == {"1": 1}


def test_a_column_without_values_has_no_codes() -> None:
    column = code_column(pd.Series(pd.array([None, None], dtype="string")))
    assert column.codes == ()
    assert column.isin(["1"]).tolist() == [False, False]


def test_a_text_stays_as_the_file_writes_it_and_only_a_number_loses_empty_decimals() -> None:
    cells = pd.Series(["1.10", "1.1", " 7.0 ", 7.0, 1.5, True, pd.NA], dtype=object)
    assert plain_text(cells).tolist()[:6] == ["1.10", "1.1", "7.0", "7", "1.5", "true"]
    assert plain_text(cells).isna().tolist() == [False] * 6 + [True]
    assert plain_text(pd.Series([" 01", "1.0"], dtype="string")).tolist() == ["01", "1.0"]
