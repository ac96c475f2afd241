"""Effects at separate values."""

import numpy as np
import pandas as pd

from ipdma.plots.levels import levels


def test_values_stand_side_by_side_under_their_labels(level_points: pd.DataFrame) -> None:
    ax = levels(level_points, variable="diagnosis")
    strip = ax.child_axes[0]
    assert [text.get_text() for text in strip.get_xticklabels()] == list(level_points["label"])
    np.testing.assert_allclose(np.asarray(ax.collections[-1].get_offsets())[:, 1], level_points["mean"])


def test_without_labels_the_values_themselves_are_written_and_no_line_joins_them(level_points: pd.DataFrame) -> None:
    numbers = level_points.drop(columns="label").assign(x=[1.0, 2, 4, 5, 8, 9, 10, 12])
    ax = levels(numbers, variable="number of doses")
    assert [text.get_text() for text in ax.child_axes[0].get_xticklabels()] == [
        "1",
        "2",
        "4",
        "5",
        "8",
        "9",
        "10",
        "12",
    ]
    assert len(ax.lines) == 1  # zero
