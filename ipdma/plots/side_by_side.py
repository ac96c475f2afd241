"""Several curves over one variable in one figure: what depends on the shape that was assumed, and what does not."""

import pandas as pd
from matplotlib.axes import Axes

from ipdma.plots.curve import mark_reference, open_axes
from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.rug import rug
from ipdma.plots.style import PALE, POINT_MM, POINTS, SERIES, Margins, new_figure, plain_label, styled, text_width

_HEIGHT_MM, _LEGEND_ROW_MM, _LEGEND_COLUMNS = 85.0, 4.2, 4
_LEGEND_MM = 155.0  # it is centered on the Axes and may reach the right edge of the figure
_HANDLE, _SPACING = 4.0, 1.8  # of a legend's entry and between two, in letter heights


def side_by_side(
    points: pd.DataFrame,
    *,
    variable: str,
    reference: float | None = None,
    log: bool = False,
    axis: EffectAxis | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the curves of one variable over each other and return the Axes.

    The band is that of the first curve; the others' bands stand in their own figures.

    Parameters
    ----------
    points
        As for :func:`ipdma.plots.curve.curve`, with the name of the curve in ``curve``; drawn in the order of the
        table, at most eight. Where ``joined`` is there and false, a curve is drawn as points: it has no shape between
        them. The table is left alone.
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
        names = list(dict.fromkeys(points["curve"]))
        if len(names) > len(SERIES):
            raise ValueError(f"{len(names)} curves: more than {len(SERIES)} cannot be told apart in one figure.")
        columns = _legend_columns([plain_label(name) for name in names])
        top = 7.5 + _LEGEND_ROW_MM * -(-len(names) // columns)
        margins = Margins(left=28, right=3, top=top, bottom=27)
        ax = new_figure(_HEIGHT_MM + top, margins).add_subplot() if ax is None else ax
        table = points[points["x"] > 0] if log else points
        open_axes(ax, log=log)
        for place, (name, (color, dashes)) in enumerate(zip(names, SERIES, strict=False)):
            own = table[table["curve"] == name].sort_values("x")
            if place == 0:
                ax.fill_between(own["x"], own["q2.5"], own["q97.5"], color=PALE, lw=0, zorder=0)
            look = {"ls": dashes, "lw": 1.5} if _is_joined(own) else {"ls": "", "marker": "o", "ms": 4.0}
            ax.plot(own["x"], own["mean"], color=color, zorder=3, label=plain_label(name), **look)
        if reference is not None:
            mark_reference(ax, reference)
        (axis or EffectAxis()).write_beside(ax)
        seen = table[table["trials"] > 0].drop_duplicates("x").sort_values("x")
        rug(ax, seen, variable=variable, log=log)
        ax.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, frameon=False, borderaxespad=1.8,
            handlelength=_HANDLE, columnspacing=_SPACING,
        )  # fmt: skip
    return ax


def _legend_columns(labels: list[str]) -> int:
    """Return how many entries of the legend stand beside each other, all as wide as the widest."""
    entry = max(map(text_width, labels)) + (_HANDLE + 0.8 + _SPACING) * POINTS
    return max(1, min(len(labels), _LEGEND_COLUMNS, int(_LEGEND_MM / (entry * POINT_MM))))


def _is_joined(own: pd.DataFrame) -> bool:
    return "joined" not in own or bool(own["joined"].all())
