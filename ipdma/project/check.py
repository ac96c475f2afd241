"""Recipes against the headers of raw files, and analyses against recipes; nothing is written."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ipdma.analysis_file.read import read_analysis
from ipdma.errors import IpdmaError
from ipdma.harmonize.check import check
from ipdma.harmonize.content import Content, read_content
from ipdma.harmonize.finding import Finding
from ipdma.project.check_analysis import check_analysis
from ipdma.project.folder import open_project
from ipdma.project.reply import Reply
from ipdma.report.words import counted
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.recipe_file import read_recipe


def check_folder(folder: Path) -> Reply:
    """Return everything that is wrong with a project's recipes and analyses, as far as headers tell.

    Raises
    ------
    ProjectError
        If the folder is no project.
    """
    project = open_project(folder)
    files, recipes = project.analyses(), project.recipe_files()
    findings = check(
        project.raw,
        project.recipes,
        scales=project.scales,
        schema=project.schema,
        corrections=project.corrections,
    )
    readable, content = list(_readable(recipes)), read_content(project.scales, project.schema)
    for path in files.values():
        findings = [*findings, *_check_analysis(path, readable, content)]
    errors = sum(finding.severity == "error" for finding in findings)
    read = f"{counted(len(recipes), 'recipe')} and {counted(len(files), 'analysis file')}"
    lines = (f"{read}: {counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}",)
    return Reply(lines=lines, data={"recipes": [path.name for path in recipes]}, findings=tuple(findings))


def _readable(paths: Iterable[Path]) -> Iterator[Recipe]:
    for path in paths:
        try:
            yield read_recipe(path)
        except IpdmaError:
            continue  # the check of the recipes reports it


def _check_analysis(path: Path, recipes: list[Recipe], content: Content) -> Iterator[Finding]:
    try:
        file = read_analysis(path)
    except IpdmaError as error:
        yield Finding(code="analysis_file", message=str(error))
        return
    yield from check_analysis(file, recipes, content.scales, content.schema)
