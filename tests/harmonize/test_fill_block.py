"""Rows that a block makes of a source: long made of wide, empty ones left out, filters, units and status."""

import numpy as np
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma.harmonize.fill_block import Filling, fill_block
from ipdma.harmonize.gather import Gatherer
from ipdma.harmonize.piece import Piece
from ipdma.harmonize.prepared import prepare
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import columns_by_source
from ipdma.schemas.recipe_file import parse_recipe
from ipdma.schemas.scale_file import read_scales
from ipdma.schemas.tables import read_schema

SCHEMA = read_schema()
SCALES = read_scales(data_schemas() / "scaffold" / "scales")
HEAD = """\
recipe: 1
schema: ipd 1.0.0
trial: {from: site}
sources: {main: {file: a.csv, reader: csv, id: id}}
missing: {codes: [{code: 99, reason: refused, columns: "*"}]}
tables:
"""
RAW = {
    "site": ["a", "b", "a"],
    "id": ["1", "2", "3"],
    "x1": ["10", "99", "12"],
    "x2": ["5", pd.NA, "99"],
    "cond": ["0", "1", "7"],
}


def filled(block: str) -> tuple[Piece, Gatherer]:
    recipe = parse_recipe(HEAD + block, name="a.yaml")
    values = pd.DataFrame(RAW, dtype="string")
    raw = RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.array([2, 3, 5]))
    prepared, findings = prepare(recipe, recipe.sources["main"], raw, columns_by_source(recipe, SCALES)["main"])
    assert findings == ()
    (rule,) = recipe.blocks
    gatherer = Gatherer()
    filling = Filling(recipe="a.yaml", block=rule, table=SCHEMA[rule.table], scales=SCALES, gatherer=gatherer)
    return fill_block(filling, prepared), gatherer


def cells(piece: Piece, *columns: str) -> list[list[object]]:
    frame = piece.frame[list(columns)].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()


REPORTED = """\
  assessments:
    source: main
    long: {over: visit, values: {pre: "1", post: "2"}}
    reported: {scale: example_scale, from: "x{visit}"}
"""


def test_a_row_s_visits_stand_next_to_each_other_and_a_missed_one_has_no_row() -> None:
    piece, _ = filled(REPORTED)
    assert cells(piece, "trial", "participant_id", "visit", "value") == [
        ["a", "1", "pre", 10.0],
        ["a", "1", "post", 5.0],
        ["a", "3", "pre", 12.0],
    ]
    assert piece.file_rows.tolist() == [2, 2, 5]
    assert cells(piece, "instrument", "score", "rater", "value_source")[0] == [
        "example_scale", "total", "not_stated", "reported"
    ]  # fmt: skip


def test_why_a_visit_was_missed_is_kept_with_the_key_its_row_would_have_had() -> None:
    piece, _ = filled(REPORTED)
    key = "participant_id={};visit={};instrument=example_scale;score=total;rater=not_stated"
    assert piece.absent[["trial", "reason", "key"]].to_numpy().tolist() == [
        ["b", "refused", key.format(2, "pre")],
        ["a", "refused", key.format(3, "post")],
    ]


def test_a_row_of_a_wide_table_stays_also_where_its_values_are_missing() -> None:
    piece, _ = filled("  participants:\n    source: main\n    columns: {arm: {const: drug}, age_years: x1}\n")
    assert cells(piece, "participant_id", "arm", "age_years") == [["1", "drug", 10], ["2", "drug", None],
                                                                  ["3", "drug", 12]]  # fmt: skip
    assert piece.reasons["age_years"].tolist() == [None, "refused", None]
    assert len(piece.absent) == 0


def test_a_filter_may_follow_the_visit_and_keeps_its_rows_only() -> None:
    piece, _ = filled(REPORTED.replace("    long:", '    where: {"x{visit}": [5, 12]}\n    long:'))
    assert cells(piece, "participant_id", "visit", "value") == [["1", "post", 5.0], ["3", "pre", 12.0]]


@pytest.mark.parametrize(
    ("rule", "columns", "expected"),
    [
        ("dose: {from: x1, unit: mg}", ("dose", "dose_unit"), [[10.0, "mg"], [None, None], [12.0, "mg"]]),
        ("timing_min: {from: x1, unit: h}", ("timing_min",), [[600.0], [None], [720.0]]),
    ],
)
def test_a_unit_fills_its_column_or_converts(rule: str, columns: tuple[str, ...], expected: list[list[object]]) -> None:
    piece, _ = filled(f"  sessions:\n    source: main\n    columns: {{session_number: {{const: 1}}, {rule}}}\n")
    assert cells(piece, *columns) == expected


def test_what_a_step_could_not_do_is_gathered_with_line_and_rows() -> None:
    rule = "arm: {from: cond, do: [{map: {0: placebo, 1: drug}}]}"
    _, gatherer = filled(f"  participants:\n    source: main\n    columns:\n      {rule}\n")
    (finding,) = gatherer.findings()
    assert (finding.code, finding.line, finding.rows, finding.column) == ("code_not_in_map", 10, (5,), "arm")


def test_status_holds_for_the_trials_that_have_rows_and_impossible_for_all() -> None:
    columns = "{arm: {const: drug}, age_years: x1, sex: {status: impossible, why: not asked}}"
    block = f"  participants:\n    source: main\n    where: {{cond: [1]}}\n    columns: {columns}\n"
    piece, _ = filled(block)
    assert [(said.column, said.status, said.trials) for said in piece.status] == [
        ("arm", "complete", ("b",)),
        ("age_years", "complete", ("b",)),
        ("sex", "impossible", None),
    ]
    assert [said.column for said in filled(REPORTED)[0].status] == ["example_scale.total"]


def test_a_constant_day_can_be_set_against_a_column_of_days() -> None:
    recipe = parse_recipe(
        HEAD + "  participants: {source: main, columns: {age_years: {const: '2020-01-01', do: "
        "[{years_since: {since: born, date: '%d.%m.%Y'}}, {round: 2}]}}}\n",
        name="a.yaml",
    )
    values = pd.DataFrame({"site": ["a", "a"], "id": ["1", "2"], "born": ["01.01.1980", "99"]}, dtype="string")
    raw = RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.array([2, 3]))
    prepared, _ = prepare(recipe, recipe.sources["main"], raw, columns_by_source(recipe, SCALES)["main"])
    filling = Filling(recipe="a.yaml", block=recipe.blocks[0], table=SCHEMA["participants"], scales=SCALES,
                      gatherer=Gatherer())  # fmt: skip
    piece = fill_block(filling, prepared)
    assert cells(piece, "age_years") == [[40.0], [None]]  # 14,610 days of 365.25 to the year
    assert list(piece.reasons["age_years"]) == [None, "refused"]
