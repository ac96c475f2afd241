"""The probability behind the claim under every sensitivity analysis, and the thresholds that decide its word."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.family_rows import FamilyRow, axes_of, headed
from ipdma.plots.numbers import shown
from ipdma.plots.style import BLUE, GRAY, INK, PALE, plain_label, styled


def claim_specification(
    table: pd.DataFrame,
    *,
    thresholds: tuple[float, float],
    headline: Mapping[str, Any] | None = None,
    stretch: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw P(not rising) under each analysis below that of the analysis as stated, and return the Axes.

    Parameters
    ----------
    table
        One row an analysis: ``family, label, probability, statement``; drawn in this order, a heading for each family.
        The table is left alone.
    thresholds
        The probability down to which rising on is claimed, and the one from which levelling off is.
    headline
        ``probability`` and ``statement`` of the analysis as stated, drawn on top.
    stretch
        The late stretch in words, such as ``number of doses 9 to 12``.
    ax
        Where to draw; its figure should use a constrained layout, as the columns stand outside the Axes. Without it
        a figure 180 mm wide is made.
    """
    with styled():
        rows = [*_headline(headline), *headed(_analyses(table))]
        ax = axes_of(rows, ax)
        ax.axvspan(*thresholds, color=PALE, lw=0, zorder=0)  # between them nothing is claimed
        if headline is not None:
            ax.axvline(headline["probability"], color=BLUE, lw=0.7, ls=(0, (4, 3)), zorder=1)
        _draw(ax, rows, thresholds)
        ax.set_xlim(-0.02, 1.02)
        ends = [end for end in (0.0, 0.5, 1.0) if min(abs(end - threshold) for threshold in thresholds) > 0.08]
        ticks = sorted([*ends, *thresholds])
        ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
        where = f" over {plain_label(stretch, 60)}" if stretch else ""
        ax.set_xlabel(f"probability that the effect does not rise{where}", labelpad=13, parse_math=False)
        for x, text, side in (
            (0.0, "\N{LEFTWARDS ARROW} rises on", "left"),
            (1.0, "levels off or falls \N{RIGHTWARDS ARROW}", "right"),
        ):
            ax.annotate(text, (x, 0), (0, -17), "axes fraction", "offset points", ha=side, va="top", color=GRAY)
    return ax


def _headline(headline: Mapping[str, Any] | None) -> Iterator[FamilyRow]:
    if headline is not None:
        yield _row("headline", "As stated", headline["probability"], headline["statement"])


def _analyses(table: pd.DataFrame) -> Iterator[tuple[str, FamilyRow]]:
    columns = ("family", "label", "probability", "statement")
    for family, label, probability, statement in zip(*(table[column] for column in columns), strict=True):
        yield family, _row("analysis", label, probability, statement)


def _row(kind: Any, label: str, probability: float, statement: str) -> FamilyRow:
    return FamilyRow(kind, label, (float(probability),), (shown(probability, 2), statement))


def _draw(ax: Axes, rows: list[FamilyRow], thresholds: tuple[float, float]) -> None:
    low, high = thresholds
    for y, row in enumerate(rows):
        if not row.numbers:
            continue
        (x,) = row.numbers
        decided = not low < x < high
        if row.kind == "headline":
            ax.scatter([x], [y], marker="D", s=26, facecolor=BLUE, edgecolor=BLUE, zorder=3)
        else:
            ax.scatter([x], [y], s=14, facecolor=BLUE if decided else "white", edgecolor=INK, lw=0.9, zorder=3)
