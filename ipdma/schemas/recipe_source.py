"""The sources of a recipe: which files, how they are read, which rows count, what they take from each other."""

import re
from typing import Any, cast

from ipdma._yaml import did_you_mean, plain
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import ROW_NUMBER, Duplicates, Join, Scalar, Source
from ipdma.schemas.recipe_node import RecipeNode, is_scalar

_READERS = ("csv", "spss", "stata", "excel")
_OPTIONS = ("encoding", "delimiter", "decimal", "header_row", "first_row", "last_row", "sheet")
_SIMPLE_FORMAT = re.compile(r".*%.*", re.DOTALL)


def read_sources(top: RecipeNode) -> dict[str, Source]:
    """Return the sources by name; what is wrong is noted in the node."""
    below = top.mapping("sources")
    found: dict[str, Source] = {}
    for name in below.data if below is not None else ():
        node = cast(RecipeNode, below).mapping(name)
        if node is not None:
            found[str(name)] = _source(str(name), node)
    if below is not None and not below.data:
        top.complain("'sources' is empty", "sources")
    if below is not None:
        _check_joins(below, found)
    return found


def _source(name: str, node: RecipeNode) -> Source:
    node.only("file", "reader", "id", "expect_rows", "where", "options", "join", "duplicates")
    node.needs("file", "reader")
    ids = node.names("id")
    if ROW_NUMBER in ids and len(ids) > 1:
        node.complain(f"{ROW_NUMBER} stands alone as an id", "id")
    for key in ("join", "duplicates"):
        if key in node.data and (not ids or ROW_NUMBER in ids):
            node.complain(f"'{key}' needs an 'id' of columns, by which rows belong to a participant", key)
    return Source(
        name=name,
        file=node.text("file") or "",
        reader=node.choice("reader", _READERS, "csv"),
        options=_options(node),
        id=ids,
        expect_rows=node.integer("expect_rows"),
        where=node.conditions("where"),
        joins=_joins(node),
        duplicates=_duplicates(node),
        line=node.line(),
    )


def _options(node: RecipeNode) -> dict[str, Scalar | tuple[int, ...]]:
    below = node.mapping("options")
    if below is None:
        return {}
    below.only(*_OPTIONS)
    found: dict[str, Scalar | tuple[int, ...]] = {}
    for key, value in below.data.items():
        if is_scalar(value):
            found[str(key)] = cast(Scalar, plain(value))
        elif key == "header_row" and isinstance(value, list) and _are_rows(plain(value)):
            found[str(key)] = tuple(plain(value))
        else:
            below.complain(f"'{key}' must be a single value", key)
    return found


def _are_rows(values: Any) -> bool:
    """Row numbers in their order."""
    return bool(values) and all(type(value) is int and value > 0 for value in values) and values == sorted(set(values))


def _joins(node: RecipeNode) -> tuple[Join, ...]:
    if "join" not in node.data:
        return ()
    if isinstance(node.data["join"], list):
        nodes = node.items("join")
    else:
        single = node.mapping("join")
        nodes = [] if single is None else [single]
    return tuple(_join(below) for below in nodes)


def _join(node: RecipeNode) -> Join:
    node.only("source", "columns", "unmatched")
    node.needs("source", "columns")
    given = plain(node.data.get("columns"))
    if isinstance(given, dict) and given and all(is_scalar(value) for value in given.values()):
        columns = {code_text(new): code_text(old) for new, old in given.items()}
    else:
        columns = {name: name for name in node.names("columns")}
    if not columns:
        node.complain("'columns' needs the columns to take, like [a, b] or {name_here: name_there}", "columns")
    unmatched = node.choice("unmatched", ("error", "missing"), "error")
    return Join(
        source=node.text("source") or "",
        columns=columns,
        unmatched="missing" if unmatched == "missing" else "error",
        line=node.line(),
    )


def _duplicates(node: RecipeNode) -> Duplicates | None:
    below = node.mapping("duplicates")
    if below is None:
        return None
    below.only("by", "keep", "order", "date", "why")
    below.needs("keep", "why")
    keep = below.choice("keep", ("first", "last", "identical"), "last")
    if keep == "identical" and "order" in below.data:
        below.complain("'keep: identical' takes no 'order'", "order")
    form = below.text("date")
    if form is not None and (not _SIMPLE_FORMAT.match(form) or "order" not in below.data):
        below.complain("'date' is the format of the days in 'order', like '%d.%m.%Y'", "date")
    return Duplicates(
        by=below.names("by"),
        keep="first" if keep == "first" else "identical" if keep == "identical" else "last",
        why=below.text("why") or "",
        order=below.text("order"),
        date_format=form,
        line=below.line(),
    )


def _check_joins(below: RecipeNode, sources: dict[str, Source]) -> None:
    """A join names another source with an id, and nothing joins in a circle."""
    for name, source in sources.items():
        for join in source.joins:
            if join.source not in sources:
                below.problems.append((join.line, f"no source '{join.source}'{did_you_mean(join.source, sources)}"))
            elif name in _partners(join.source, sources):
                below.problems.append((join.line, f"source '{name}' takes columns from itself"))
            elif not sources[join.source].id or ROW_NUMBER in sources[join.source].id:
                below.problems.append((join.line, f"source '{join.source}' has no 'id' of columns to join by"))


def _partners(name: str, sources: dict[str, Source]) -> set[str]:
    """Return a source and all it takes columns from, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        at = waiting.pop()
        if at in sources and at not in found:
            found.add(at)
            waiting += [join.source for join in sources[at].joins]
    return found
