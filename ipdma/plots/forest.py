"""Forest plot: each trial's own estimate and its shrunken effect, the pooled effect and a new trial's."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.forest_columns import left_columns, right_columns, room, write_columns
from ipdma.plots.forest_rows import Row, summary_rows, trial_rows
from ipdma.plots.style import BLUE, GRAY, INK, WIDTH_MM, Margins, new_figure, styled

_ROW_MM, _TOP_MM, _BOTTOM_MM = 5.4, 12.0, 15.0
_MANY, _NARROW_ROW_MM = 20, 4.9  # from so many rows on they are narrower, so that twenty trials stay on one page
_DRAWN = ("y", "raw", "raw_low", "raw_high", "mean", "low", "high", "weight")
_LONGEST, _NARROWEST_MM = (36, 28, 22, 16), 62.0  # letters of a label, fewer where the Axes would be narrower than this
_APART = 0.17  # of a row: the trial's own estimate above, the shrunken effect below


def forest(
    trial_effects: pd.DataFrame,
    *,
    pooled: Mapping[str, float] | None = None,
    new_trial: Mapping[str, float] | None = None,
    two_stage: Mapping[str, Any] | None = None,
    axis: EffectAxis | None = None,
    digits: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """Draw the trials' effects over the pooled effect and return the Axes.

    Parameters
    ----------
    trial_effects
        One row a trial, drawn in this order: ``trial, label, n, raw, raw_se`` (the trial's own estimate and its
        standard error), ``mean, q2.5, q97.5`` (the shrunken effect), ``weight`` (share of the pooled effect, percent),
        ``group`` (trials of a group stand together below its name). Columns other than ``trial`` may be absent or
        empty. The table is left alone.
    pooled, new_trial
        ``mean, q2.5, q97.5`` of the pooled effect and of the effect in a new trial (prediction interval).
    two_stage
        ``estimate, ci_wald`` and, where it exists, ``ci_hartung_knapp`` of the two-stage analysis.
    axis
        Contrast, unit and direction written on the axis.
    digits
        Decimals of the printed effects.
    ax
        Where to draw; its figure should use a constrained layout, as the columns stand outside the Axes. Without it
        a figure 180 mm wide is made (``forest(...).figure``).
    """
    with styled():
        for longest in _LONGEST:
            above = trial_rows(trial_effects, longest)
            below = summary_rows(len(above), pooled=pooled, new_trial=new_trial, two_stage=two_stage)
            rows = above + below
            left, right = left_columns(rows), right_columns(rows, digits=digits)
            if WIDTH_MM - room(left) - room(right) >= _NARROWEST_MM:
                break
        if ax is None:
            height = (_NARROW_ROW_MM if len(rows) >= _MANY else _ROW_MM) * len(rows)
            margins = Margins(left=room(left) + 1, right=room(right) + 1, top=_TOP_MM, bottom=_BOTTOM_MM)
            ax = new_figure(_TOP_MM + _BOTTOM_MM + height, margins).add_subplot()
        _draw_trials(ax, above)
        for row in below:
            _draw_summary(ax, row)
        _frame(ax, rows, axis or EffectAxis())
        write_columns(ax, rows, left, right)
        _legend(ax, rows)
    return ax


def _draw_trials(ax: Axes, rows: list[Row]) -> None:
    """All trials at once: each trial's own estimate as a square above, its shrunken effect as a dot below."""
    trials = [row for row in rows if row.kind == "trial"]
    column = {name: np.array([getattr(row, name) for row in trials], dtype=float) for name in _DRAWN}
    above, below = column["y"] - _APART, column["y"] + _APART
    size = 9 + 0.6 * np.where(np.isfinite(column["weight"]), column["weight"], 5.0)
    ax.hlines(above, column["raw_low"], column["raw_high"], color=GRAY, lw=0.8, zorder=2)
    ax.scatter(column["raw"], above, s=size, marker="s", facecolor="white", edgecolor=GRAY, lw=0.9, zorder=3)
    ax.hlines(below, column["low"], column["high"], color=BLUE, lw=1.5, zorder=2)
    ax.scatter(column["mean"], below, s=13, marker="o", color=BLUE, lw=0, zorder=3)


def _draw_summary(ax: Axes, row: Row) -> None:
    if row.kind == "new":
        ax.hlines([row.y], row.low, row.high, color=BLUE, lw=1.5, ls=(0, (1.5, 1.2)), zorder=2)
        ax.scatter([row.mean], [row.y], s=14, marker="|", color=BLUE, lw=1.2, zorder=3)
    else:
        across, along = [row.low, row.mean, row.high, row.mean], [row.y, row.y - 0.3, row.y, row.y + 0.3]
        ax.fill(across, along, facecolor=BLUE if row.kind == "pooled" else "white", edgecolor=BLUE, lw=0.9, zorder=3)


def _frame(ax: Axes, rows: list[Row], axis: EffectAxis) -> None:
    """Zero line, a line at the pooled effect, the axis and its words."""
    ax.axvline(0.0, color=INK, lw=0.7, zorder=1)
    below = [row.y for row in rows if row.kind not in ("heading", "trial")]
    for row in rows:
        if row.kind == "pooled":
            ax.plot([row.mean, row.mean], [-0.6, row.y], color=BLUE, lw=0.6, ls=(0, (4, 3)), zorder=1)
    if below:
        ax.axhline(below[0] - 0.7, color=GRAY, lw=0.5)
    ax.set_ylim(max(row.y for row in rows) + 0.7, -0.7)
    ax.margins(x=0.04)
    ax.set_yticks([])
    ax.spines[["left", "right", "top"]].set_visible(False)
    axis.write_below(ax)


def _legend(ax: Axes, rows: list[Row]) -> None:
    trials = [row for row in rows if row.kind == "trial"]
    handles = []
    if any(np.isfinite(row.raw) for row in trials):
        label = "trial alone, ±1.96 SE"
        handles.append(Line2D([], [], color=GRAY, lw=0.8, marker="s", mfc="white", ms=4, mew=0.9, label=label))
    if any(np.isfinite(row.mean) for row in trials):
        label = "trial in the model, 95% interval"
        handles.append(Line2D([], [], color=BLUE, lw=1.5, marker="o", ms=3.6, mew=0, label=label))
    if handles:
        ax.legend(
            handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(handles), frameon=False,
            borderaxespad=2.0, handlelength=2.2, columnspacing=1.6,
        )  # fmt: skip
