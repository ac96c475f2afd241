"""Corrections that trialists confirmed: read from private files, one a trial."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ipdma._yaml import plain, read_yaml, yaml_files
from ipdma.errors import YamlError
from ipdma.harmonize.finding import Finding
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import Condition, Recipe, Scalar
from ipdma.schemas.recipe_node import Problems, RecipeNode, is_scalar, scalar

_KEYS = ("source", "id", "row", "where", "column", "old", "new", "why", "query")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A raw value that a trialist confirmed to be wrong, and what it should be.

    Parameters
    ----------
    trial, file, line
        Whose it is, and where it stands.
    source, column
        The recipe's source and the raw column.
    participant_id, row
        Whose row, or its number in the file.
    where
        Which of several rows of the participant.
    old, new
        The values as the file writes them; ``None``: the cell is empty.
    why, query
        The reason, and the number of the question that was asked.
    """

    trial: str
    file: str
    line: int
    source: str
    column: str
    participant_id: str | None
    row: int | None
    old: Scalar
    new: Scalar
    why: str
    query: str = ""
    where: Mapping[str, Condition] = field(default_factory=dict)


def read_corrections(folder: Path | None) -> tuple[list[Correction], list[Finding]]:
    """Return the corrections of all files in a folder, and what is wrong with the files; no folder: none.

    A file is called after its trial: ``{corrections: 1, changes: [{source, id, column, old, new, why}]}``.
    """
    found: list[Correction] = []
    findings: list[Finding] = []
    for path in yaml_files(folder) if folder is not None and folder.is_dir() else []:
        name = f"corrections/{path.name}"
        try:
            top = RecipeNode(read_yaml(path), "", [])
        except YamlError as error:
            # The parser's words may hold a participant's values; the line does not.
            line = re.match(rf"{re.escape(path.name)} line (\d+): ", str(error))
            findings.append(
                Finding(
                    code="corrections", message="this is no YAML that can be read, or a key stands twice.",
                    recipe=name, line=int(line[1]) if line else 1, trial=path.stem,
                )
            )  # fmt: skip
            continue
        changes = _file(top, trial=path.stem, name=name)
        findings += [
            Finding(code="corrections", message=message, recipe=name, line=line, trial=path.stem)
            for line, message in dict.fromkeys(top.problems)
        ]
        found += [] if top.problems else changes
    return found, findings


def corrections_of(recipe: Recipe, corrections: Sequence[Correction]) -> list[Correction]:
    """Return those of a recipe's trials; without a map any trial may be in a stacked file."""
    trial = recipe.trial
    if isinstance(trial, str):
        return [one for one in corrections if one.trial == trial]
    return [one for one in corrections if trial.codes is None or one.trial in trial.codes.values()]


def without_recipe(recipes: Sequence[Recipe], corrections: Sequence[Correction], *, files: int) -> list[Finding]:
    """Return corrections of trials that no recipe fills: nobody would apply them.

    Where one of the ``files`` is no recipe that could be read nothing is said: it may be theirs.
    """
    if len(recipes) < files:
        return []
    return never_applied(corrections, {one.trial for recipe in recipes for one in corrections_of(recipe, corrections)})


def never_applied(corrections: Sequence[Correction], trials: Collection[str]) -> list[Finding]:
    """Return corrections of trials that are none of these."""
    files = {one.file: one.trial for one in corrections if one.trial not in trials}
    message = "no recipe fills a trial of this file's name, so its corrections would never be applied. Rename it."
    return [
        Finding(code="correction_unused", message=message, recipe=file, line=1, trial=trial)
        for file, trial in files.items()
    ]


def _file(top: RecipeNode, *, trial: str, name: str) -> list[Correction]:
    top.only("corrections", "changes")
    top.needs("corrections", "changes")
    if top.data.get("corrections", 1) != 1:
        top.complain("'corrections' must be 1: the version of this file's form", "corrections")
    return [_change(node, trial, name) for node in top.items("changes")]


def _change(node: RecipeNode, trial: str, name: str) -> Correction:
    problems: Problems = node.problems
    node.only(*_KEYS)
    node.needs("source", "column", "old", "new", "why")
    if ("id" in node.data) == ("row" in node.data):
        problems.append((node.line(), f"{node.where}: one of 'id' and 'row' is needed"))
    values = {key: _value(node, key) for key in ("old", "new")}
    given = plain(node.data.get("id"))
    return Correction(
        trial=trial,
        file=name,
        line=node.line(),
        source=node.text("source") or "",
        column=node.text("column") or "",
        participant_id=None if given is None else given if isinstance(given, str) else code_text(given),
        row=node.integer("row"),
        old=values["old"],
        new=values["new"],
        why=node.text("why") or "",
        query=node.text("query") or "",
        where=node.conditions("where"),
    )


def _value(node: RecipeNode, key: str) -> Any:
    value = node.data.get(key)
    if is_scalar(value):
        return scalar(value)
    node.complain(f"'{key}' must be a single value", key)
    return None
