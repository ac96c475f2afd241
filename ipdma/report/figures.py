"""The figures of a summary, as files and as SVG inside the report."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ipdma.plots.availability import availability
from ipdma.plots.claim_specification import claim_specification
from ipdma.plots.control_arm import control_arm
from ipdma.plots.curve import curve
from ipdma.plots.effect_axis import EffectAxis
from ipdma.plots.flow import flow
from ipdma.plots.forest import forest
from ipdma.plots.interactions import interactions
from ipdma.plots.levels import levels
from ipdma.plots.side_by_side import side_by_side
from ipdma.plots.specification import specification
from ipdma.plots.tau import tau
from ipdma.report.drawn import SUFFIXES, Drawn
from ipdma.report.flow_steps import flow_steps
from ipdma.report.page import effect_digits, effect_unit, headline_path, look_up
from ipdma.report.tables import (
    beside_table,
    claim_table,
    control_tables,
    curve_table,
    curves_of,
    has_levels,
    interaction_table,
    specification_table,
    status_table,
    trial_table,
)
from ipdma.report.words import spaced, variable_words
from ipdma.summaries.claim_words import CONTRADICTED, SUPPORTED

_LOGARITHMIC = {"log_linear"}  # a main curve begins at 0
Summary = Mapping[str, Any]


def draw_figures(summary: Summary) -> dict[str, Drawn]:
    """Return the summary's figures by name, each where the summary holds what it shows.

    ``flow``, ``availability``, ``forest``, ``tau``, ``curve_<variable>_<curve>``, ``curves_<variable>`` where several
    curves run over one variable, ``control_arm_<variable>``, ``interactions``, ``specification``,
    ``claim_specification``.
    """
    drawers = (
        _flow, _availability, _forest, _tau, _curves, _beside, _control_arms, _interactions, _specification,
        _claim_specification,
    )  # fmt: skip
    axes = (pair for draw in drawers for pair in draw(summary))
    return {name: Drawn(_figure(ax)) for name, ax in axes}


def _flow(summary: Summary) -> Iterator[tuple[str, Axes]]:
    steps = flow_steps(summary)
    if len(steps):
        yield "flow", flow(steps)


def _availability(summary: Summary) -> Iterator[tuple[str, Axes]]:
    status = status_table(summary)
    if len(status):
        yield "availability", availability(status)


def _forest(summary: Summary) -> Iterator[tuple[str, Axes]]:
    """Its summary rows are the one-stage ones, else the Bayesian two-stage ones."""
    if not any("raw" in row or "shrunken" in row for row in summary["trial_effects"]):
        return
    below = summary if "pooled_effect" in summary else summary.get("bayes_two_stage", {})
    yield (
        "forest",
        forest(
            trial_table(summary),
            pooled=below.get("pooled_effect"),
            new_trial=below.get("new_trial_effect"),
            two_stage=summary.get("two_stage"),
            axis=EffectAxis.of(summary),
            digits=effect_digits(summary),
        ),
    )


def _tau(summary: Summary) -> Iterator[tuple[str, Axes]]:
    if "tau_density" in summary:
        yield "tau", tau(pd.DataFrame(summary["tau_density"]), unit=effect_unit(summary))


def _curves(summary: Summary) -> Iterator[tuple[str, Axes]]:
    items = summary.get("curves", [])
    for name, item in zip(curve_names(items), items, strict=True):
        if item["points"] and has_levels(item):
            words = variable_words(item["variable"], item.get("unit", ""))
            yield name, levels(curve_table(item), variable=words, axis=EffectAxis.of(summary))
        elif item["points"]:
            yield name, curve(curve_table(item), **_horizontal(item), axis=EffectAxis.of(summary))


def _beside(summary: Summary) -> Iterator[tuple[str, Axes]]:
    """Where several curves run over one variable."""
    for variable in dict.fromkeys(item["variable"] for item in summary.get("curves", ())):
        items = curves_of(summary, variable)
        if len(items) > 1:
            options = {**_horizontal(items[0]), "log": False}
            yield beside_name(variable), side_by_side(beside_table(items), **options, axis=EffectAxis.of(summary))


def _horizontal(item: Mapping[str, Any]) -> dict[str, Any]:
    words = variable_words(item["variable"], item.get("unit", ""))
    return {"variable": words, "reference": item["reference"], "log": item["curve"] in _LOGARITHMIC}


def _control_arms(summary: Summary) -> Iterator[tuple[str, Axes]]:
    for item in summary.get("control_arm", ()):
        words = variable_words(item["variable"], item["unit"])
        yield (
            control_arm_name(item["variable"]),
            control_arm(*control_tables(item), variable=words, axis=EffectAxis.of(summary)),
        )


def _interactions(summary: Summary) -> Iterator[tuple[str, Axes]]:
    terms = interaction_table(summary)
    if len(terms):
        yield "interactions", interactions(terms, axis=EffectAxis.of(summary))


def _specification(summary: Summary) -> Iterator[tuple[str, Axes]]:
    table = specification_table(summary)
    if len(table):
        headline = look_up(summary, f"{headline_path(summary)}pooled_effect")
        yield (
            "specification",
            specification(table, headline=headline, axis=EffectAxis.of(summary), digits=effect_digits(summary)),
        )


def _claim_specification(summary: Summary) -> Iterator[tuple[str, Axes]]:
    table = claim_table(summary)
    if not len(table):
        return
    claim = summary["claim"]
    start, end = claim["late"]
    stated = {"probability": claim["posterior_probability"], "statement": spaced(claim["statement"])}
    unit = next((item.get("unit", "") for item in summary["curves"] if item["variable"] == claim["variable"]), "")
    words = f"{variable_words(claim['variable'], unit)} {start:g} to {end:g}"
    drawn = claim_specification(table, thresholds=(CONTRADICTED, SUPPORTED), headline=stated, stretch=words)
    yield "claim_specification", drawn


def curve_names(curves: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a name for each curve's figure, safe as a file's name and as an id; a second of a name is numbered."""
    names: list[str] = []
    for item in curves:
        name = _safe(f"curve_{item['variable']}_{item['curve']}")
        names.append(f"{name}_{len(names) + 1}" if name in names else name)
    return names


def beside_name(variable: str) -> str:
    """Return the name of the figure of all curves over a variable."""
    return _safe(f"curves_{variable}")


def control_arm_name(variable: str) -> str:
    """Return the name of the figure of control arms over a variable."""
    return _safe(f"control_arm_{variable}")


def write_figures(figures: Mapping[str, Drawn], folder: Path) -> list[Path]:
    """Write every figure as .svg, .pdf and 300-dpi .png into ``folder`` and return the paths.

    The same summary gives the same bytes, with the same version of matplotlib.

    Parameters
    ----------
    figures
        As :func:`draw_figures` returns them.
    folder
        Made if absent; files of other names in it are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, drawn in figures.items():
        for suffix in SUFFIXES:
            path = folder / f"{name}.{suffix}"
            path.write_bytes(drawn.file(suffix))
            written.append(path)
    return written


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def _figure(ax: Axes) -> Figure:
    figure = ax.figure
    assert isinstance(figure, Figure)  # the Axes were made here, not in a subfigure
    return figure
