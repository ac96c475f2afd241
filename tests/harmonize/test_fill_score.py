"""Scores from items: which raw columns, which failures, and why a score is missing."""

import numpy as np
import pandas as pd

from ipdma.harmonize.fill_score import fill_score, item_columns
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.raw_table import RawTable
from ipdma.schemas.recipe import ScoreRule, Source
from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score

RULE = MissingItems(rule="at_most", limit=1, source="made for this test")
SCALE = Scale(
    code="scale_a",
    name="Scale A",
    constructs=("severity",),
    direction="higher_is_worse",
    scores={
        "total": Score(name="total", how="sum", sets=("fear", "avoidance"), minimum=0, maximum=9, missing_items=RULE),
        "fear": Score(name="fear", how="sum", sets=("fear",), minimum=0, maximum=6, missing_items=RULE),
    },
    primary="total",
    sets={"fear": ItemSet(number=2, minimum=0, maximum=3), "avoidance": ItemSet(number=1, minimum=0, maximum=3)},
    references=("made for this test",),
)
FEAR = ScoreRule(scale="scale_a", score="fear", rater=None, items={"": "f{i:02d}_{visit}"})


def source(*rows: tuple[object, object], reasons: dict[str, np.ndarray] | None = None) -> Prepared:
    values = pd.DataFrame(list(rows), columns=["f01_pre", "f02_pre"], dtype="string")
    raw = RawTable(file="a.csv", reader="csv", sha256="", values=values, rows=np.arange(2, len(values) + 2))
    return Prepared(
        source=Source(name="main", file="a.csv", reader="csv"),
        raw=raw,
        values=values,
        reasons=reasons or {},
        rows=raw.rows,
        trial=np.full(len(values), "a", dtype=object),
        participant_id=None,
        labels={},
    )


def test_items_are_the_scale_s_in_its_order_by_set() -> None:
    total = ScoreRule(scale="scale_a", score=None, rater=None, items={"fear": "f{i}{visit}", "avoidance": "a{i}"})
    assert item_columns(total, SCALE, {"visit": "x"}) == {"fear": ["f1x", "f2x"], "avoidance": ["a1"]}
    assert item_columns(FEAR, SCALE, {"visit": "pre"}) == {"fear": ["f01_pre", "f02_pre"]}


def test_a_score_says_whether_it_comes_from_all_items() -> None:
    # at_most 1 missing of 2: the one answered item times 2.
    columns, failures = fill_score(FEAR, SCALE, source(("1", "3"), ("2", pd.NA)), {"visit": "pre"})
    assert failures == ()
    assert columns["value"].values.tolist() == [4.0, 4.0]
    assert columns["value_source"].values.tolist() == ["items", "prorated"]


def test_without_any_item_the_codes_say_why_and_else_nothing_is_known() -> None:
    reasons = {"f02_pre": np.array([None, "lost_to_followup", None], dtype=object)}
    prepared = source((pd.NA, pd.NA), (pd.NA, pd.NA), ("1", "1"), reasons=reasons)
    columns, _ = fill_score(FEAR, SCALE, prepared, {"visit": "pre"})
    assert columns["value"].values.isna().tolist() == [True, True, False]
    assert columns["value"].reasons is not None
    assert columns["value"].reasons.tolist() == [None, "lost_to_followup", None]


def test_an_item_outside_its_range_or_no_number_is_a_failure_of_its_row() -> None:
    _, failures = fill_score(FEAR, SCALE, source(("9", "1"), ("1", "x"), ("1", "1")), {"visit": "pre"})
    found = {failure.code: failure.where.tolist() for failure in failures}
    assert found["item_outside_range"] == [True, False, False]
    assert [where for code, where in found.items() if code != "item_outside_range"] == [[False, True, False]]
