"""Recipes against the headers of their files; no row is harmonized and nothing is written."""

from collections.abc import Callable
from pathlib import Path

from ipdma.harmonize.check_recipe import check_recipe
from ipdma.harmonize.content import read_content, unknown_versions
from ipdma.harmonize.corrections_file import read_corrections, without_recipe
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.inputs import TableReader
from ipdma.harmonize.read_inputs import read_recipes, recipe_paths


def check(
    raw: Path | str,
    recipes: Path | str,
    *,
    scales: Path | str | None = None,
    schema: Path | str | None = None,
    corrections: Path | str | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Finding]:
    """Return what is wrong with recipes as far as the headers, value labels and missing codes of their files tell.

    Parameters
    ----------
    raw, recipes, scales, schema, corrections, progress
        As for :func:`ipdma.harmonize.harmonize.harmonize`.

    Raises
    ------
    RecipeError, SchemaError, ScaleError
        If there is no recipe, or the project's ``schema.yaml`` or scale files cannot be read.
    """
    content = read_content(scales, schema)
    paths = recipe_paths(Path(recipes))
    known, findings = read_recipes(paths)
    findings += unknown_versions(known)
    changes, wrong = read_corrections(None if corrections is None else Path(corrections))
    findings += [*wrong, *without_recipe(known, changes, files=len(paths))]
    reader = TableReader.of(Path(raw), changes, progress or (lambda sentence: None))
    for recipe in known:
        read = reader.read(recipe)
        findings += [*read.findings, *check_recipe(recipe, read.tables, content.schema, content.scales)]
    return findings
