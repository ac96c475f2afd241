"""The key on modifiers: which columns change the effect, and what one unit of each is."""

from collections.abc import Mapping

from ipdma.analysis_file.node import Node, take
from ipdma.estimand import Coding

_OPTIONS = ("per", "reference")
_LATER = {"spline": "a modifier per unit, {per: 10}, or a column of categories derived in the recipes"}


def read_modifiers(node: Node) -> dict[str, Coding | None]:
    """Return each modifier with its coding, or none where the file states none; problems are noted."""
    if not isinstance(node.value, Mapping):
        return dict.fromkeys(node.texts())
    return {name: child.attempt(_coding, None) for name, child in node.mapping().items()}


def _coding(node: Node) -> Coding | None:
    if node.value is None or node.value == {}:
        return None
    nodes = node.keys(_OPTIONS, later=_LATER)
    if len(nodes) > 1:
        raise node.error(f"{node.name}: per is for numbers, reference for categories; a modifier has one of them.")
    coding = Coding(per=take(nodes, "per", _per, 1.0), reference=take(nodes, "reference", _reference, None))
    return None if coding == Coding() else coding


def _per(node: Node) -> float:
    value = node.number()
    if value <= 0:
        raise node.error(f"{node.name} must be above zero: it is the step of the modifier that the effect is told for.")
    return value


def _reference(node: Node) -> str | None:
    return node.text()
