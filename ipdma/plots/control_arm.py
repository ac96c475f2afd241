"""The control arm's change on a dosing variable: what a curve of effects must not be mistaken for."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.style import BLUE, GRAY, INK, PALE, Margins, new_figure, plain_label, styled

HEIGHT_MM = 80.0
_MARGINS = Margins(left=28, right=3, top=10, bottom=11)
_SMALLEST, _LARGEST = 6.0, 90.0  # points squared: the area of a mark follows the participants behind it


def control_arm(
    line: pd.DataFrame, trials: pd.DataFrame, *, variable: str, axis: EffectAxis | None = None, ax: Axes | None = None
) -> Axes:
    """Draw each trial's change in the control arm over a dosing variable, with a line and its band.

    Parameters
    ----------
    line
        ``x, estimate, low, high``: the line across trials with its 95 % band.
    trials
        ``x, change, se, participants`` of each trial's control arm. The tables are left alone.
    variable
        The words on the horizontal axis, with the unit.
    axis
        Control, unit and direction written on the vertical axis.
    ax
        Where to draw; without it a figure 180 mm wide is made.
    """
    with styled():
        ax = new_figure(HEIGHT_MM, _MARGINS).add_subplot() if ax is None else ax
        x, estimate, low, high = (
            line.sort_values("x")[name].to_numpy(dtype=float) for name in ("x", "estimate", "low", "high")
        )
        ax.axhline(0.0, color=INK, lw=0.7, zorder=1)
        ax.fill_between(x, low, high, color=PALE, lw=0, zorder=0)
        ax.plot(x, estimate, color=BLUE, lw=1.5, ls=(0, (5, 2)), zorder=2, label="line across trials, 95% band")
        _marks(ax, trials)
        ax.margins(x=0.04, y=0.08)
        ax.spines[["right", "top"]].set_visible(False)
        ax.set_xlabel(plain_label(variable, 60), parse_math=False)
        (axis or EffectAxis()).write_control_beside(ax)
        ax.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False, handlelength=3.2, columnspacing=2.0
        )
    return ax


def _marks(ax: Axes, trials: pd.DataFrame) -> None:
    x, change, se, people = (trials[name].to_numpy(dtype=float) for name in ("x", "change", "se", "participants"))
    ax.vlines(x, change - 1.96 * se, change + 1.96 * se, color=GRAY, lw=0.7, zorder=2)
    size = _SMALLEST + (_LARGEST - _SMALLEST) * people / max(float(np.max(people, initial=1.0)), 1.0)
    label = "a trial's control arm, ±1.96 SE; area by participants"
    ax.scatter(x, change, s=size, facecolor="white", edgecolor=INK, lw=0.8, zorder=3, label=label)
