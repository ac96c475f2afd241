"""Findings of rows: one for each trial and file, with the rows a person sees there."""

import numpy as np
import pandas as pd

from ipdma.harmonize.finding import Finding
from ipdma.harmonize.row_origin import RowOrigin

TABLES = {
    "participants": pd.DataFrame(
        {
            "trial": pd.array(["a", "b", "a", "b", pd.NA], dtype="string"),
            "participant_id": pd.array(["1", "2", "3", "4", "5"], dtype="string"),
        }
    )
}
# Rows of another table stand first, and the rows are in no order.
ORIGIN = pd.DataFrame(
    {
        "table": ["arms", "arms", "participants", "participants", "participants", "participants"],
        "trial": ["a", "b", "b", "a", "a", "b"],
        "row": [1, 1, 2, 2, 1, 1],
        "file": ["arms.csv", "arms.csv", "b.csv", "a2.csv", "a.csv", "b.csv"],
        "file_row": [70, 80, 41, 31, 11, 21],
    }
).astype({"table": "string", "trial": "string", "row": "Int64", "file": "string", "file_row": "Int64"})


def found(where: list[bool], origin: pd.DataFrame | None) -> list[Finding]:
    rows = RowOrigin(TABLES, origin)
    return list(rows.findings("participants", "participant_id", np.array(where), code="x", message="wrong."))


def test_rows_are_told_apart_by_trial_and_file() -> None:
    findings = found([True, True, True, True, False], ORIGIN)
    assert [(f.trial, f.file, f.rows, f.count) for f in findings] == [
        ("a", "a.csv", (11,), 1),
        ("b", "b.csv", (21, 41), 2),
        ("a", "a2.csv", (31,), 1),
    ]
    assert findings[1].private == "participant_id=2 | participant_id=4"


def test_a_row_whose_origin_is_not_known_is_counted_all_the_same() -> None:
    for where, trial in (([False, False, False, True, False], "b"), ([False, False, False, False, True], "")):
        (finding,) = found(where, ORIGIN.head(3).iloc[:2])
        assert (finding.trial, finding.file, finding.rows, finding.count) == (trial, "", (), 1)


def test_a_row_number_that_no_file_has_is_left_out() -> None:
    (finding,) = found([True, False, False, False, False], ORIGIN.assign(file_row=pd.array([pd.NA] * 6, dtype="Int64")))
    assert (finding.file, finding.rows, finding.count) == ("a.csv", (), 1)


def test_no_broken_row_is_no_finding_and_without_an_origin_the_trial_is_named() -> None:
    assert found([False] * 5, ORIGIN) == []
    assert [(f.trial, f.rows, f.count) for f in found([True, False, True, False, False], None)] == [("a", (), 2)]


def test_private_text_names_no_more_than_twenty_rows() -> None:
    frame = pd.DataFrame({"trial": ["a"] * 30, "value": range(30)})
    (finding,) = RowOrigin({"items": frame}, None).findings("items", "value", np.ones(30, bool), code="x", message="y")
    assert finding.count == 30
    assert finding.private.endswith("value=19 | ...")
