import numpy as np
import pandas as pd

from ipdma.harmonize.code_column import code_column


def test_codes_are_found_counted_and_given_back() -> None:
    column = code_column(pd.Series(pd.array([1.0, 2.0, 2.0, None], dtype="Float64")))
    assert column.isin(["2", "7"]).tolist() == [False, True, True, False]
    assert column.counts(np.array([True, True, True, True])) == {"2": 2, "1": 1}
    assert column.counts(np.array([True, False, False, True])) == {"1": 1}
    assert column.text().tolist()[:3] == ["1", "2", "2"]
    assert column.text().isna().tolist() == [False, False, False, True]


def test_a_column_without_values_has_no_codes() -> None:
    column = code_column(pd.Series(pd.array([None, None], dtype="string")))
    assert column.codes == ()
    assert column.isin(["1"]).tolist() == [False, False]
