"""Specification curve: the same effect under every sensitivity analysis, family by family."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.numbers import shown
from ipdma.plots.style import BLUE, GRAY, INK, PALE, POINT_MM, Margins, new_figure, plain_label, styled, text_width

_ROW_MM, _BOTTOM_MM, _GAP = 4.4, 15.0, 10.0
_LONGEST = 46


def specification(
    table: pd.DataFrame,
    *,
    headline: Mapping[str, float] | None = None,
    axis: EffectAxis | None = None,
    digits: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """Draw the effect under each analysis below the headline and return the Axes.

    Parameters
    ----------
    table
        One row an analysis: ``family, label, mean, q2.5, q97.5``; drawn in this order, a heading for each family. The
        table is left alone.
    headline
        ``mean, q2.5, q97.5`` of the main analysis, drawn on top with its interval as a band behind all rows.
    axis
        Contrast, unit and direction written on the axis.
    digits
        Decimals of the printed effects.
    ax
        Where to draw; its figure should use a constrained layout, as the columns stand outside the Axes. Without it
        a figure 180 mm wide is made.
    """
    with styled():
        rows = _rows(table, headline)
        if ax is None:
            label, mean, interval = (width * POINT_MM for width in _widths(rows, digits))
            gap = _GAP * POINT_MM
            margins = Margins(left=label + gap + 1, right=mean + interval + 2 * gap + 1, top=2, bottom=_BOTTOM_MM)
            ax = new_figure(2 + _BOTTOM_MM + _ROW_MM * len(rows), margins).add_subplot()
        ax.axvline(0.0, color=INK, lw=0.7, zorder=1)
        if headline is not None:
            ax.axvspan(headline["q2.5"], headline["q97.5"], color=PALE, lw=0, zorder=0)
            ax.axvline(headline["mean"], color=BLUE, lw=0.7, ls=(0, (4, 3)), zorder=1)
        _draw(ax, rows)
        _columns(ax, rows, digits)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.margins(x=0.05)
        ax.set_yticks([])
        ax.spines[["left", "right", "top"]].set_visible(False)
        (axis or EffectAxis()).write_below(ax)
    return ax


_Row = tuple[str, str, tuple[float, float, float] | None]  # kind, label, mean and ends


def _rows(table: pd.DataFrame, headline: Mapping[str, float] | None) -> list[_Row]:
    rows: list[_Row] = []
    if headline is not None:
        numbers = (float(headline["mean"]), float(headline["q2.5"]), float(headline["q97.5"]))
        rows.append(("headline", "Headline", numbers))
    family = None
    columns = ("family", "label", "mean", "q2.5", "q97.5")
    for name, label, *ends in zip(*(table[column] for column in columns), strict=True):
        if name != family:
            rows.append(("heading", plain_label(name, _LONGEST), None))
            family = name
        mean, low, high = (float(end) for end in ends)
        rows.append(("analysis", f"\N{EN SPACE}{plain_label(label, _LONGEST)}", (mean, low, high)))
    return rows


def _draw(ax: Axes, rows: list[_Row]) -> None:
    for y, (kind, _, numbers) in enumerate(rows):
        if kind == "headline" and numbers is not None:
            mean, low, high = numbers
            ax.fill(
                [low, mean, high, mean], [y, y - 0.32, y, y + 0.32], facecolor=BLUE, edgecolor=BLUE, lw=0.9, zorder=3
            )
    own = [(y, *numbers) for y, (kind, _, numbers) in enumerate(rows) if kind == "analysis" and numbers is not None]
    # A shape, not a color, says whether the interval includes zero.
    for crosses, color, face in ((True, GRAY, "white"), (False, BLUE, BLUE)):
        some = [row for row in own if (row[2] <= 0.0 <= row[3]) == crosses]
        if some:
            place, center, lower, upper = np.array(some).T
            ax.hlines(place, lower, upper, color=color, lw=1.1, zorder=2)
            ax.scatter(center, place, s=14, facecolor=face, edgecolor=color, lw=0.9, zorder=3)


def _widths(rows: list[_Row], digits: int) -> tuple[float, float, float]:
    """Of label, effect and interval, in points."""
    texts = [(kind != "analysis", (label, *_numbers(ends, digits))) for kind, label, ends in rows]
    label, mean, interval = (max(text_width(row[place], bold=bold) for bold, row in texts) for place in range(3))
    return label, mean, interval


def _columns(ax: Axes, rows: list[_Row], digits: int) -> None:
    """Labels to the left of the Axes; effect and interval to its right, aligned by the widest of each."""
    label_width, mean_width, interval_width = _widths(rows, digits)
    columns = (
        (0.0, -label_width - _GAP, "left"),
        (1.0, _GAP + mean_width, "right"),
        (1.0, 2 * _GAP + mean_width + interval_width, "right"),
    )
    for y, (kind, label, ends) in enumerate(rows):
        for text, (edge, offset, side) in zip((label, *_numbers(ends, digits)), columns, strict=True):
            if text:
                ax.annotate(
                    text, (edge, y), (offset, 0), ax.get_yaxis_transform(), "offset points", ha=side,
                    va="center_baseline", fontweight="normal" if kind == "analysis" else "bold",
                    annotation_clip=False, parse_math=False,
                )  # fmt: skip


def _numbers(ends: tuple[float, float, float] | None, digits: int) -> tuple[str, str]:
    if ends is None:
        return "", ""
    mean, low, high = (shown(end, digits) for end in ends)
    return mean, f"{low} to {high}"
