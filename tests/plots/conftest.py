"""Tables as the summaries make them."""

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TRIALS = 8


@pytest.fixture
def trial_effects() -> pd.DataFrame:
    """Eight trials; the numbers are arbitrary."""
    place = np.arange(TRIALS)
    raw = -5.0 + 4.0 * np.sin(2.0 * place)
    se = 2.0 + 0.4 * place
    mean = 0.5 * raw - 2.0
    return pd.DataFrame({
        "trial": [f"sim_{i:02d}" for i in place],
        "label": [f"Simulated trial {i} ({2004 + i})" for i in place],
        "n": 30 + 12 * place,
        "raw": raw,
        "raw_se": se,
        "mean": mean,
        "q2.5": mean - 4.0,
        "q97.5": mean + 4.0,
        "weight": 100.0 * (1 / se) / (1 / se).sum(),
    })  # fmt: skip


@pytest.fixture
def pooled() -> dict[str, float]:
    return {"mean": -4.1, "q2.5": -6.9, "q97.5": -1.4}


@pytest.fixture
def points() -> pd.DataFrame:
    """A curve on 0 to 12, observed at five values, two of them close together."""
    x = np.arange(0.0, 12.25, 0.25)
    seen = {1.0: (2, 60), 1.25: (11, 30), 5.0: (4, 240), 9.0: (1, 44), 12.0: (1, 30)}
    mean = -6.0 * np.minimum(x, 5.0) / 5.0
    return pd.DataFrame({
        "x": x,
        "mean": mean,
        "q2.5": mean - 0.3 * x,
        "q97.5": mean + 0.3 * x,
        "trials": [seen.get(value, (0, 0))[0] for value in x],
        "participants": [seen.get(value, (0, 0))[1] for value in x],
    })  # fmt: skip


def _axes(figure: Figure) -> list[Axes]:
    return [child for ax in figure.axes for child in (ax, *ax.child_axes) if isinstance(child, Axes)]


@pytest.fixture
def drawn_texts() -> Callable[[Figure], list[Text]]:
    """All texts that a figure shows: everything but tick labels, which matplotlib keeps also beyond the axis' ends."""

    def collect(figure: Figure) -> list[Text]:
        figure.draw_without_rendering()
        ticks = {id(text) for tick in figure.findobj(Tick) for text in tick.findobj(Text)}
        found = [text for text in figure.findobj(Text) if id(text) not in ticks]
        for ax in _axes(figure):
            for axis, place in ((ax.xaxis, 0), (ax.yaxis, 1)):
                low, high = sorted(axis.get_view_interval())
                found += [text for text in axis.get_ticklabels() if low <= text.get_position()[place] <= high]
        return [text for text in found if text.get_visible() and text.get_text().strip()]

    return collect


@pytest.fixture
def overlapping(drawn_texts: Callable[[Figure], list[Text]]) -> Callable[[Figure], list[tuple[str, str]]]:
    """Pairs of texts whose boxes share more than half a pixel in both directions."""

    def pairs(figure: Figure) -> list[tuple[str, str]]:
        boxes = [(text.get_text(), text.get_window_extent()) for text in drawn_texts(figure)]
        return [(a, b) for (a, box), (b, other) in itertools.combinations(boxes, 2) if _share(box, other)]

    return pairs


def _share(box: Bbox, other: Bbox) -> bool:
    width = min(box.x1, other.x1) - max(box.x0, other.x0)
    height = min(box.y1, other.y1) - max(box.y0, other.y0)
    return bool(width > 0.5 and height > 0.5)
