"""The figures of a summary, as files and as SVG inside the report."""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from ipdma.plots.curve import curve
from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.forest import forest
from ipdma.plots.style import styled
from ipdma.report.page import effect_digits
from ipdma.report.tables import curve_table, trial_table
from ipdma.report.words import variable_words

# Without the clock: the same summary gives the same bytes.
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "ipdma"},
    "pdf": {"CreationDate": None, "Creator": "ipdma"},
    "png": {"Software": "ipdma"},
}
_LOGARITHMIC = {"log_linear", "log"}
_DPI = 300
_OPENING = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="{box}" role="img" aria-label="{title}">'
)


def draw_figures(summary: Mapping[str, Any]) -> dict[str, Figure]:
    """Return the summary's figures by name: ``forest``, where trials have effects, and ``curve_<variable>_<curve>``."""
    figures = {}
    if any("raw" in row or "shrunken" in row for row in summary["trial_effects"]):
        figures["forest"] = draw_forest(summary)
    curves = summary.get("curves", [])
    for name, item in zip(curve_names(curves), curves, strict=True):
        if item["points"]:
            figures[name] = draw_curve(summary, item)
    return figures


def draw_forest(summary: Mapping[str, Any]) -> Figure:
    """Return the forest plot; its summary rows are the one-stage ones, else the Bayesian two-stage ones."""
    below = summary if "pooled_effect" in summary else summary.get("bayes_two_stage", {})
    ax = forest(
        trial_table(summary),
        pooled=below.get("pooled_effect"),
        new_trial=below.get("new_trial_effect"),
        two_stage=summary.get("two_stage"),
        axis=EffectAxis.of(summary),
        digits=effect_digits(summary),
    )
    return _figure(ax.figure)


def draw_curve(summary: Mapping[str, Any], item: Mapping[str, Any]) -> Figure:
    """Return one curve with its band and rug."""
    ax = curve(
        curve_table(item),
        variable=variable_words(item["variable"], item.get("unit", "")),
        reference=item["reference"],
        log=item["curve"] in _LOGARITHMIC,
        axis=EffectAxis.of(summary),
    )
    return _figure(ax.figure)


def curve_names(curves: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a name for each curve's figure, safe as a file's name and as an id; a second of a name is numbered."""
    names: list[str] = []
    for item in curves:
        name = re.sub(r"[^A-Za-z0-9_]", "_", f"curve_{item['variable']}_{item['curve']}")
        names.append(f"{name}_{len(names) + 1}" if name in names else name)
    return names


def write_figures(summary: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write every figure as .svg, .pdf and 300-dpi .png into ``folder`` and return the paths.

    The same summary gives the same bytes, with the same version of matplotlib.

    Parameters
    ----------
    summary
        As in ``data_schemas/summary.schema.json``.
    folder
        Made if absent; files of other names in it are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in draw_figures(summary).items():
        for suffix in _METADATA:
            path = folder / f"{name}.{suffix}"
            path.write_bytes(_bytes(figure, suffix))
            written.append(path)
    return written


def inline_svg(figure: Figure, *, name: str, title: str) -> Markup:
    """Return a figure as SVG to stand inside HTML: scalable, with a title, and with ids no other figure has."""
    text = _bytes(figure, "svg").decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    box = re.search(r'<svg[^>]*viewBox="([^"]+)"[^>]*>', text)
    body = text[box.end() :] if box else text
    return _OPENING.format(box=box[1] if box else "0 0 1 1", title=title) + Markup(body)


def _bytes(figure: Figure, suffix: str) -> bytes:
    stream = io.BytesIO()
    with styled():
        figure.savefig(stream, format=suffix, metadata=_METADATA[suffix], dpi=_DPI)
    return stream.getvalue()


def _figure(figure: Any) -> Figure:
    assert isinstance(figure, Figure)  # the Axes were made here, not in a subfigure
    return figure
