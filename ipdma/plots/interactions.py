"""Interactions: within trials, across trials and their difference, each modifier on a scale of its own."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.numbers import digits_for, shown
from ipdma.plots.style import BLUE, GRAY, INK, POINT_MM, Dashes, Margins, new_figure, plain_label, styled, text_width

_TERMS = ("within", "across", "difference")
_LABELS = {"within": "within trials", "across": "across trials", "difference": "across minus within"}
_MARKS: dict[str, tuple[str, str, str, Dashes, float]] = {  # marker, its face, color, dashes and width of the interval
    "within": ("o", BLUE, BLUE, "-", 1.6),
    "across": ("s", "white", GRAY, "-", 1.0),
    "difference": ("D", "white", INK, (0, (2.5, 1.5)), 0.9),
}
_ROW_MM, _GAP_ROWS, _TOP_MM, _BOTTOM_MM = 5.2, 2.9, 6.0, 8.0


def interactions(terms: pd.DataFrame, *, axis: EffectAxis | None = None, ax: Axes | None = None) -> Axes:
    """Draw how the effect changes with each modifier and return the Axes.

    Every modifier has a horizontal axis of its own, as its unit is (a year, a point, yes against no).

    Parameters
    ----------
    terms
        ``modifier``, ``term`` (within, across, difference), ``mean, sd, q2.5, q97.5`` in outcome units per unit of the
        modifier, where known ``unit`` (what one unit of the modifier is). The table is left alone.
    axis
        Contrast, unit and direction.
    ax
        Where to draw: it holds one inset for each modifier. Without it a figure 180 mm wide is made.
    """
    with styled():
        modifiers = list(dict.fromkeys(terms["modifier"]))
        sizes = [int((terms["modifier"] == name).sum()) for name in modifiers]
        rows = sum(sizes) + _GAP_ROWS * (len(sizes) - 1) + 1.4  # the last: numbers below the lowest axis
        if ax is None:
            beside = max(text_width(label) for label in _LABELS.values()) * POINT_MM + 4
            numbers = max(text_width(text) for name in modifiers for text in _numbers(_own(terms, name)).values())
            margins = Margins(left=beside, right=numbers * POINT_MM + 5, top=_TOP_MM, bottom=_BOTTOM_MM)
            ax = new_figure(_TOP_MM + _BOTTOM_MM + _ROW_MM * rows, margins).add_subplot()
        ax.set_axis_off()
        top = 1.0
        for name, size in zip(modifiers, sizes, strict=True):
            height = size / rows
            panel = ax.inset_axes((0.0, top - height, 1.0, height))
            _panel(panel, _own(terms, name), name)
            top -= height + _GAP_ROWS / rows
        (axis or EffectAxis()).write_change(ax)
    return ax


def _own(terms: pd.DataFrame, name: object) -> pd.DataFrame:
    """The terms of one modifier by name, in the order in which they are drawn."""
    own = terms[terms["modifier"] == name].drop_duplicates("term").set_index("term")
    return own.loc[[term for term in _TERMS if term in own.index]]


def _numbers(own: pd.DataFrame) -> dict[str, str]:
    """What is printed beside each term; as many decimals as the first deserves."""
    digits = digits_for(float(own["sd"].iloc[0]))
    return {
        str(term): f"{shown(mean, digits)}  ({shown(low, digits)} to {shown(high, digits)})"
        for term, mean, low, high in zip(own.index, own["mean"], own["q2.5"], own["q97.5"], strict=True)
    }


def _panel(ax: Axes, own: pd.DataFrame, name: object) -> None:
    found, texts = list(own.index), _numbers(own)
    ax.axvline(0.0, color=INK, lw=0.7, zorder=1)
    for y, term in enumerate(found):
        mean, low, high = (float(own.loc[term, column]) for column in ("mean", "q2.5", "q97.5"))
        marker, face, color, dashes, width = _MARKS[term]
        ax.plot([low, high], [y, y], color=color, ls=dashes, lw=width, solid_capstyle="butt", zorder=2)
        ax.scatter([mean], [y], marker=marker, s=18, facecolor=face, edgecolor=color, lw=0.9, zorder=3)
        ax.annotate(texts[term], (1.0, y), (8, 0), ax.get_yaxis_transform(), "offset points", va="center")
    ax.set_yticks(np.arange(len(found)), [_LABELS[term] for term in found])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(found) - 0.4, -0.6)
    ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=7)
    ax.spines[["left", "right", "top"]].set_visible(False)
    unit = f", {plain_label(own['unit'].iloc[0], 60)}" if "unit" in own and own["unit"].notna().all() else ""
    ax.set_title(f"{plain_label(name, 90)}{unit}", loc="left", fontweight="bold", pad=4, parse_math=False)
