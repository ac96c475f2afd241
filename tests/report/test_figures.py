"""The figures of a summary."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from ipdma.report.drawn import inline_svg
from ipdma.report.figures import curve_names, draw_figures, write_figures

Summary = dict[str, Any]


def test_figures_are_written_in_three_formats_and_the_same_bytes_every_time(
    full_summary: Summary, tmp_path: Path
) -> None:
    full_summary["curves"] = full_summary["curves"][:1]
    for name in ("consortium", "availability", "interactions", "control_arm"):
        del full_summary[name]
    first = write_figures(draw_figures(full_summary), tmp_path / "a" / "figures")
    second = write_figures(draw_figures(full_summary), tmp_path / "b")
    names = [
        f"{name}.{suffix}"
        for name in (
            "flow",
            "forest",
            "tau",
            "curve_number_of_doses_plateau",
            "specification",
            "claim_specification",
        )  # fmt: skip
        for suffix in ("svg", "pdf", "png")
    ]
    assert [path.name for path in first] == names
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_the_picture_has_300_dots_per_inch_and_180_mm(full_summary: Summary, tmp_path: Path) -> None:
    full_summary = {name: full_summary[name] for name in ("trial_effects", "metric", "contrast", "direction", "flow")}
    full_summary["flow"] = []
    write_figures(draw_figures(full_summary), tmp_path)
    with Image.open(tmp_path / "forest.png") as picture:
        assert round(picture.info["dpi"][0]) == 300
        assert picture.width == round(180 / 25.4 * 300) or picture.width == int(180 / 25.4 * 300)


def test_figures_exist_for_what_the_summary_has(summary: Summary) -> None:
    names = list(draw_figures(summary))
    assert ("forest" in names) == bool(summary["trial_effects"])
    assert len([name for name in names if name.startswith("curve_")]) == len(summary.get("curves", []))
    for key, name in (
        ("availability", "availability"), ("flow", "flow"), ("tau_density", "tau"), ("interactions", "interactions"),
        ("sensitivity", "specification"), ("sensitivity", "claim_specification"),
        ("control_arm", "control_arm_number_of_doses"), ("curve_comparison", "curves_number_of_doses"),
    ):  # fmt: skip
        assert (name in names) == bool(summary.get(key)), name


def test_names_of_figures_are_safe_as_file_names_and_never_the_same() -> None:
    curves = [
        {"variable": "../a b", "curve": "x"},
        {"variable": "dose", "curve": "x"},
        {"variable": "dose", "curve": "x"},
    ]
    assert curve_names(curves) == ["curve____a_b_x", "curve_dose_x", "curve_dose_x_3"]


def test_an_inline_svg_scales_has_a_title_and_ids_of_its_own(
    full_summary: Summary, read_html: Callable[[str], Any]
) -> None:
    svg = inline_svg(draw_figures(full_summary)["forest"], name="forest", title='a "title" <b> \\1')
    root = ET.fromstring(str(svg))
    assert root.get("aria-label") == 'a "title" <b> \\1'
    assert root.get("width") is None and root.get("viewBox")
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids)) and all(name.startswith("forest-") for name in ids)
    used = set(re.findall(r'xlink:href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    assert used <= set(ids)
    assert "<text" not in svg  # outlines: no font is needed
    assert "metadata" not in svg
