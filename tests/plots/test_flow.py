"""Flow of trials and participants."""

import pandas as pd
from matplotlib.patches import Rectangle

from ipdma.plots.flow import flow


def test_each_stage_has_a_box_and_reasons_that_follow_each_other_share_one(steps: pd.DataFrame) -> None:
    ax = flow(steps)
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    left = [box for box in boxes if box.get_x() < 50]
    assert (len(left), len(boxes)) == (3, 5)
    tops = [box.get_y() for box in boxes]
    assert tops == sorted(tops)


def test_every_word_of_the_table_is_in_the_figure(steps: pd.DataFrame) -> None:
    drawn = " ".join(" ".join(text.get_text() for text in flow(steps).texts).split())
    for text in steps["text"]:
        assert " ".join(text.split()) in drawn


def test_text_stays_inside_its_box(steps: pd.DataFrame) -> None:
    ax = flow(steps)
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    boxes = [patch.get_window_extent() for patch in ax.patches]
    for text in ax.texts:
        if text.get_text():
            extent = text.get_window_extent()
            assert any(b.x0 <= extent.x0 and extent.x1 <= b.x1 and b.y0 <= extent.y0 <= b.y1 for b in boxes)
