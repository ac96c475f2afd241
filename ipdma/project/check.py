"""Recipes against the headers of raw files, and analyses against recipes; nothing is written."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ipdma._yaml import did_you_mean
from ipdma.analysis_file.read import AnalysisFile, read_analysis
from ipdma.errors import IpdmaError
from ipdma.harmonize.check import check
from ipdma.harmonize.finding import Finding
from ipdma.project.folder import open_project
from ipdma.project.reply import Reply
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.recipe_file import read_recipe

_NOT_COLUMNS = {"baseline_severity"}


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
    readable = list(_readable(recipes))
    for path in files.values():
        findings = [*findings, *_check_analysis(path, readable)]
    errors = sum(finding.severity == "error" for finding in findings)
    counted = f"{len(recipes)} recipes and {len(files)} analysis file{'s' if len(files) > 1 else ''}"
    lines = (f"{counted}: {errors} errors, {len(findings) - errors} warnings",)
    return Reply(lines=lines, data={"recipes": [path.name for path in recipes]}, findings=tuple(findings))


def _readable(paths: Iterable[Path]) -> Iterator[Recipe]:
    for path in paths:
        try:
            yield read_recipe(path)
        except IpdmaError:
            continue  # the check of the recipes reports it


def _check_analysis(path: Path, recipes: list[Recipe]) -> Iterator[Finding]:
    try:
        file = read_analysis(path)
    except IpdmaError as error:
        yield Finding(code="analysis_file", message=str(error))
        return
    yield from _columns(file, recipes)
    yield from _treatments(file, recipes)


def _columns(file: AnalysisFile, recipes: list[Recipe]) -> Iterator[Finding]:
    """Covariates that no recipe fills."""
    filled = {rule.column for recipe in recipes for block in recipe.blocks for rule in block.columns}
    named = [*file.plain.modifiers, *file.plain.prognostic_factors]
    for name in dict.fromkeys(named):
        if name not in filled | _NOT_COLUMNS:
            message = f"no recipe fills '{name}', which {file.name}.yaml uses{did_you_mean(name, sorted(filled))}"
            yield Finding(code="covariate_not_filled", table="participants", column=name, message=message)


def _treatments(file: AnalysisFile, recipes: list[Recipe]) -> Iterator[Finding]:
    """Treatments of the contrast that no arm has, where all arms are written out in recipes."""
    arms = [block for recipe in recipes for block in recipe.blocks if block.table == "arms"]
    if not arms or any(block.columns for block in arms):
        return
    known = {str(row.values.get("treatment")) for block in arms for row in block.rows}
    for name in (file.estimand.treatment, file.estimand.control):
        if name not in known:
            message = f"no arm has the treatment '{name}' of {file.name}.yaml{did_you_mean(name, sorted(known))}"
            yield Finding(code="treatment_unknown", table="arms", column="treatment", message=message)
