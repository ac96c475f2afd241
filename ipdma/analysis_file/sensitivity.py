"""The key on sensitivity analyses: names of built-in ones, and patches of the file."""

from collections.abc import Mapping
from typing import Any

from ipdma.analysis_file.node import Node

Variant = str | tuple[str, Mapping[str, Any]]


def read_sensitivity(node: Node) -> tuple[Variant, ...]:
    """Return the sensitivity analyses in the file's order; problems are noted.

    A patch keeps its lines, so that what is wrong in it can be named when it is laid over the file. Which names are
    built in is known where they are built.

    Raises
    ------
    AnalysisError
        If the key holds something else than a list.
    """
    if not isinstance(node.value, list):
        raise node.error(
            "sensitivity must be a list of names and patches, for example "
            "[leave_one_trial_out, {name: adults, change: {include: 'age_years >= 18'}}]."
        )
    read: list[Variant | None] = [item.attempt(_variant, None) for item in node.items()]
    found = [variant for variant in read if variant is not None]
    names = [variant if isinstance(variant, str) else variant[0] for variant in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        node.note(f"two sensitivity analyses are named '{name}'.")
    return tuple(found)


def _variant(node: Node) -> Variant:
    if not isinstance(node.value, Mapping):
        return node.text()
    nodes = node.keys(("name", "change"))
    for key in ("name", "change"):
        if key not in nodes:
            raise node.error(f"a patch needs {key}: write {{name: adults, change: {{include: 'age_years >= 18'}}}}.")
    change = nodes["change"].value
    if not isinstance(change, Mapping) or not change:
        raise nodes["change"].error("change must hold the keys of this file that differ, with their new values.")
    return nodes["name"].text(), change
