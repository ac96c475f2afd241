"""The steps a column may take: their names and what each needs beside it. What they do stands in ``harmonize``."""

from collections.abc import Callable, Mapping
from typing import Any

from ipdma._yaml import did_you_mean, line_of, plain
from ipdma.errors import QuantityError
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import Operation
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
    if isinstance(item, Mapping) and len(item) == 1:
        name, given = next(iter(item.items()))
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


def _nothing(node: RecipeNode, name: str, given: Any) -> None:
    if given not in (None, {}):
        node.complain(f"'{name}' takes nothing beside it", name)


def _decimal(node: RecipeNode, name: str, given: Any) -> str | None:
    if given is None:
        return None
    if isinstance(given, Mapping) and set(given) == {"decimal"} and given["decimal"] in (".", ","):
        return str(given["decimal"])
    node.complain("'number' takes {decimal: '.'} or {decimal: ','}", name)
    return None


def _format(node: RecipeNode, name: str, given: Any) -> str:
    if isinstance(given, str) and (given == "from_file" or "%" in given):
        return str(given)
    node.complain(
        "'date' needs the format the file writes days in, like {date: '%d/%m/%Y'}, or from_file for SPSS, Stata and "
        "Excel dates; it is never guessed, because 03/04 reads as two different days",
        name,
    )
    return ""


def _codes(node: RecipeNode, name: str, given: Any) -> object:
    if isinstance(given, Mapping) and given:
        return node.scalars(name)
    node.complain(f"'{name}' needs each code and what it becomes, like {{{name}: {{1: a, 2: b}}}}", name)
    return {}


def _labels(node: RecipeNode, name: str, given: Any) -> object:
    if isinstance(given, Mapping) and given:
        return {str(label).strip(): value for label, value in plain(given).items()}
    return _codes(node, name, None)


def _units(node: RecipeNode, name: str, given: Any) -> tuple[str, str]:
    below = node.mapping(name)
    if below is None:
        node.complain("'unit' needs {from: g, to: mg}", name)
        return ("", "")
    below.only("from", "to")
    below.needs("from", "to")
    units = (below.text("from") or "", below.text("to") or "")
    try:
        Quantity.parse(f"1 {units[0]}").to(units[1])
    except QuantityError as error:
        below.complain(str(error))
    return units


def _digits(node: RecipeNode, name: str, given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 12:
        return int(given)
    node.complain("'round' needs a number of decimals from 0 to 12", name)
    return 0


ARGUMENTS: Mapping[str, Callable[[RecipeNode, str, Any], object]] = {
    "text": _nothing,
    "number": _decimal,
    "date": _format,
    "time": _nothing,
    "minutes": _nothing,
    "map": _codes,
    "map_label": _labels,
    "unit": _units,
    "round": _digits,
}
