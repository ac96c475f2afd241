import numpy as np
import pandas as pd
import pytest

from ipdma.summaries.quantiles import nested, quantiles, records


def test_five_numbers_of_draws_in_any_shape() -> None:
    draws = np.arange(1.0, 1002.0).reshape(7, 143)
    found = quantiles(draws)
    assert found == pytest.approx(
        {"mean": 501.0, "sd": draws.std(ddof=1), "q2.5": 26.0, "median": 501.0, "q97.5": 976.0}
    )
    assert all(type(value) is float for value in found.values())


def test_rows_of_a_table_become_plain_and_nested_values() -> None:
    table = pd.DataFrame([{"name": "a", **quantiles([1.0, 2.0, 3.0]), "trials": 4}])
    row = records(table)[0]
    assert type(row["trials"]) is int
    assert nested(row)["mean"] == 2.0
    assert list(nested(row)) == ["mean", "sd", "q2.5", "median", "q97.5"]
