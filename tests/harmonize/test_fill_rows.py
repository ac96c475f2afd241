import pytest

from ipdma.harmonize.fill_rows import fill_rows
from ipdma.schemas.recipe import Block, Row, Scalar
from ipdma.schemas.tables import read_schema

ARMS = read_schema()["arms"]


def block(*rows: dict[str, Scalar]) -> Block:
    return Block(table="arms", rows=tuple(Row(values=values, line=line) for line, values in enumerate(rows, start=7)))


def test_rows_stand_in_every_trial_unless_they_name_one() -> None:
    piece, findings = fill_rows(
        block({"arm": "a", "treatment": "x"}, {"trial": "t2", "arm": "b", "treatment": "x"}),
        table=ARMS,
        recipe="r.yaml",
        trials=["t1", "t2"],
    )
    assert piece is not None
    assert findings == ()
    assert piece.frame[["trial", "arm"]].to_numpy().tolist() == [["t1", "a"], ["t2", "a"], ["t2", "b"]]
    assert piece.file_rows.tolist() == [7, 7, 8]


@pytest.mark.parametrize(
    ("name", "value", "number", "unit"),
    [("dose", "50 mg", 50.0, "mg"), ("dose", "5000 [U]", 5000.0, "[U]"), ("timing_min", "1 h", 60.0, None)],
)
def test_a_quantity_fills_number_and_unit(name: str, value: str, number: float, unit: str | None) -> None:
    piece, _ = fill_rows(block({"arm": "a", "treatment": "x", name: value}), table=ARMS, recipe="r.yaml", trials=["t"])
    assert piece is not None
    assert piece.frame[name].tolist() == [number]
    if unit is not None:
        assert piece.frame["dose_unit"].tolist() == [unit]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("dose", 50, "dose 50 has no unit"),
        ("dose", "50 grain", "unit 'grain' is not known"),
        ("timing_min", "60 mg", "cannot be converted to min"),
        ("number_of_doses", "many", "'many' is not a number"),
    ],
)
def test_a_wrong_quantity_is_a_finding_with_its_line(name: str, value: Scalar, message: str) -> None:
    piece, findings = fill_rows(
        block({"arm": "a", "treatment": "x", name: value}), table=ARMS, recipe="r.yaml", trials=["t"]
    )
    assert piece is None
    assert [(finding.code, finding.column, finding.line) for finding in findings] == [("bad_value", name, 7)]
    assert message in findings[0].message
