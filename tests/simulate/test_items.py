import numpy as np
import pytest

from ipdma.errors import SimulationError
from ipdma.schemas.scale import ItemSet, MissingItems, Scale, Score
from ipdma.simulate.items import item_table, leave_out, split_totals

COMPLETE = MissingItems(rule="complete")


def scale(how: str = "sum") -> Scale:
    score = Score(name="total", how=how, sets=("a", "b"), minimum=1, maximum=14, missing_items=COMPLETE)  # type: ignore[arg-type]
    return Scale(
        code="scale_a",
        name="Scale A",
        constructs=("severity",),
        direction="higher_is_worse",
        sets={
            "a": ItemSet(number=3, minimum=0, maximum=3),
            "b": ItemSet(number=1, minimum=1, maximum=5, first=4, reversed=(4,)),
        },
        scores={"total": score},
        primary="total",
    )


def test_answers_add_up_to_their_totals_within_each_items_range() -> None:
    items = item_table(scale(), scale().scores["total"])
    assert items["item"].tolist() == [1, 2, 3, 4]
    totals = np.arange(1, 15)
    answers = split_totals(totals, items, np.random.default_rng(1))
    assert answers[:, :3].min() >= 0 and answers[:, :3].max() <= 3
    assert answers[:, 3].min() >= 1 and answers[:, 3].max() <= 5
    # Item 4 is reversed on the form: 5 stands there where 1 counts.
    assert (answers[:, :3].sum(axis=1) + 6 - answers[:, 3]).tolist() == totals.tolist()


def test_the_lowest_total_is_the_lowest_answer_everywhere_and_the_highest_the_highest() -> None:
    items = item_table(scale(), scale().scores["total"])
    assert split_totals(np.array([1, 14]), items, np.random.default_rng(1)).tolist() == [[0, 0, 0, 5], [3, 3, 3, 1]]


def test_a_total_the_items_cannot_reach_is_refused() -> None:
    items = item_table(scale(), scale().scores["total"])
    with pytest.raises(SimulationError, match="1 totals lie outside the 1 to 14"):
        split_totals(np.array([3, 15]), items, np.random.default_rng(1))


def test_a_score_that_is_no_sum_cannot_be_split() -> None:
    with pytest.raises(SimulationError, match="not a sum of items"):
        item_table(scale("mean"), scale("mean").scores["total"])


def test_items_are_left_out_of_the_asked_share_of_forms_and_at_most_so_many() -> None:
    answers = np.ones((4000, 10), dtype=np.int64)
    kept = leave_out(answers, share=0.25, most=3, rng=np.random.default_rng(1))
    gone = np.isnan(kept).sum(axis=1)
    assert (gone > 0).mean() == pytest.approx(0.25, abs=0.03)  # 4 SE of a share of 4000
    assert set(gone) == {0, 1, 2, 3}
    assert not np.isnan(leave_out(answers, share=0.0, most=3, rng=np.random.default_rng(1))).any()
