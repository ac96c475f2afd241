"""Where one cell of a project's common tables came from, for the terminal."""

from collections.abc import Sequence
from pathlib import Path

from ipdma.errors import ProjectError
from ipdma.harmonize.explain import explain
from ipdma.harmonize.inputs import Inputs
from ipdma.harmonize.store import read_consortium
from ipdma.project.folder import open_project
from ipdma.project.reply import Reply


def explain_cell(folder: Path, *, table: str, column: str, keys: Sequence[str]) -> Reply:
    """Return the story of one cell of ``private/harmonized``; its lines hold values and are written to no file.

    Parameters
    ----------
    keys
        ``NAME=VALUE`` texts that name one row of the table.

    Raises
    ------
    ProjectError, SchemaError
        If the folder is no project, or was not harmonized, or a key is not understood.
    ExplainError
        If there is no such cell, or files changed since.
    """
    project = open_project(folder)
    pairs = [key.partition("=") for key in keys]
    wrong = [key for key, (name, sign, _) in zip(keys, pairs, strict=True) if not name or not sign]
    if wrong:
        raise ProjectError("a key is written NAME=VALUE, like participant_id=12.")
    lines = explain(
        read_consortium(project.harmonized),
        Inputs(
            raw=project.raw,
            recipes=project.recipes,
            scales=project.scales,
            schema=project.schema,
            corrections=project.corrections,
        ),
        table=table,
        column=column,
        keys={name: value for name, _, value in pairs},
    )
    return Reply(lines=lines, data={"lines": list(lines)})
