"""From what and with what results were made: versions, and the hash of every input."""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ipdma._paths import data_schemas
from ipdma._yaml import yaml_files
from ipdma.analysis_file.read import AnalysisFile
from ipdma.harmonize.consortium import Consortium
from ipdma.project.folder import Project

_PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "xarray",
    "pymc",
    "pytensor",
    "nutpie",
    "arviz",
    "numba",
    "pyreadstat",
    "openpyxl",
)


def provenance(
    project: Project, consortium: Consortium, file: AnalysisFile, *, without: Iterable[str] = ()
) -> dict[str, Any]:
    """Return what ``provenance.json`` holds: the same inputs give the same, whenever and wherever they are run."""
    found: dict[str, Any] = {
        "ipdma": version("ipdma"),
        "schema": consortium.schema,
        "versions": {"python": platform.python_version(), **_versions()},
        "raw": {str(row["file"]): str(row["sha256"]) for _, row in consortium.files.iterrows()},
        "recipes": hashes(project.recipe_files(), project.folder),
        "analysis": {f"{file.name}.yaml": file.sha256},
    }
    others = [path for path in (project.trials, project.schema) if path is not None]
    scales = yaml_files(project.scales) if project.scales is not None else []
    found |= {"trials_and_scales": hashes([*others, *scales], project.folder)} if others or scales else {}
    left_out = sorted(set(without))
    return found | ({"without": left_out} if left_out else {})


def hashes(paths: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the SHA-256 of files by their path within ``folder``."""
    return {path.relative_to(folder).as_posix(): sha256(path) for path in paths}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def inputs(project: Project, *, without: Iterable[str] = ()) -> Mapping[str, Any]:
    """Return everything the harmonized tables depend on: if it is the same, so are they."""
    others = [path for path in (project.trials, project.schema) if path is not None]
    folders = [
        project.raw,
        project.recipes,
        project.corrections,
        *([project.scales] if project.scales is not None else []),
    ]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    content = data_schemas()
    shipped = sorted([*(content / "scales").glob("*.yaml"), *(content / "ipd").rglob("datapackage.json")])
    return {
        "ipdma": version("ipdma"),
        "files": hashes([*files, *others], project.folder),
        "shipped": hashes(shipped, content),
        "without": sorted(set(without)),
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
