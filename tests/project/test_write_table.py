"""CSV files that open in a spreadsheet without running anything."""

from pathlib import Path

import pandas as pd
import pytest

from ipdma.project.write_table import neutral, write_table


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("value", ["trial_a", "", -1.5, 3, None])
def test_all_else_stays_as_it_is(value: object) -> None:
    assert neutral(value) is value


def test_numbers_keep_their_sign_and_all_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    table = pd.DataFrame(
        {"=label": ["=2+3", "plain", None], "value": [-0.1, 1 / 3, 2.0], "n": pd.array([1, None, -3], "Int64")}
    )
    write_table(table, path)
    assert path.read_bytes() == (b"'=label,value,n\n'=2+3,-0.1,1\nplain,0.3333333333333333,\n,2.0,-3\n")
    assert list(table.columns) == ["=label", "value", "n"], "the table itself is left alone"
