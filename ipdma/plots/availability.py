"""Trial-by-variable map: what each trial can give."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ipdma.plots.style import BLUE, GRAY, INK, POINT_MM, Margins, new_figure, plain_label, styled, text_width

STATUSES = ("complete", "partial", "impossible", "undetermined")
_WORDS = {
    "complete": "for all participants",
    "partial": "for some",
    "impossible": "not recorded",
    "undetermined": "not in the recipe",
}
_MARKS: dict[str, dict[str, object]] = {
    "complete": {"marker": "s", "markerfacecolor": BLUE, "markeredgecolor": BLUE, "fillstyle": "full"},
    "partial": {"marker": "s", "markerfacecolor": BLUE, "markeredgecolor": BLUE, "fillstyle": "left"},
    "impossible": {"marker": "x", "markerfacecolor": INK, "markeredgecolor": INK, "fillstyle": "full"},
    "undetermined": {"marker": "o", "markerfacecolor": "white", "markeredgecolor": GRAY, "fillstyle": "full"},
}
_ROW_MM, _BOTTOM_MM, _LONGEST = 4.6, 10.0, 44


def availability(status: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw which trial gives which variable and return the Axes; shapes tell the status, not colors alone.

    Parameters
    ----------
    status
        ``variable``, ``trial`` (label), ``status`` (complete, partial, impossible, undetermined), one row a cell, in
        the order of rows and columns. The table is left alone.
    ax
        Where to draw; its figure should use a constrained layout, as labels stand outside the Axes. Without it a
        figure 180 mm wide is made.
    """
    with styled():
        variables = list(dict.fromkeys(status["variable"]))
        trials = list(dict.fromkeys(status["trial"]))
        labels = [plain_label(trial) for trial in trials]
        if ax is None:
            above = max(text_width(label) for label in labels) * POINT_MM + 3
            beside = max(text_width(plain_label(variable, _LONGEST)) for variable in variables) * POINT_MM + 3
            margins = Margins(left=beside, right=3, top=above, bottom=_BOTTOM_MM)
            ax = new_figure(above + _BOTTOM_MM + _ROW_MM * len(variables), margins).add_subplot()
        _cells(ax, status, variables, trials)
        ax.set_xticks(np.arange(len(trials)), labels, rotation=90)
        ax.set_yticks(np.arange(len(variables)), [plain_label(variable, _LONGEST) for variable in variables])
        _frame(ax, len(variables), len(trials))
        shown = [one for one in STATUSES if (status["status"] == one).any()]
        handles = [Line2D([], [], ls="", ms=5.0, label=_WORDS[one], **_MARKS[one]) for one in shown]  # type: ignore[arg-type]
        ax.legend(
            handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=len(handles), frameon=False,
            borderaxespad=0.8, handletextpad=0.4, columnspacing=2.0,
        )  # fmt: skip
    return ax


def _cells(ax: Axes, status: pd.DataFrame, variables: list[str], trials: list[str]) -> None:
    row, column = ({name: place for place, name in enumerate(names)} for names in (variables, trials))
    for one in STATUSES:
        own = status[status["status"] == one]
        x, y = [column[name] for name in own["trial"]], [row[name] for name in own["variable"]]
        ax.plot(x, y, ls="", ms=5.0, mew=0.8, **_MARKS[one])  # type: ignore[arg-type]


def _frame(ax: Axes, rows: int, columns: int) -> None:
    ax.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    for tick in (*ax.xaxis.get_major_ticks(), *ax.yaxis.get_major_ticks()):
        tick.label1.set_parse_math(False)
        tick.label2.set_parse_math(False)
    ax.set_xlim(-0.6, columns - 0.4)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.hlines(np.arange(rows - 1) + 0.5, -0.5, columns - 0.5, color=GRAY, lw=0.25, zorder=0)
    ax.spines[:].set_visible(False)
