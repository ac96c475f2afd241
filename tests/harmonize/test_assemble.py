"""Pieces of tables put together: order, row numbers, origin and reasons must stay with their rows."""

import numpy as np
import pandas as pd

from ipdma.harmonize.assemble import assemble
from ipdma.harmonize.piece import Piece, no_absent
from ipdma.schemas.tables import read_schema

SCHEMA = read_schema()


def piece(file: str, rows: list[tuple[str, str, float | None]], **more: object) -> Piece:
    trial, person, age = zip(*rows, strict=True)
    frame = pd.DataFrame(
        {
            "trial": pd.array(trial, dtype="string"),
            "participant_id": pd.array(person, dtype="string"),
            "age_years": pd.array(age, dtype="Float64"),
        }
    )
    file_rows = np.arange(10, 10 + len(rows))
    return Piece(table="participants", source="main", file=file, frame=frame, file_rows=file_rows, **more)  # type: ignore[arg-type]


FIRST = piece(
    "ab.csv",
    [("b", "1", None), ("a", "2", 30.0), ("b", "3", None)],
    reasons={"age_years": np.array(["refused", "not_done", None], dtype=object)},
)
SECOND = piece("a.csv", [("a", "4", None)])


def test_rows_stand_trial_by_trial_and_within_a_trial_in_their_order() -> None:
    people = assemble([FIRST, SECOND], SCHEMA, ["a", "b"]).tables["participants"]
    assert people[["trial", "participant_id"]].to_numpy().tolist() == [["a", "2"], ["a", "4"], ["b", "1"], ["b", "3"]]
    assert list(people.columns) == list(SCHEMA["participants"].columns)


def test_every_table_is_there_in_the_types_of_the_schema_also_those_nothing_fills() -> None:
    tables = assemble([FIRST], SCHEMA, ["b", "a"]).tables
    for name, table in SCHEMA.items():
        assert {c: str(d) for c, d in tables[name].dtypes.items()} == {c.name: c.dtype for c in table.columns.values()}
    assert len(tables["sessions"]) == 0
    assert len(assemble([], SCHEMA, []).origin) == 0


def test_origin_and_row_number_follow_the_row() -> None:
    origin = assemble([FIRST, SECOND], SCHEMA, ["a", "b"]).origin
    assert origin[["trial", "row", "file", "file_row"]].to_numpy().tolist() == [
        ["a", 1, "ab.csv", 11],
        ["a", 2, "a.csv", 10],
        ["b", 1, "ab.csv", 10],
        ["b", 2, "ab.csv", 12],
    ]


def test_a_reason_is_kept_for_a_missing_value_and_for_no_other() -> None:
    missing = assemble([FIRST, SECOND], SCHEMA, ["a", "b"]).missing
    cells = missing[["table", "trial", "row", "column", "reason"]].to_numpy().tolist()
    assert cells == [["participants", "b", 1, "age_years", "refused"]]


def test_the_reason_of_a_value_without_a_row_has_a_key_and_no_row_number() -> None:
    absent = no_absent()
    absent.loc[0] = ["b", "value", "lost_to_followup", "participant_id=1;visit=post"]
    missing = assemble([piece("b.csv", [("b", "1", 1.0)], absent=absent)], SCHEMA, ["b"]).missing
    assert missing["row"].isna().tolist() == [True]
    assert missing[["column", "reason", "key"]].to_numpy().tolist() == [
        ["value", "lost_to_followup", "participant_id=1;visit=post"]
    ]
