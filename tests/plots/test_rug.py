"""The strip below a curve."""

import pandas as pd

from ipdma.plots.rug import rug
from ipdma.plots.style import new_figure


def test_the_strip_shares_the_curve_s_horizontal_axis_and_bears_its_words() -> None:
    ax = new_figure(90).add_subplot()
    strip = rug(ax, pd.DataFrame({"x": [1.0, 5.0], "trials": [2, 3], "participants": [40, 90]}), variable="doses")
    assert strip.get_shared_x_axes().joined(ax, strip)
    assert strip.get_xlabel().startswith("doses")
    assert [text.get_text() for text in strip.texts] == ["2", "3"]


def test_nobody_observed_is_an_empty_strip() -> None:
    ax = new_figure(90).add_subplot()
    strip = rug(ax, pd.DataFrame({"x": [], "trials": [], "participants": []}), variable="doses")
    assert not strip.texts
