"""Effects at separate values of a variable: no line where no shape was assumed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.rug import rug
from ipdma.plots.style import BLUE, HALF, INK, POINT_MM, WIDTH_MM, Margins, new_figure, plain_label, styled, text_width

HEIGHT_MM = 92.0
_LEFT, _RIGHT = 28, 3


def levels(points: pd.DataFrame, *, variable: str, axis: EffectAxis | None = None, ax: Axes | None = None) -> Axes:
    """Draw the effect at each value with its intervals over a rug of what was observed, and return the Axes.

    Parameters
    ----------
    points
        ``x`` in ascending order, where known ``label`` (the words of the value), ``mean, q2.5, q97.5`` (the effect),
        where known ``q25, q75``, ``trials, participants`` at this value. The table is left alone.
    variable
        The words on the horizontal axis, with the unit.
    axis
        Contrast, unit and direction written on the vertical axis.
    ax
        Where to draw, with the rug below it; without it a figure 180 mm wide is made.
    """
    with styled():
        labels = _labels(points)
        longest = max(text_width(label) for label in labels) * POINT_MM
        turned = longest > 0.9 * (WIDTH_MM - _LEFT - _RIGHT) / len(labels)
        below = 27 + (longest if turned else 0)
        margins = Margins(left=_LEFT, right=_RIGHT, top=4, bottom=below)
        ax = new_figure(HEIGHT_MM - 27 + below, margins).add_subplot() if ax is None else ax
        place = np.arange(len(points), dtype=float)
        _intervals(ax, place, points)
        ax.set_xlim(-0.6, len(points) - 0.4)
        ax.margins(y=0.08)
        ax.spines[["right", "top"]].set_visible(False)
        (axis or EffectAxis()).write_beside(ax)
        strip = rug(ax, points.assign(x=place)[points["trials"].to_numpy() > 0], variable=variable)
        strip.set_xticks(place, labels, rotation=90 if turned else 0)
        for label in strip.get_xticklabels():
            label.set_parse_math(False)
    return ax


def _labels(points: pd.DataFrame) -> list[str]:
    if "label" in points and points["label"].notna().all():
        return [plain_label(label) for label in points["label"]]
    return [f"{x:g}" for x in points["x"]]


def _intervals(ax: Axes, place: np.ndarray, points: pd.DataFrame) -> None:
    """The 95 % interval as a line, the 50 % interval as a bar, the mean as a dot."""
    ax.axhline(0.0, color=INK, lw=0.7, zorder=1)
    ax.vlines(place, points["q2.5"], points["q97.5"], color=BLUE, lw=1.2, zorder=2)
    if {"q25", "q75"} <= set(points) and points[["q25", "q75"]].notna().all(axis=None):
        ax.vlines(place, points["q25"], points["q75"], color=HALF, lw=6, zorder=1.5)
    ax.scatter(place, points["mean"], s=24, color=BLUE, lw=0, zorder=3)
