"""Interactions: within trials, across trials and their difference, each modifier on a scale of its own."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.numbers import digits_for, shown
from ipdma.plots.style import BLUE, GRAY, INK, Dashes, new_figure, plain_label, styled

_TERMS = ("within", "across", "difference")
_LABELS = {"within": "within trials", "across": "across trials", "difference": "across minus within"}
_MARKS: dict[str, tuple[str, str, str, Dashes, float]] = {  # marker, its face, color, dashes and width of the interval
    "within": ("o", BLUE, BLUE, "-", 1.6),
    "across": ("s", "white", GRAY, "-", 1.0),
    "difference": ("D", "white", INK, (0, (2.5, 1.5)), 0.9),
}
_ROW_MM, _GAP_ROWS, _AROUND_MM = 5.2, 2.9, 12.0


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
        ax = new_figure(_AROUND_MM + _ROW_MM * rows).add_subplot() if ax is None else ax
        ax.set_axis_off()
        top = 1.0
        for name, size in zip(modifiers, sizes, strict=True):
            height = size / rows
            panel = ax.inset_axes((0.0, top - height, 1.0, height))
            _panel(panel, terms[terms["modifier"] == name], name)
            top -= height + _GAP_ROWS / rows
        (axis or EffectAxis()).write_change(ax)
    return ax


def _panel(ax: Axes, own: pd.DataFrame, name: object) -> None:
    found = [term for term in _TERMS if term in set(own["term"])]
    rows = own.drop_duplicates("term").set_index("term")
    digits = digits_for(float(rows.loc[found[0], "sd"]))
    ax.axvline(0.0, color=INK, lw=0.7, zorder=1)
    for y, term in enumerate(found):
        mean, low, high = (float(rows.loc[term, column]) for column in ("mean", "q2.5", "q97.5"))
        marker, face, color, dashes, width = _MARKS[term]
        ax.plot([low, high], [y, y], color=color, ls=dashes, lw=width, solid_capstyle="butt", zorder=2)
        ax.scatter([mean], [y], marker=marker, s=18, facecolor=face, edgecolor=color, lw=0.9, zorder=3)
        text = f"{shown(mean, digits)}  ({shown(low, digits)} to {shown(high, digits)})"
        ax.annotate(text, (1.0, y), (8, 0), ax.get_yaxis_transform(), "offset points", va="center")
    ax.set_yticks(np.arange(len(found)), [_LABELS[term] for term in found])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(found) - 0.4, -0.6)
    ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=7)
    ax.spines[["left", "right", "top"]].set_visible(False)
    unit = f", {plain_label(own['unit'].iloc[0])}" if "unit" in own and own["unit"].notna().all() else ""
    ax.set_title(f"{plain_label(name, 60)}{unit}", loc="left", fontweight="bold", pad=4, parse_math=False)
