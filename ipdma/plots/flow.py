"""Flow of trials and participants from those identified to those analyzed, with the reasons of those left out."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ipdma.plots.style import GRAY, INK, POINT_MM, WIDTH_MM, Margins, new_figure, styled, text_width

_LINE, _PAD, _GAP = 4.0, 2.6, 4.5  # mm: a line of text, the margin of a box, the room between boxes
_STAGE_X, _STAGE_WIDTH = 2.0, 66.0
_OUT_X, _OUT_WIDTH = 84.0, 94.0
_WIDTHS = {"stage": _STAGE_WIDTH, "out": _OUT_WIDTH}


def flow(steps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the flow as boxes from top to bottom, those left out to the right, and return the Axes.

    Parameters
    ----------
    steps
        In order: ``kind`` (``stage``: who is there; ``out``: who left after the stage above) and ``text``, which holds
        the counts; line breaks are kept. Consecutive ``out`` rows share one box. The table is left alone.
    ax
        Where to draw, in mm from its top left; without it a figure 180 mm wide is made.
    """
    with styled():
        boxes = _boxes(steps)
        height = sum(_height(lines) + _GAP for _, lines in boxes)
        ax = new_figure(height, Margins(left=0, right=0, top=0, bottom=0)).add_subplot() if ax is None else ax
        ax.set_xlim(0.0, WIDTH_MM)
        ax.set_ylim(height, -1.0)
        ax.set_axis_off()
        top, below = 0.0, None
        for kind, lines in boxes:
            middle = _STAGE_X + _STAGE_WIDTH / 2
            if kind == "stage":
                if below is not None:
                    _arrow(ax, (middle, below), (middle, top))
                _box(ax, _STAGE_X, top, _STAGE_WIDTH, lines, bold_first=True)
                below = top + _height(lines)
            else:
                _arrow(ax, (middle, top + _height(lines) / 2), (_OUT_X, top + _height(lines) / 2))
                _box(ax, _OUT_X, top, _OUT_WIDTH, lines)
            top += _height(lines) + _GAP
    return ax


def _boxes(steps: pd.DataFrame) -> list[tuple[str, list[str]]]:
    boxes: list[tuple[str, list[str]]] = []
    for kind, text in zip(steps["kind"], steps["text"], strict=True):
        lines = [
            line
            for part in str(text).split("\n")
            for line in _wrapped(part, _WIDTHS[kind] - 2 * _PAD, indent="   " if kind == "out" else "")
        ]
        if kind == "out" and boxes and boxes[-1][0] == "out":
            boxes[-1][1].extend(lines)
        else:
            boxes.append((kind, lines))
    return boxes


def _wrapped(text: str, width: float, *, indent: str) -> list[str]:
    """Lines of a text no wider than ``width`` mm, those after the first indented; a longer word keeps its line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer) * POINT_MM > width:
            lines.append(indent + word)
        else:
            lines[-1:] = [longer]
    return lines


def _height(lines: list[str]) -> float:
    return _LINE * len(lines) + 2 * _PAD


def _box(ax: Axes, x: float, top: float, width: float, lines: list[str], *, bold_first: bool = False) -> None:
    ax.add_patch(Rectangle((x, top), width, _height(lines), facecolor="white", edgecolor=GRAY, lw=0.7))
    for place, line in enumerate(lines):
        weight = "bold" if bold_first and place == 0 else "normal"
        y = top + _PAD + (place + 0.5) * _LINE
        ax.text(x + _PAD, y, line, va="center_baseline", fontweight=weight, parse_math=False)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    shape = {"arrowstyle": "-|>,head_length=0.4,head_width=0.2", "color": INK, "lw": 0.7, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=shape)
