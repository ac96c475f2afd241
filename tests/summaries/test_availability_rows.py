from dataclasses import replace

import pandas as pd

from ipdma.harmonize.consortium import Consortium
from ipdma.summaries.availability_rows import availability_rows


def test_a_row_a_variable_with_the_status_of_each_trial_and_no_raw_columns(consortium: Consortium) -> None:
    status = pd.DataFrame(
        [
            ("participants", "sex", "a", "complete", "x"),
            ("participants", "sex", "b", "impossible", "not asked"),
            ("arms", "dose", "a", "partial", "one arm"),
            ("file.csv", "column 7", "a", "undetermined", ""),
        ],
        columns=["table", "column", "trial", "status", "why"],
        dtype="string",
    )
    tables = {name: consortium.tables[name] for name in ("arms", "participants")}
    assert availability_rows(replace(consortium, tables=tables, status=status)) == [
        {"table": "arms", "column": "dose", "trials": {"a": "partial"}},
        {"table": "participants", "column": "sex", "trials": {"a": "complete", "b": "impossible"}},
    ]


def test_nothing_said_is_no_row(consortium: Consortium) -> None:
    empty = consortium.status.iloc[:0]
    assert availability_rows(replace(consortium, status=empty)) == []
