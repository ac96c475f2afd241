"""Read a recipe: every problem of the file at once, each with its line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from ipdma._yaml import parse_yaml, read_yaml
from ipdma.errors import RecipeError
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import MissingCode, Recipe, Source, StackedTrial
from ipdma.schemas.recipe_block import read_blocks
from ipdma.schemas.recipe_node import RecipeNode
from ipdma.schemas.recipe_source import read_sources

_SCHEMA = re.compile(r"ipd \d+\.\d+\.\d+\Z")
_TRIAL = re.compile(r"[A-Za-z0-9_.-]+\Z")


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in a file.

    Parameters
    ----------
    path
        A YAML file in the form of ``data_schemas/recipe.schema.json``.

    Raises
    ------
    YamlError
        If the file is no YAML.
    RecipeError
        If it is no recipe; ``problems`` lists everything that is wrong, by line.
    """
    return _checked(RecipeNode(read_yaml(path), "", []), path.name)


def parse_recipe(text: str, *, name: str) -> Recipe:
    """Return the recipe a text holds.

    Raises
    ------
    YamlError, RecipeError
        As for :func:`read_recipe`.
    """
    return _checked(RecipeNode(parse_yaml(text, name=name), "", []), name)


def _checked(top: RecipeNode, name: str) -> Recipe:
    recipe = _recipe(top, name)
    if top.problems:
        problems = tuple(sorted(dict.fromkeys(top.problems)))
        lines = "\n".join(f"  line {line}: {message}" for line, message in problems)
        word = "problem" if len(problems) == 1 else "problems"
        raise RecipeError(f"{name} has {len(problems)} {word}:\n{lines}", problems=problems)
    return recipe


def _recipe(top: RecipeNode, name: str) -> Recipe:
    top.only("recipe", "schema", "trial", "sources", "missing", "tables")
    top.needs("recipe", "schema", "trial", "sources", "tables")
    if top.data.get("recipe", 1) != 1:
        top.complain(f"recipe: {top.data['recipe']} is a format this version does not know; it knows 1", "recipe")
    schema = top.text("schema") or "ipd 1.0.0"
    if not _SCHEMA.match(schema):
        top.complain(f"'schema: {schema}' must read like 'ipd 1.0.0'", "schema")
    sources = read_sources(top)
    codes, declared = _missing(top, sources)
    tables = top.mapping("tables")
    return Recipe(
        name=name,
        schema=schema,
        trial=_trial(top),
        sources=sources,
        blocks=read_blocks(tables, sources) if tables is not None else (),
        missing_codes=codes,
        declared_missing="all_missing" if declared == "all_missing" else "must_be_listed",
        trial_line=top.line("trial"),
    )


def _trial(top: RecipeNode) -> str | StackedTrial:
    if isinstance(top.data.get("trial"), Mapping):
        node = cast(RecipeNode, top.mapping("trial"))
        node.only("from", "map", "label")
        node.needs("from")
        codes = {code: code_text(value) for code, value in node.scalars("map").items()} if "map" in node.data else None
        for value in (codes or {}).values():
            _check_trial(node, value, "map")
        return StackedTrial(
            column=node.text("from") or "", codes=codes, label=node.text("label"), line=top.line("trial")
        )
    trial = top.text("trial") or ""
    if "trial" in top.data:
        _check_trial(top, trial, "trial")
    return trial


def _check_trial(node: RecipeNode, trial: str, key: str) -> None:
    if not _TRIAL.match(trial):
        node.complain(f"'{trial}' cannot be a trial's code; use letters, digits, '_', '.' and '-'", key)


def _missing(top: RecipeNode, sources: dict[str, Source]) -> tuple[tuple[MissingCode, ...], str]:
    node = top.mapping("missing")
    if node is None:
        return (), "must_be_listed"
    node.only("codes", "spss_user_missing")
    declared = node.choice("spss_user_missing", ("must_be_listed", "all_missing"), "must_be_listed")
    return tuple(code for below in node.items("codes") for code in _missing_codes(below, sources)), declared


def _missing_codes(node: RecipeNode, sources: Mapping[str, Source]) -> list[MissingCode]:
    """Return what an entry lists: one code, or several of one reason."""
    node.only("code", "reason", "columns", "source")
    node.needs("code", "reason", "columns")
    source = node.text("source")
    if source is not None and source not in sources:
        node.complain(f"no source '{source}'", "source")
    return [
        MissingCode(
            code=code,
            reason=node.text("reason") or "",
            columns=node.names("columns"),
            source=source,
            line=node.line(),
        )
        for code in map(code_text, node.names("code"))
    ]
