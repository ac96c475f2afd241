"""Rows of analyses under the headings of families: labels to the left of the Axes, two columns of text to its right."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from matplotlib.axes import Axes

from ipdma.plots.style import POINT_MM, Margins, new_figure, plain_label, text_width

_ROW_MM, _BOTTOM_MM, _GAP = 4.4, 15.0, 10.0
_LONGEST = 46


class FamilyRow(NamedTuple):
    """One row: the headline, the heading of a family (without numbers) or an analysis."""

    kind: Literal["headline", "heading", "analysis"]
    label: str
    numbers: tuple[float, ...] = ()
    texts: tuple[str, str] = ("", "")


def headed(rows: Iterable[tuple[str, FamilyRow]]) -> Iterator[FamilyRow]:
    """Yield rows, given each with the name of its family, with a heading where a family begins."""
    family = None
    for name, row in rows:
        if name != family:
            yield FamilyRow("heading", plain_label(name, _LONGEST))
            family = name
        yield row._replace(label=f"\N{EN SPACE}{plain_label(row.label, _LONGEST)}")


def axes_of(rows: list[FamilyRow], ax: Axes | None) -> Axes:
    """Return the Axes, made in a figure 180 mm wide where none is given, with a place for each row and its texts."""
    widths = _widths(rows)
    if ax is None:
        label, first, second = (width * POINT_MM for width in widths)
        gap = _GAP * POINT_MM
        margins = Margins(left=label + gap + 1, right=first + second + 2 * gap + 1, top=2, bottom=_BOTTOM_MM)
        ax = new_figure(2 + _BOTTOM_MM + _ROW_MM * len(rows), margins).add_subplot()
    _write(ax, rows, widths)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines[["left", "right", "top"]].set_visible(False)
    return ax


def _widths(rows: list[FamilyRow]) -> tuple[float, float, float]:
    """Of label, first and second text, in points."""
    texts = [(row.kind != "analysis", (row.label, *row.texts)) for row in rows]
    label, first, second = (max(text_width(row[place], bold=bold) for bold, row in texts) for place in range(3))
    return label, first, second


def _write(ax: Axes, rows: list[FamilyRow], widths: tuple[float, float, float]) -> None:
    label, first, second = widths
    columns = ((0.0, -label - _GAP, "left"), (1.0, _GAP + first, "right"), (1.0, 2 * _GAP + first + second, "right"))
    for y, row in enumerate(rows):
        for text, (edge, offset, side) in zip((row.label, *row.texts), columns, strict=True):
            if text:
                ax.annotate(
                    text, (edge, y), (offset, 0), ax.get_yaxis_transform(), "offset points", ha=side,
                    va="center_baseline", fontweight="normal" if row.kind == "analysis" else "bold",
                    annotation_clip=False, parse_math=False,
                )  # fmt: skip
