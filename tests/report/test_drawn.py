"""A drawn figure as files and inside a page."""

import io

import pytest
from matplotlib.figure import Figure
from PIL import Image

from ipdma.plots.style import new_figure
from ipdma.report.drawn import SUFFIXES, Drawn, inline_svg


@pytest.fixture
def figure() -> Figure:
    figure = new_figure(40)
    figure.add_subplot().set_xlabel("a label")
    return figure


def test_each_format_is_made_once(figure: Figure) -> None:
    drawn = Drawn(figure)
    assert all(drawn.file(suffix) is drawn.file(suffix) for suffix in SUFFIXES)
    assert [drawn.file(suffix)[:4] for suffix in ("pdf", "png")] == [b"%PDF", b"\x89PNG"]


def test_no_ink_touches_the_edge_of_the_picture(figure: Figure) -> None:
    with Image.open(io.BytesIO(Drawn(figure).file("png"))) as picture:
        gray = picture.convert("L")
        width, height = gray.size
        edges = [(0, 0, width, 2), (0, height - 2, width, height), (0, 0, 2, height), (width - 2, 0, width, height)]
        assert all(gray.crop(edge).getextrema()[0] > 250 for edge in edges)


def test_an_inline_svg_has_ids_that_no_other_figure_has(figure: Figure) -> None:
    svg = inline_svg(Drawn(figure), name="one", title="a & b")
    assert 'aria-label="a &amp; b"' in svg
    assert ' id="one-' in svg and ' id="figure' not in svg
