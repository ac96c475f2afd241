"""Effect against a dosing variable: curve, band, and a rug of the trials and participants behind it."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator, ScalarFormatter

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.style import BLUE, GRAY, INK, PALE, POINTS, WIDTH_MM, new_figure, plain_label, styled, text_width

HEIGHT_MM = 92.0
_LOG_TICKS = (1, 2, 5)


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
        ``x`` (in the variable's unit), ``mean, q2.5, q97.5`` (the effect), ``trials, participants`` at exactly this x
        (0 between observed values). The table is left alone.
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
        ax = new_figure(HEIGHT_MM).add_subplot() if ax is None else ax
        table = points.sort_values("x")
        table = table[table["x"] > 0] if log else table
        if log:
            ax.set_xscale("log")
        _band(ax, table)
        if reference is not None:
            _reference(ax, reference)
        (axis or EffectAxis()).write_beside(ax)
        _rug(ax, table[table["trials"] > 0], variable=variable, log=log)
    return ax


def _band(ax: Axes, table: pd.DataFrame) -> None:
    x, mean, low, high = (table[name].to_numpy(dtype=float) for name in ("x", "mean", "q2.5", "q97.5"))
    ax.axhline(0.0, color=INK, lw=0.7, zorder=1)
    ax.fill_between(x, low, high, color=PALE, lw=0, zorder=0)
    for edge in (low, high):  # edges, so that the band survives a poor print
        ax.plot(x, edge, color=BLUE, lw=0.6, zorder=2)
    ax.plot(x, mean, color=BLUE, lw=1.8, zorder=3)
    ax.margins(x=0.02, y=0.08)
    ax.spines[["right", "top"]].set_visible(False)


def _reference(ax: Axes, reference: float) -> None:
    ax.axvline(reference, color=GRAY, lw=0.8, ls=(0, (2, 2)), zorder=1)
    where: dict[str, Any] = {"ha": "center", "va": "bottom", "color": GRAY}
    ax.annotate(f"reference {reference:g}", (reference, 1), (0, 2), ax.get_xaxis_transform(), "offset points", **where)


def _rug(ax: Axes, seen: pd.DataFrame, *, variable: str, log: bool) -> Axes:
    """Bars of participants and numbers of trials, in a strip of its own below the curve."""
    rug = ax.inset_axes((0.0, -0.27, 1.0, 0.2), sharex=ax)
    people = seen["participants"].to_numpy(dtype=float)
    x = seen["x"].to_numpy(dtype=float)
    rug.vlines(x, 0, people, color=GRAY, lw=4.5)
    most = float(people.max()) if len(people) else 1.0
    rug.set_ylim(0, 1.45 * most)
    rug.set_yticks([0, most])
    rug.spines[["right", "top"]].set_visible(False)
    rug.set_ylabel("partici-\npants", rotation=0, ha="right", va="center", color=INK, labelpad=4)
    rug.set_xlabel(f"{plain_label(variable)}   (bars: participants; numbers above: trials)", parse_math=False)
    ax.tick_params(axis="x", which="both", labelbottom=False, length=0)
    if log:
        _log_ticks(rug)
    _trials(rug, x, people, seen["trials"].to_numpy(dtype=int), log=log)
    return rug


def _trials(rug: Axes, x: np.ndarray, people: np.ndarray, trials: np.ndarray, *, log: bool) -> None:
    """The number of trials above each bar, unless it would touch the one before: the report's table has them all."""
    places = np.log(x) if log else x
    low, high = (math.log(end) if log else end for end in rug.get_xlim())
    points = WIDTH_MM / 25.4 * 72 * 0.75  # the width of the Axes; a caller's narrower Axes only loses some numbers
    right_end = -math.inf
    for at, place, height, number in zip(x, places, people, trials, strict=True):
        center = (place - low) / (high - low) * points
        half = text_width(str(number)) / 2 + POINTS / 4
        if center - half > right_end:
            rug.annotate(str(number), (at, height), (0, 1.5), textcoords="offset points", ha="center", va="bottom")
            right_end = center + half


def _log_ticks(rug: Axes) -> None:
    low, high = rug.get_xlim()
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in _LOG_TICKS]
    rug.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    rug.xaxis.set_minor_locator(NullLocator())
    rug.xaxis.set_major_formatter(ScalarFormatter())
