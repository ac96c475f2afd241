"""The steps a column may take: their names and what each needs beside it. What they do stands in ``harmonize``."""

from collections.abc import Mapping
from typing import Any

from ipdma._yaml import did_you_mean, line_of
from ipdma.schemas.recipe import Operation
from ipdma.schemas.recipe_argument import ARGUMENTS
from ipdma.schemas.recipe_node import RecipeNode


def read_operations(node: RecipeNode, key: str = "do") -> tuple[Operation, ...]:
    """Return the steps of a ``do`` list; what is wrong with them is noted in the node."""
    listed = node.data.get(key)
    if listed is None:
        return ()
    if not isinstance(listed, list):
        node.complain(f"'{key}' must be a list, like [text, {{map: {{1: a}}}}]", key)
        return ()
    steps = [_step(node, item, line_of(listed, number)) for number, item in enumerate(listed)]
    return tuple(step for step in steps if step is not None)


def _step(node: RecipeNode, item: Any, line: int) -> Operation | None:
    if isinstance(item, Mapping) and len(set(item) - {"each"}) == 1 and ("each" not in item or "map" in item):
        name, given = next((name, given) for name, given in item.items() if name != "each")
    elif isinstance(item, str):
        name, given = item, None
    else:
        node.problems.append((line, f"{node.where}: a step is a name or one name with its argument"))
        return None
    if name not in ARGUMENTS:
        node.problems.append((line, f"{node.where}: unknown operation '{name}'{did_you_mean(name, ARGUMENTS)}"))
        return None
    below = RecipeNode(item if isinstance(item, Mapping) else {}, f"{node.where}.do", node.problems)
    before = len(node.problems)
    argument = ARGUMENTS[name](below, str(name), given)
    if len(node.problems) > before:
        # A bare name has no line of its own in the file's tree.
        node.problems[before:] = [(at or line, message) for at, message in node.problems[before:]]
        return None
    return Operation(name=str(name), argument=argument, line=line)
