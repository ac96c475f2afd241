"""A drawn figure in its three formats, each made at most once, the same bytes every time."""

import io
import re
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure
from PIL import Image

from ipdma.plots.style import styled

# Without the clock: the same summary gives the same bytes.
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "ipdma"},
    "pdf": {"CreationDate": None, "Creator": "ipdma"},
}
SUFFIXES = (*_METADATA, "png")
_DPI = 300
_OPENING = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="{box}" role="img" aria-label="{title}">'
)


class Drawn:
    """A figure as bytes of a file or as SVG inside a page.

    Parameters
    ----------
    figure
        What was drawn.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._bytes: dict[str, bytes] = {}

    def file(self, suffix: str) -> bytes:
        """Return the file of a format: ``svg``, ``pdf`` or ``png`` (300 dpi)."""
        if suffix not in self._bytes:
            with styled():
                self._bytes[suffix] = _png(self.figure) if suffix == "png" else _vector(self.figure, suffix)
        return self._bytes[suffix]


def _vector(figure: Figure, suffix: str) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format=suffix, metadata=_METADATA[suffix])
    return stream.getvalue()


def _png(figure: Figure) -> bytes:
    """The picture without transparency: smaller than matplotlib's own, and quicker to compress."""
    pixels, stream = io.BytesIO(), io.BytesIO()
    figure.savefig(pixels, format="rgba", dpi=_DPI)
    width, height = (int(inches * _DPI) for inches in figure.get_size_inches())
    picture = Image.frombytes("RGBA", (width, height), pixels.getvalue()).convert("RGB")
    picture.save(stream, "png", dpi=(_DPI, _DPI), compress_level=2)
    return stream.getvalue()


def inline_svg(drawn: Drawn, *, name: str, title: str) -> Markup:
    """Return a figure as SVG to stand inside HTML: scalable, with a title, and with ids no other figure has."""
    text = drawn.file("svg").decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    box = re.search(r'<svg[^>]*viewBox="([^"]+)"[^>]*>', text)
    body = text[box.end() :] if box else text
    return _OPENING.format(box=box[1] if box else "0 0 1 1", title=title) + Markup(body)
