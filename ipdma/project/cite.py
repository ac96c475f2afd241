"""How to cite the package and each method an analysis uses."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ipdma.analysis_file.read import AnalysisFile, read_analysis
from ipdma.project.folder import open_project
from ipdma.project.reply import Reply
from ipdma.report.cite import Reference, package_citation, references


def cite(folder: Path | None = None) -> Reply:
    """Return how to cite the package and, for a project, the methods that its analyses use.

    Raises
    ------
    ProjectError, YamlError, AnalysisError
        If the folder is no project, or an analysis file of it cannot be read.
    """
    package = package_citation(version("ipdma"))
    lines, found = ["Cite the package:", f"  {package}"], []
    if folder is not None:
        found = _methods(folder)
        lines += ["", "and the methods this project uses:"]
        lines += [f"  {item.why}\n    {item.text}{f' doi:{item.doi}' if item.doi else ''}" for item in found]
    listed = [{"key": item.key, "for": item.why, "text": item.text, "doi": item.doi} for item in found]
    return Reply(lines=tuple(lines), data={"package": package, "references": listed})


def _methods(folder: Path) -> list[Reference]:
    found: dict[str, Reference] = {}
    for path in open_project(folder).analyses().values():
        file = read_analysis(path)
        used = references(expected(file), settings={"two_stage": {"adjustment": file.two_stage.adjustment}})
        found |= {item.key: item for item in used}
    return list(found.values())


def expected(file: AnalysisFile) -> Mapping[str, Any]:
    """Return which parts the summary of this analysis will have, without their numbers."""
    one_stage = file.form == "one_stage"
    parts: dict[str, Any] = {
        "metric": file.estimand.metric,
        "two_stage": dict.fromkeys(("tau2", "ci_hartung_knapp", "prediction", "i2"), 0.0),
        "bayes_two_stage": {"tau": {}},
        "interactions": list(file.plain.modifiers) if one_stage else [],
        "diagnostics": [True] if one_stage else [],
    }
    if one_stage:
        parts["pooled_effect"] = {}
    if one_stage and file.plain.effect == "random_effects":
        parts["tau"] = {}
    return parts
