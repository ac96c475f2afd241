"""Specification curve: the same effect under every sensitivity analysis, family by family."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.family_rows import FamilyRow, axes_of, headed
from ipdma.plots.numbers import shown
from ipdma.plots.style import BLUE, GRAY, INK, PALE, styled

_ENDS = ("mean", "q2.5", "q97.5")


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
        rows = [*_headline(headline, digits), *headed(_analyses(table, digits))]
        ax = axes_of(rows, ax)
        ax.axvline(0.0, color=INK, lw=0.7, zorder=1)
        if headline is not None:
            ax.axvspan(headline["q2.5"], headline["q97.5"], color=PALE, lw=0, zorder=0)
            ax.axvline(headline["mean"], color=BLUE, lw=0.7, ls=(0, (4, 3)), zorder=1)
        _draw(ax, rows)
        ax.margins(x=0.05)
        (axis or EffectAxis()).write_below(ax)
    return ax


def _headline(headline: Mapping[str, float] | None, digits: int) -> Iterator[FamilyRow]:
    if headline is not None:
        numbers = tuple(float(headline[end]) for end in _ENDS)
        yield FamilyRow("headline", "Headline", numbers, _texts(numbers, digits))


def _analyses(table: pd.DataFrame, digits: int) -> Iterator[tuple[str, FamilyRow]]:
    for family, label, *ends in zip(*(table[column] for column in ("family", "label", *_ENDS)), strict=True):
        numbers = tuple(float(end) for end in ends)
        yield family, FamilyRow("analysis", label, numbers, _texts(numbers, digits))


def _texts(numbers: tuple[float, ...], digits: int) -> tuple[str, str]:
    mean, low, high = (shown(number, digits) for number in numbers)
    return mean, f"{low} to {high}"


def _draw(ax: Axes, rows: list[FamilyRow]) -> None:
    for y, row in enumerate(rows):
        if row.kind == "headline":
            mean, low, high = row.numbers
            ax.fill(
                [low, mean, high, mean], [y, y - 0.32, y, y + 0.32], facecolor=BLUE, edgecolor=BLUE, lw=0.9, zorder=3
            )
    own = [(y, *row.numbers) for y, row in enumerate(rows) if row.kind == "analysis"]
    # A shape, not a color, says whether the interval includes zero.
    for crosses, color, face in ((True, GRAY, "white"), (False, BLUE, BLUE)):
        some = [row for row in own if (row[2] <= 0.0 <= row[3]) == crosses]
        if some:
            place, center, lower, upper = np.array(some).T
            ax.hlines(place, lower, upper, color=color, lw=1.1, zorder=2)
            ax.scatter(center, place, s=14, facecolor=face, edgecolor=color, lw=0.9, zorder=3)
