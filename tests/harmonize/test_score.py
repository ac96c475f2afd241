"""Scores from items; every expected number is worked out by hand beside it."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipdma.errors import ScaleError
from ipdma.harmonize.score import score_items
from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score

COMPLETE = MissingItems(rule="complete", source="by hand")
FEAR = ItemSet(number=4, minimum=0, maximum=3)
AVOIDANCE = ItemSet(number=2, minimum=0, maximum=4, reversed=(6,), first=5)


def scale(how: str = "sum", sets: tuple[str, ...] = ("fear",), rule: MissingItems = COMPLETE) -> Scale:
    score = Score(name="total", how=how, sets=sets, minimum=0, maximum=12, missing_items=rule)  # type: ignore[arg-type]
    return Scale(
        code="scale_a",
        name="Scale A",
        constructs=("severity",),
        direction="higher_is_worse",
        scores={"total": score, "reported": replace(score, name="reported", sets=())},
        primary="total",
        sets={"fear": FEAR, "avoidance": AVOIDANCE},
    )


def frame(rows: Sequence[Sequence[float | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype="Float64", index=[f"row {number}" for number in range(len(rows))])


def one(row: Sequence[float | None], of: Scale, **more: Sequence[float | None]) -> tuple[object, object, object]:
    items = {"fear": frame([row]), **{name: frame([values]) for name, values in more.items()}}
    result = score_items(items, of, "total").iloc[0]
    return tuple(None if value is pd.NA else value for value in result)  # type: ignore[return-value]


def test_a_sum_of_complete_items_comes_from_items() -> None:
    assert one([1, 2, 3, 0], scale()) == (6.0, "items", None)  # 1 + 2 + 3 + 0


def test_complete_rejects_a_row_with_one_missing_item_and_says_why() -> None:
    assert one([1, 2, None, 0], scale()) == (None, None, "too many items missing")


def test_a_row_without_any_item_is_told_apart_from_a_rejected_one() -> None:
    assert one([None] * 4, scale()) == (None, None, "no item answered")


def test_prorate_scales_the_sum_up_to_all_items_within_its_share() -> None:
    rule = MissingItems(rule="prorate", limit=0.25, source="by hand")
    assert one([1, 2, None, 3], scale(rule=rule)) == (8.0, "prorated", None)  # (1 + 2 + 3) * 4 / 3
    assert one([1, None, None, 3], scale(rule=rule)) == (None, None, "too many items missing")  # 2 of 4 > 25 %


def test_a_share_allows_exactly_that_many_items_whatever_its_binary_digits() -> None:
    # 0.1 * 30 = 3.0000000000000004 and 0.7 * 10 = 7.000000000000001, but 0.29 * 100 = 28.999999999999996.
    hundred = ItemSet(number=100, minimum=0, maximum=3)
    rule = MissingItems(rule="prorate", limit=0.29, source="by hand")
    of = replace(scale(rule=rule), sets={"fear": hundred})
    assert one([1.0] * 71 + [None] * 29, of) == (100.0, "prorated", None)  # 71 * 100 / 71
    assert one([1.0] * 70 + [None] * 30, of)[2] == "too many items missing"


def test_at_most_counts_items_of_each_set() -> None:
    rule = MissingItems(rule="at_most", limit=1, source="by hand")
    of = scale(sets=("fear", "avoidance"), rule=rule)
    # fear (0 + 1 + 2) * 4 / 3 = 4; avoidance: item 5 missing, item 6 is reversed on 0 to 4, so 4 - 1 = 3, * 2 / 1 = 6.
    assert one([0, 1, 2, None], of, avoidance=[None, 1]) == (10.0, "prorated", None)
    assert one([0, 1, None, None], of, avoidance=[2, 1])[2] == "too many items missing"


def test_a_set_without_any_item_is_never_filled_from_nothing() -> None:
    of = scale(sets=("fear", "avoidance"), rule=MissingItems(rule="at_most", limit=2, source="by hand"))
    assert one([1, 1, 1, 1], of, avoidance=[None, None])[2] == "too many items missing"


def test_reversed_items_are_turned_within_their_own_range_by_the_numbers_of_the_instrument() -> None:
    of = scale(sets=("avoidance",))
    assert one([0] * 4, of, avoidance=[1, 3]) == (2.0, "items", None)  # item 5: 1; item 6: 0 + 4 - 3 = 1


def test_a_single_item_may_have_a_range_of_its_own() -> None:
    of = replace(scale(), sets={"fear": replace(FEAR, ranges={2: (0, 1)}, reversed=(2,))})
    assert one([3, 1, 3, 3], of) == (9.0, "items", None)  # item 2: 0 + 1 - 1 = 0
    assert one([3, 2, 3, 3], of) == (None, None, "an item outside its range")


def test_an_item_outside_its_range_rejects_the_row() -> None:
    assert one([1, 2, 9, 0], scale()) == (None, None, "an item outside its range")


def test_a_mean_is_taken_over_the_answered_items_of_all_sets() -> None:
    rule = MissingItems(rule="at_most", limit=1, source="by hand")
    assert one([1, 2, None, 3], scale("mean", rule=rule)) == (2.0, "prorated", None)  # 6 / 3
    of = scale("mean", sets=("fear", "avoidance"), rule=rule)
    assert one([1, 1, 1, 1], of, avoidance=[4, 0]) == (2.0, "items", None)  # (4 * 1 + 4 + (4 - 0)) / 6


def test_a_maximum_is_the_highest_answered_item() -> None:
    rule = MissingItems(rule="at_most", limit=3, source="by hand")
    assert one([1, None, 2, 0], scale("max", rule=rule)) == (2.0, "prorated", None)


def test_a_difference_is_the_first_set_minus_the_second_and_may_be_negative() -> None:
    of = scale("difference", sets=("fear", "avoidance"))
    assert one([0, 0, 1, 0], of, avoidance=[4, 2]) == (-5.0, "items", None)  # 1 - (4 + 4 - 2)


def test_rows_keep_their_order_and_index() -> None:
    result = score_items({"fear": frame([[1, 1, 1, 1], [None, 1, 1, 1], [3, 3, 3, 3]])}, scale(), "total")
    assert list(result.index) == ["row 0", "row 1", "row 2"]
    assert result["value"].to_list() == [4.0, pd.NA, 12.0]
    assert [str(dtype) for dtype in result.dtypes] == ["Float64", "string", "string"]


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=4, max_size=4), min_size=1, max_size=6))
def test_a_row_has_either_a_value_with_a_source_or_a_reason(rows: list[list[float | None]]) -> None:
    result = score_items({"fear": frame(rows)}, scale(rule=MissingItems(rule="prorate", limit=0.5, source="")), "total")
    assert (result["value"].isna() == result["reason"].notna()).all()
    assert (result["value"].isna() == result["value_source"].isna()).all()
    assert result["value"].dropna().between(0, 12).all()


@pytest.mark.parametrize(
    ("items", "score", "match"),
    [
        ({"fear": frame([[1, 1, 1, 1]])}, "totl", "no score 'totl', did you mean 'total'"),
        ({"fear": frame([[1, 1, 1, 1]])}, "reported", "not built from items"),
        ({"fer": frame([[1, 1, 1, 1]])}, "total", "items of set 'fear' are not given"),
        ({"fear": frame([[1, 1, 1]])}, "total", "set 'fear' has 4 items, but 3 are given"),
    ],
)
def test_what_does_not_fit_the_scale_is_refused(items: dict[str, pd.DataFrame], score: str, match: str) -> None:
    with pytest.raises(ScaleError, match=match):
        score_items(items, scale(), score)
