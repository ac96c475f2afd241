"""Effect curve."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from ipdma.plots.curve import curve
from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.style import new_figure

AXIS = EffectAxis(treatment="drug", control="placebo", metric="pomp", unit="points")


Texts = Callable[[Figure], list[Text]]
Pairs = Callable[[Figure], list[tuple[str, str]]]


def test_it_draws_on_the_given_axes_and_returns_them(points: pd.DataFrame) -> None:
    ax = new_figure(90).add_subplot()
    assert curve(points, variable="number of doses", ax=ax) is ax


def test_it_leaves_the_table_alone(points: pd.DataFrame) -> None:
    before = points.copy(deep=True)
    curve(points, variable="number of doses", reference=5)
    pd.testing.assert_frame_equal(points, before)


@pytest.mark.parametrize("log", [False, True])
def test_no_labels_overlap_and_all_have_seven_points(
    points: pd.DataFrame, log: bool, overlapping: Pairs, drawn_texts: Texts
) -> None:
    figure = curve(points, variable="number of doses", reference=5, log=log, axis=AXIS).figure
    assert isinstance(figure, Figure)
    assert overlapping(figure) == []
    assert min(text.get_fontsize() for text in drawn_texts(figure)) >= 7


def test_the_line_and_the_band_are_the_table(points: pd.DataFrame) -> None:
    ax = curve(points.sample(frac=1, random_state=1), variable="number of doses")
    lines = {line.get_linewidth(): line for line in ax.lines}
    np.testing.assert_allclose(lines[1.8].get_xdata(), points["x"])
    np.testing.assert_allclose(lines[1.8].get_ydata(), points["mean"])


def test_the_rug_shows_participants_and_trials_where_there_are_any(points: pd.DataFrame) -> None:
    ax = curve(points, variable="number of doses")
    rug = ax.child_axes[0]
    tops = [segment[1] for segment in rug.collections[0].get_segments()]
    np.testing.assert_allclose(tops, [[1, 60], [1.25, 30], [5, 240], [9, 44], [12, 30]])
    # The bar at 1.25 stands so close to the one at 1 that its number would touch: the report's table has it.
    assert [text.get_text() for text in rug.texts] == ["2", "4", "1", "1"]
    assert "number of doses" in rug.get_xlabel()


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show(points: pd.DataFrame) -> None:
    ax = curve(points, variable="dose (mg)", log=True)
    assert ax.get_xscale() == "log"
    assert min(ax.lines[1].get_xdata()) > 0


def test_a_curve_without_observed_points_can_be_drawn(points: pd.DataFrame, drawn_texts: Texts) -> None:
    figure = curve(points.assign(trials=0, participants=0), variable="number of doses").figure
    assert isinstance(figure, Figure) and drawn_texts(figure)


def test_the_band_of_half_the_probability_lies_inside_where_the_table_has_it(points: pd.DataFrame) -> None:
    inner = {"q25": points["mean"] - 0.1, "q75": points["mean"] + 0.1}
    bands = curve(points.assign(**inner), variable="doses").collections
    assert [band.get_label() for band in bands] == ["95% band", "50% band"]
    assert len(curve(points, variable="doses").collections) == 1
