"""The strip below a curve."""

import pandas as pd
import pytest

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


@pytest.mark.parametrize(("low", "high"), [(2004.0, 2019.0), (50.0, 500.0), (55.0, 95.0), (0.3, 0.45), (1.0, 6.0)])
def test_a_logarithmic_axis_has_ticks_whatever_it_spans(low: float, high: float) -> None:
    ax = new_figure(90).add_subplot()
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    seen = pd.DataFrame({"x": [low, high], "trials": [2, 3], "participants": [40, 90]})
    strip = rug(ax, seen, variable="year", log=True)
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    inside = [label.get_text() for tick, label in zip(strip.get_xticks(), strip.get_xticklabels(), strict=True)
              if low <= tick <= high]  # fmt: skip
    assert len([text for text in inside if text]) >= 2
    assert "+" not in strip.xaxis.get_offset_text().get_text()
