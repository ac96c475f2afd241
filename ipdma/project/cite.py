"""How to cite the package and each method an analysis uses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ipdma._paths import data_schemas
from ipdma._yaml import plain, read_yaml
from ipdma.analysis_file.read import AnalysisFile, read_analysis
from ipdma.project.folder import open_project
from ipdma.project.reply import Reply


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A source, what it is cited for, and its DOI (empty where it has none)."""

    key: str
    cited_for: str
    text: str
    doi: str = ""

    def line(self) -> str:
        """Return the reference as one line."""
        return f"{self.text} doi:{self.doi}" if self.doi else self.text


def package_citation() -> str:
    """Return how to cite the package, as in CITATION.cff."""
    number = version("ipdma")
    return f"The ipdma developers. ipdma: individual participant data meta-analysis in Python. Version {number}."


def marks(analysis: AnalysisFile) -> frozenset[str]:
    """Return what an analysis uses, in the words of ``references.yaml``."""
    models = (analysis.plain, *analysis.curve_models)
    curves = [curve for model in models for curve in (model.main, *model.shifts) if curve is not None]
    found = {
        analysis.form,
        analysis.estimand.metric,
        analysis.plain.effect,
        *(curve.name for curve in curves),
        *(["curves"] if curves else []),
        *(["modifiers"] if analysis.plain.modifiers else []),
    }
    return frozenset(found)


def references(used: Iterable[str]) -> list[Reference]:
    """Return the references that an analysis with these marks cites, in the order of ``references.yaml``."""
    entries: Mapping[str, Mapping[str, str]] = plain(read_yaml(data_schemas() / "references.yaml")["entries"])
    wanted = {"always", *used}
    return [
        Reference(key=key, cited_for=entry["for"], text=entry["text"], doi=entry.get("doi", ""))
        for key, entry in entries.items()
        if entry["when"] in wanted
    ]


def cite(folder: Path | None = None) -> Reply:
    """Return how to cite the package and, for a project, the methods that its analyses use.

    Raises
    ------
    ProjectError, YamlError, AnalysisError
        If the folder is no project, or an analysis file of it cannot be read.
    """
    used: set[str] = set()
    if folder is not None:
        for path in open_project(folder).analyses().values():
            used |= marks(read_analysis(path))
    found = references(used)
    lines = ["Cite the package:", f"  {package_citation()}", ""]
    lines.append("Methods of every analysis:" if folder is None else "Methods this project uses:")
    lines += [f"  {reference.cited_for}\n    {reference.line()}" for reference in found]
    data = {
        "package": package_citation(),
        "references": [{"key": r.key, "for": r.cited_for, "text": r.text, "doi": r.doi} for r in found],
    }
    return Reply(lines=tuple(lines), data=data)
