"""One style for all figures: 7.5 pt text at 180 mm width, readable in gray, the same bytes from the same table."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

WIDTH_MM = 180.0
MM = 1 / 25.4  # inches
POINT_MM = 25.4 / 72
POINTS = 7.5  # of text, at WIDTH_MM
# Lightness differs, so gray prints keep them apart.
INK, BLUE, GRAY, HALF, PALE = "#1a1a1a", "#17456e", "#767676", "#a7bccf", "#dde5ec"
Dashes = str | tuple[float, tuple[float, ...]]
# Series of one figure: where two have one color, their dashes differ, so that they stay apart in gray.
SERIES: tuple[tuple[str, Dashes], ...] = (
    (BLUE, "-"),
    (INK, (0, (5, 1.8))),
    (GRAY, "-"),
    (INK, (0, (1, 1.1))),
    (GRAY, (0, (5, 1.8))),
    (INK, (0, (6, 1.5, 1, 1.5))),
    (GRAY, (0, (1, 1.1))),
    (BLUE, (0, (8, 1.5, 1, 1.5, 1, 1.5))),
)
_STYLE: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so a figure does not depend on the machine's fonts
    "font.size": POINTS,
    "axes.labelsize": POINTS,
    "axes.titlesize": POINTS,
    "xtick.labelsize": POINTS,
    "ytick.labelsize": POINTS,
    "legend.fontsize": POINTS,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GRAY,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "axes.unicode_minus": True,
    "text.hinting": "none",  # at 300 dpi nothing is gained by fitting letters to pixels, but a third of the time
    "svg.fonttype": "path",  # text as outlines: no font has to be loaded where the report is read
    "svg.hashsalt": "ipdma",  # ids in the file depend on its content, not on the clock
    "pdf.fonttype": 3,  # type 42 (TrueType) subsets the font anew for every file: 1.1 s of 1.5 s for a forest plot
}
_LONGEST = 36  # characters of a label; the table beside the figure has the whole one


@contextmanager
def styled() -> Iterator[None]:
    """Draw or save in the style, and leave matplotlib's settings as they were."""
    with rc_context(_STYLE), warnings.catch_warnings():
        # A label in a script that the font lacks is drawn as a box; the table in the report shows it in full.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Room around the Axes of a figure, in mm: what is written there is known before it is drawn."""

    left: float
    right: float
    top: float
    bottom: float


def new_figure(height_mm: float, margins: Margins | None = None) -> Figure:
    """Return an empty figure 180 mm wide; without margins they follow what is drawn, which takes half as long again."""
    if margins is None:
        return Figure(figsize=(WIDTH_MM * MM, height_mm * MM), layout="constrained")
    figure = Figure(figsize=(WIDTH_MM * MM, height_mm * MM))
    figure.subplots_adjust(
        left=margins.left / WIDTH_MM,
        right=1.0 - margins.right / WIDTH_MM,
        top=1.0 - margins.top / height_mm,
        bottom=margins.bottom / height_mm,
    )
    return figure


def plain_label(text: object, longest: int = _LONGEST) -> str:
    """Return a label on one line, without control characters, shortened to what fits beside an axis.

    What is left out stands in the middle: labels of one collection often differ in their end only.
    """
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", str(text)).split())
    if len(line) <= longest:
        return line
    end = longest // 3
    return f"{line[: longest - 1 - end].rstrip()}\N{HORIZONTAL ELLIPSIS}{line[-end:].lstrip()}"


@cache
def text_width(text: str, *, bold: bool = False) -> float:
    """Return the width in points of a text drawn in the style."""
    font = FontProperties(family="DejaVu Sans", size=POINTS, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)
