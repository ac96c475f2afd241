"""What a recipe gave, as text and back: every value, type and reason as it was."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from ipdma.errors import SchemaError
from ipdma.harmonize.applied_text import applied_from_text, text_from_applied
from ipdma.harmonize.apply import Applied
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.piece import Piece, VariableStatus
from ipdma.schemas.recipe import Recipe

RECIPE = Recipe(name="a.yaml", schema="ipd 1.0.0", trial="a", sources={}, blocks=())
TEXT = 'Größe 2, "the\nfirst"'


def piece(frame: pd.DataFrame, **more: object) -> Piece:
    rows = np.arange(2, len(frame) + 2)
    return Piece(table="participants", source="main", file="a.csv", frame=frame, file_rows=rows, **more)  # type: ignore[arg-type]


def applied(*pieces: Piece) -> Applied:
    return Applied(
        recipe=RECIPE,
        trials=("a", "b"),
        labels={"a": TEXT},
        files=(("a.csv", "0f", 3),),
        pieces=pieces,
        status=(VariableStatus(table="a.csv", column="remark", status="undetermined", why=TEXT),),
        findings=(Finding(code="x", message=TEXT, severity="warning", rows=(2, 3), private=TEXT),),
    )


def again(before: Applied) -> Applied:
    return applied_from_text(text_from_applied(before), RECIPE)


def frame(**columns: pd.api.extensions.ExtensionArray) -> pd.DataFrame:
    return pd.DataFrame(columns)


FULL = piece(
    frame(
        trial=pd.array(["a", "b", "a"], dtype="string"),
        name=pd.array([TEXT, pd.NA, " "], dtype="string"),
        age_years=pd.array([101 / 3, pd.NA, 1e-300], dtype="Float64"),
        number=pd.array([2**60, pd.NA, -1], dtype="Int64"),
    ),
    reasons={"age_years": np.array([None, "refused", None], dtype=object)},
    absent=pd.DataFrame(
        {"trial": ["a"], "column": ["value"], "reason": ["not_done"], "key": ["visit=post"]}, dtype="string"
    ),
    status=(
        VariableStatus(table="participants", column="name", status="complete", trials=("a",)),
        VariableStatus(table="participants", column="sex", status="impossible", why="lost"),
    ),
)  # fmt: skip


def test_values_types_and_reasons_come_back_as_they_were() -> None:
    (back,) = again(applied(FULL)).pieces
    pd.testing.assert_frame_equal(back.frame, FULL.frame)
    pd.testing.assert_frame_equal(back.absent, FULL.absent)
    assert {name: reasons.tolist() for name, reasons in back.reasons.items()} == {"age_years": [None, "refused", None]}
    assert (back.file_rows.tolist(), back.file_rows.dtype) == ([2, 3, 4], np.dtype(np.int64))
    assert (back.table, back.source, back.file, back.status) == ("participants", "main", "a.csv", FULL.status)


def test_all_else_comes_back_too() -> None:
    before, after = applied(), again(applied())
    for field in dataclasses.fields(Applied):
        assert getattr(after, field.name) == getattr(before, field.name), field.name


def test_a_piece_without_rows_or_reasons_comes_back() -> None:
    empty = piece(FULL.frame.iloc[:0])
    (back,) = again(applied(empty)).pieces
    pd.testing.assert_frame_equal(back.frame, empty.frame)
    assert (len(back.file_rows), len(back.absent), dict(back.reasons)) == (0, 0, {})


def test_what_text_cannot_give_back_is_refused() -> None:
    with pytest.raises(SchemaError, match="holds empty text"):
        text_from_applied(applied(piece(frame(name=pd.array([""], dtype="string")))))
