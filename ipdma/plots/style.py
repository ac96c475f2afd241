"""One style for all figures: 7.5 pt text at 180 mm width, readable in gray, the same bytes from the same table."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

WIDTH_MM = 180.0
MM = 1 / 25.4  # inches
POINTS = 7.5  # of text, at WIDTH_MM
INK, BLUE, GRAY, PALE = "#1a1a1a", "#17456e", "#767676", "#d3dce5"  # lightness differs, so gray prints keep them apart
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
    "svg.fonttype": "path",  # text as outlines: no font has to be loaded where the report is read
    "svg.hashsalt": "ipdma",  # ids in the file depend on its content, not on the clock
    "pdf.fonttype": 42,
}
_LONGEST = 32  # characters of a label; the table beside the figure has the whole one


@contextmanager
def styled() -> Iterator[None]:
    """Draw or save in the style, and leave matplotlib's settings as they were."""
    with rc_context(_STYLE), warnings.catch_warnings():
        # A label in a script that the font lacks is drawn as a box; the table in the report shows it in full.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def new_figure(height_mm: float) -> Figure:
    """Return an empty figure 180 mm wide whose margins follow what is drawn."""
    return Figure(figsize=(WIDTH_MM * MM, height_mm * MM), layout="constrained")


def plain_label(text: object) -> str:
    """Return a label on one line, without control characters, shortened to what fits beside an axis."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", str(text)).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def text_width(text: str) -> float:
    """Return the width in points of a text drawn in the style."""
    font = FontProperties(family="DejaVu Sans", size=POINTS)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)
