"""The text columns beside a forest plot, aligned by the width of what they hold."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from ipdma.plots.forest_rows import Row
from ipdma.plots.numbers import shown
from ipdma.plots.style import POINT_MM, text_width

_GAP = 11.0  # points between columns
_HEADER = -1.0  # row above the first trial
Cell = Callable[[Row], str]


@dataclass(frozen=True)
class Column:
    """A column beside the Axes: its head, what it says of a row, and its width in points."""

    head: str
    cell: Cell
    width: float


def left_columns(rows: list[Row]) -> list[Column]:
    """Return label and n, for the left of the Axes."""
    columns: list[tuple[str, Cell]] = [("Trial", lambda row: row.label)]
    if _any(rows, "n"):
        columns.append(("n", lambda row: _number(row.n, 0)))
    return [Column(head, cell, _width(head, cell, rows)) for head, cell in columns]


def right_columns(rows: list[Row], *, digits: int) -> list[Column]:
    """Return effect, interval and weight, for the right of the Axes; of given estimates effect and SE."""
    columns: list[tuple[str, Cell]]
    if _any(rows, "mean"):
        columns = [("Effect", lambda row: _number(row.mean, digits)), ("95% interval", lambda row: _reach(row, digits))]
    else:
        columns = [("Effect", lambda row: _number(row.raw, digits)), ("SE", lambda row: _number(row.raw_se, digits))]
    if _any(rows, "weight"):
        columns.append(("Weight", lambda row: _number(row.weight, 1, after="%")))
    return [Column(head, cell, _width(head, cell, rows)) for head, cell in columns]


def room(columns: list[Column]) -> float:
    """Return the width of columns with their gaps, in mm."""
    return sum(column.width + _GAP for column in columns) * POINT_MM


def write_columns(ax: Axes, rows: list[Row], left: list[Column], right: list[Column]) -> None:
    """Write columns to the left and to the right of the Axes."""
    _write(ax, rows, left, edge=0.0)
    _write(ax, rows, right, edge=1.0)


def _write(ax: Axes, rows: list[Row], columns: list[Column], *, edge: float) -> None:
    """Place columns outward from one edge of the Axes; text to the left stands left-aligned in its first column."""
    start = _GAP if edge else -room(columns) / POINT_MM
    for column in columns:
        is_label = column.head == "Trial"
        x = start if is_label else start + column.width
        cells = [(row.y, column.cell(row), row.kind == "heading") for row in rows]
        for y, text, bold in [(_HEADER, column.head, True), *cells]:
            if not text:
                continue
            # Heights in rows, widths in points: the columns keep their places whatever the size of the Axes.
            ax.annotate(
                text, (edge, y), (x, 0), ax.get_yaxis_transform(), "offset points", va="center_baseline",
                ha="left" if is_label else "right", fontweight="bold" if bold else "normal",
                annotation_clip=False, parse_math=False,
            )  # fmt: skip
        start += column.width + _GAP


def _width(head: str, cell: Cell, rows: list[Row]) -> float:
    return max(text_width(head, bold=True), *(text_width(cell(row), bold=row.kind == "heading") for row in rows))


def _any(rows: list[Row], name: str) -> bool:
    return any(np.isfinite(getattr(row, name)) for row in rows if row.kind == "trial")


def _number(value: float, digits: int, after: str = "") -> str:
    return shown(value, digits) + after if np.isfinite(value) else ""


def _reach(row: Row, digits: int) -> str:
    return f"{shown(row.low, digits)} to {shown(row.high, digits)}" if np.isfinite(row.low) else ""
