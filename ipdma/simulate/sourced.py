"""Values that say where they come from: ``{value: 50 mg, source: doi ...}`` or ``{value: 7, filled: weekly}``."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ipdma._yaml import read_yaml
from ipdma.analysis_file.node import Node
from ipdma.errors import AnalysisError, SimulationError, YamlError

T = TypeVar("T")


def read_nodes(path: Path, read: Callable[[Node], T]) -> T:
    """Return what ``read`` makes of a file's top level; all problems it notes are raised together.

    Raises
    ------
    SimulationError
        If the file is not YAML or ``read`` finds something wrong; each problem with its line.
    """
    try:
        top = Node(value=read_yaml(path), file=path.name, line=1)
        result = read(top)
    except (YamlError, AnalysisError) as error:
        raise SimulationError(str(error)) from None
    if top.problems:
        raise SimulationError("\n".join(top.problems))
    return result


def need(node: Node, known: Iterable[str], *, optional: Iterable[str] = ()) -> dict[str, Node]:
    """Return the children of a mapping, all of ``known`` and some of ``optional``.

    Raises
    ------
    AnalysisError
        If one of ``known`` is missing; unknown keys are noted.
    """
    known = tuple(known)
    children = node.keys([*known, *optional])
    missing = [name for name in known if name not in children]
    if missing:
        raise node.error(f"{node.name or 'the file'} lacks {', '.join(missing)}.")
    return children


def sourced(node: Node, sources: dict[str, str]) -> Node:
    """Return the node of the value itself; its source is kept in ``sources`` by the value's place.

    Raises
    ------
    AnalysisError
        If it is not a value with either a source or the rule by which it was filled in.
    """
    if not isinstance(node.value, Mapping) or "value" not in node.value:
        raise node.error(f"{node.name} must be {{value: ..., source: ...}} or {{value: ..., filled: ...}}.")
    children = node.keys(["value", "source", "filled"])
    said = [key for key in ("source", "filled") if key in children]
    if len(said) != 1:
        raise node.error(f"{node.name} needs either a source or the rule by which it was filled in.")
    text = children[said[0]].text()
    sources[node.name] = text if said[0] == "source" else f"filled: {text}"
    return node.child("value", node.name)


def codes_of(node: Node) -> dict[Any, Any]:
    """Return a mapping whose keys and values are plain codes."""
    if not isinstance(node.value, Mapping):
        raise node.error(f"{node.name} must hold keys and values.")
    return dict(node.value)
