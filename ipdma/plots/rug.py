"""What stands behind a curve at each value: bars of participants, numbers of trials."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator, ScalarFormatter
from matplotlib.transforms import Affine2DBase, ScaledTranslation, blended_transform_factory

from ipdma.plots.style import GRAY, INK, MM, POINTS, WIDTH_MM, plain_label, text_width

_LOG_TICKS = (1, 2, 5)
_NARROW = 5.0  # an axis over less than this factor has ticks at equal distances
_BELOW, _HEIGHT = 4 * MM, 12 * MM


def rug(ax: Axes, seen: pd.DataFrame, *, variable: str, log: bool = False) -> Axes:
    """Draw bars of participants and numbers of trials in a strip of its own below a curve, and return the strip.

    Parameters
    ----------
    ax
        Of the curve; the strip shares its horizontal axis and bears the axis' words.
    seen
        ``x, trials, participants`` where anybody was observed.
    variable
        The words on the horizontal axis, with the unit.
    log
        Whether that axis is logarithmic.
    """
    # Heights in inches from the foot of the Axes, widths of the Axes: the layout then settles in one pass.
    figure = ax.get_figure(root=True)
    assert figure is not None and isinstance(ax.transAxes, Affine2DBase)
    inches = figure.dpi_scale_trans + ScaledTranslation(0.0, 0.0, ax.transAxes)
    place = blended_transform_factory(ax.transAxes, inches)
    strip = ax.inset_axes((0.0, -_BELOW - _HEIGHT, 1.0, _HEIGHT), transform=place, sharex=ax)
    people = seen["participants"].to_numpy(dtype=float)
    x = seen["x"].to_numpy(dtype=float)
    strip.vlines(x, 0, people, color=GRAY, lw=4.5)
    most = float(people.max()) if len(people) else 1.0
    strip.set_ylim(0, 1.45 * most)
    strip.set_yticks([0, most])
    strip.spines[["right", "top"]].set_visible(False)
    strip.set_ylabel("partici-\npants", rotation=0, ha="right", va="center", color=INK, labelpad=4)
    strip.set_xlabel(f"{plain_label(variable)}   (bars: participants; numbers above: trials)", parse_math=False)
    ax.tick_params(axis="x", which="both", labelbottom=False, length=0)
    if log:
        _log_ticks(strip)
    _trials(strip, x, people, seen["trials"].to_numpy(dtype=int), log=log)
    return strip


def _trials(strip: Axes, x: np.ndarray, people: np.ndarray, trials: np.ndarray, *, log: bool) -> None:
    """The number of trials above each bar, unless it would touch the one before: the report's table has them all."""
    places = np.log(x) if log else x
    low, high = (math.log(end) if log else end for end in strip.get_xlim())
    points = WIDTH_MM / 25.4 * 72 * 0.75  # the width of the Axes; a caller's narrower Axes only loses some numbers
    right_end = -math.inf
    for at, place, height, number in zip(x, places, people, trials, strict=True):
        center = (place - low) / (high - low) * points
        half = text_width(str(number)) / 2 + POINTS / 4
        if center - half > right_end:
            strip.annotate(str(number), (at, height), (0, 1.5), textcoords="offset points", ha="center", va="bottom")
            right_end = center + half


def _log_ticks(strip: Axes) -> None:
    low, high = strip.get_xlim()
    strip.xaxis.set_minor_locator(NullLocator())
    strip.xaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    if high < _NARROW * low:  # such as years: no digit times a power of ten may lie within
        strip.xaxis.set_major_locator(MaxNLocator(6, integer=high - low > 5))
        return
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in _LOG_TICKS]
    strip.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
