"""Several curves in one figure."""

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd

from ipdma.plots.side_by_side import side_by_side
from ipdma.plots.style import SERIES


def test_each_curve_is_a_line_of_its_own_named_in_the_legend(many_points: pd.DataFrame) -> None:
    ax = side_by_side(many_points, variable="number of doses")
    lines = {str(line.get_label()): line for line in ax.lines if line.get_linewidth() == 1.5}
    assert list(lines) == list(dict.fromkeys(many_points["curve"]))
    own = many_points[many_points["curve"] == "linear"]
    np.testing.assert_allclose(lines["linear"].get_ydata(), own["mean"])
    legend = ax.get_legend()
    assert legend is not None and [text.get_text() for text in legend.get_texts()] == list(lines)


def test_series_of_one_color_differ_in_their_dashes_and_colors_in_lightness(gray: Callable[[str], float]) -> None:
    for (color, dashes), (other, others) in itertools.combinations(SERIES, 2):
        assert dashes != others or abs(gray(color) - gray(other)) > 0.1


def test_what_was_observed_is_counted_once_not_once_a_curve(many_points: pd.DataFrame) -> None:
    ax = side_by_side(many_points, variable="number of doses")
    strip = ax.child_axes[0]
    assert len(strip.collections[0].get_segments()) == 5


def test_a_legend_of_long_names_stays_within_the_figure(many_points: pd.DataFrame) -> None:
    names = {name: f"{name} (knots 0, 5 and 12)" for name in dict.fromkeys(many_points["curve"])}
    ax = side_by_side(many_points.assign(curve=many_points["curve"].map(names)), variable="number of doses")
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    legend = ax.get_legend()
    assert legend is not None
    box = legend.get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.width
    assert box.y1 <= figure.bbox.height
