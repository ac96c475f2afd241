"""Effect against a dosing variable: curve, band, and a rug of the trials and participants behind it."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.rug import rug
from ipdma.plots.style import BLUE, GRAY, HALF, INK, PALE, Margins, new_figure, styled

HEIGHT_MM = 92.0
_MARGINS = Margins(left=28, right=3, top=7, bottom=27)


def curve(
    points: pd.DataFrame,
    *,
    variable: str,
    reference: float | None = None,
    log: bool = False,
    axis: EffectAxis | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw an effect curve with its band over a rug of what was observed, and return the Axes.

    Parameters
    ----------
    points
        ``x`` (in the variable's unit), ``mean, q2.5, q97.5`` (the effect), where known ``q25, q75`` (the band that
        holds half the probability), ``trials, participants`` at exactly this x (0 between observed values). The table
        is left alone.
    variable
        The words on the horizontal axis, with the unit.
    reference
        Where the effect is read; marked by a line.
    log
        A logarithmic horizontal axis; points at 0 or below are then left out.
    axis
        Contrast, unit and direction written on the vertical axis.
    ax
        Where to draw, with the rug below it; without it a figure 180 mm wide is made.
    """
    with styled():
        ax = new_figure(HEIGHT_MM, _MARGINS).add_subplot() if ax is None else ax
        table = points.sort_values("x")
        table = table[table["x"] > 0] if log else table
        open_axes(ax, log=log)
        _band(ax, table)
        if reference is not None:
            mark_reference(ax, reference)
        (axis or EffectAxis()).write_beside(ax)
        rug(ax, table[table["trials"] > 0], variable=variable, log=log)
    return ax


def _band(ax: Axes, table: pd.DataFrame) -> None:
    x, mean, low, high = (table[name].to_numpy(dtype=float) for name in ("x", "mean", "q2.5", "q97.5"))
    ax.fill_between(x, low, high, color=PALE, lw=0, zorder=0, label="95% band")
    if {"q25", "q75"} <= set(table) and table[["q25", "q75"]].notna().all(axis=None):
        first, third = (table[name].to_numpy(dtype=float) for name in ("q25", "q75"))
        ax.fill_between(x, first, third, color=HALF, lw=0, zorder=0.5, label="50% band")
    for edge in (low, high):  # edges, so that the band survives a poor print
        ax.plot(x, edge, color=BLUE, lw=0.6, zorder=2)
    ax.plot(x, mean, color=BLUE, lw=1.8, zorder=3, label="mean")


def open_axes(ax: Axes, *, log: bool) -> None:
    """Prepare Axes for effects against a dosing variable: a line at no effect, open at the right and on top."""
    if log:
        ax.set_xscale("log")
    ax.axhline(0.0, color=INK, lw=0.7, zorder=1)
    ax.margins(x=0.02, y=0.08)
    ax.spines[["right", "top"]].set_visible(False)


def mark_reference(ax: Axes, reference: float) -> None:
    """Mark where the effect is read."""
    ax.axvline(reference, color=GRAY, lw=0.8, ls=(0, (2, 2)), zorder=1)
    where: dict[str, Any] = {"ha": "center", "va": "bottom", "color": GRAY}
    ax.annotate(f"reference {reference:g}", (reference, 1), (0, 2), ax.get_xaxis_transform(), "offset points", **where)
