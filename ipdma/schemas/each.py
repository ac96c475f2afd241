"""One line of a recipe for many: whatever holds a counter is repeated for each of its values."""

from collections.abc import Iterator, Mapping
from typing import Any

from ipdma._yaml import plain
from ipdma.schemas.recipe_node import RecipeNode
from ipdma.schemas.template import fill_template, template_names

_MOST = 1000


def read_each(node: RecipeNode) -> tuple[str, range] | None:
    """Return the counter and its values that ``each: {n: [1, 12]}`` of a node names, or nothing."""
    given = plain(node.data.get("each"))
    if given is None:
        return None
    if isinstance(given, dict) and len(given) == 1:
        name, span = next(iter(given.items()))
        whole = isinstance(span, list) and len(span) == 2 and all(type(end) is int and end >= 0 for end in span)
        if str(name).isidentifier() and whole and span[0] <= span[1] < span[0] + _MOST:
            return str(name), range(span[0], span[1] + 1)
    node.complain("'each' needs one counter with its first and last value, like {n: [1, 12]}", "each")
    return None


def repeated(values: Mapping[Any, Any], each: tuple[str, range] | None) -> Iterator[dict[Any, Any]]:
    """Yield the mapping once for each value of the counter, its texts filled; once only where nothing holds it."""
    if each is None or not any(_holds(text, each[0]) for pair in values.items() for text in pair):
        yield dict(values)
        return
    for number in each[1]:
        gaps = {each[0]: number}
        yield {_filled(key, gaps): _filled(value, gaps) for key, value in values.items()}


def spread(values: Mapping[Any, Any], each: tuple[str, range] | None) -> list[tuple[Any, Any]]:
    """Return the pairs of a mapping, each pair that holds the counter repeated for all its values."""
    return [pair for key, value in values.items() for one in repeated({key: value}, each) for pair in one.items()]


def _holds(text: Any, name: str) -> bool:
    return isinstance(text, str) and name in template_names(text)


def _filled(text: Any, gaps: Mapping[str, object]) -> Any:
    return fill_template(text, gaps) if isinstance(text, str) else text
