"""The tables of a recipe: blocks of rows, columns, scores."""

from collections.abc import Mapping
from typing import cast

from ipdma._yaml import did_you_mean, plain
from ipdma.schemas.code_text import code_text
from ipdma.schemas.each import read_each, repeated, spread
from ipdma.schemas.recipe import Block, ColumnRule, Long, ReportedRule, Row, RowsFrom, Scalar, ScoreRule, Source
from ipdma.schemas.recipe_column import check_template, read_column, read_columns, read_rule
from ipdma.schemas.recipe_node import RecipeNode, is_scalar


def read_blocks(tables: RecipeNode, sources: Mapping[str, Source]) -> tuple[Block, ...]:
    """Return all blocks in the order of the recipe; what is wrong is noted in the node."""
    blocks: list[Block] = []
    for name, given in tables.data.items():
        listed = isinstance(given, list)
        nodes = tables.items(name) if listed else [node] if (node := tables.mapping(name)) is not None else []
        if not nodes:
            tables.complain(f"'{name}' is empty", name)
        blocks += [_block(str(name), node, sources) for node in nodes]
    return tuple(blocks)


def _block(table: str, node: RecipeNode, sources: Mapping[str, Source]) -> Block:
    node.only("source", "rows", "columns", "long", "rows_from", "where", "score", "reported")
    long = _long(node)
    gaps = (long.over,) if long is not None else ()
    block = Block(
        table=table,
        source=node.text("source"),
        rows=_rows(node),
        columns=read_columns(node, gaps),
        long=long,
        rows_from=_rows_from(node),
        where=node.conditions("where"),
        score=_score(node, gaps),
        reported=_reported(node, gaps),
        line=node.line(),
    )
    _check_block(node, block, sources)
    return block


def _check_block(node: RecipeNode, block: Block, sources: Mapping[str, Source]) -> None:
    if "rows" in node.data:
        beside = [key for key in node.data if key != "rows"]
        if beside:
            node.complain(f"'rows' stands alone, without '{beside[0]}'; make a list of two blocks", beside[0])
        return
    if block.source is None:
        node.complain("'source' is missing: name the source its columns come from, or write 'rows'.")
    elif block.source not in sources:
        node.complain(f"no source '{block.source}'{did_you_mean(block.source, sources)}", "source")
    if block.score is not None and block.reported is not None:
        node.complain("'score' and 'reported' in one block; make a list of two blocks", "reported")
    if block.long is not None and block.rows_from is not None:
        node.complain("'long' and 'rows_from' in one block; make a list of two blocks", "rows_from")
    if not {"columns", "score", "reported", "rows_from"} & set(node.data):
        node.complain("nothing is filled: add 'columns', 'score' or 'reported'.")


def _rows(node: RecipeNode) -> tuple[Row, ...]:
    rows = []
    for row in node.items("rows"):
        given = {key: value for key, value in row.data.items() if key != "each"}
        for key, value in given.items():
            if not is_scalar(value):
                row.complain(f"'{key}' must be a single value", key)
        values = {str(key): cast(Scalar, plain(value)) for key, value in given.items() if is_scalar(value)}
        rows += [Row(values=one, line=row.line()) for one in repeated(values, read_each(row))]
    return tuple(rows)


def _rows_from(node: RecipeNode) -> RowsFrom | None:
    below = node.mapping("rows_from")
    if below is None:
        return None
    below.only("count", "over")
    below.needs("count", "over")
    return RowsFrom(count=below.text("count") or "", over=below.text("over") or "", line=below.line())


def _long(node: RecipeNode) -> Long | None:
    below = node.mapping("long")
    if below is None:
        return None
    below.only("over", "values", "each")
    below.needs("over", "values")
    given = plain(below.data.get("values"))
    pairs: list[tuple[object, object]] = []
    if isinstance(given, Mapping):
        pairs = spread(given, read_each(below))
    elif isinstance(given, list):
        pairs = [(value, value) for value in given]
    values = {code_text(key): _token(value) for key, value in pairs}
    if not values or len(values) != len(pairs):
        below.complain("'values' must list each value once, like [1, 2] or {pre: '1'}", "values")
    return Long(over=below.text("over") or "", values=values, line=below.line())


def _token(value: object) -> str:
    return value if isinstance(value, str) else code_text(value)


def _score(node: RecipeNode, gaps: tuple[str, ...]) -> ScoreRule | None:
    below = node.mapping("score")
    if below is None:
        return None
    below.only("scale", "score", "rater", "items", "visit")
    below.needs("scale", "items")
    given = below.data.get("items")
    if isinstance(given, str):
        items = {"": str(given)}
        check_template(below, items[""], "items", (*gaps, "i"))
    else:
        inner = below.mapping("items")
        items = {name: inner.text(name) or "" for name in inner.data} if inner is not None else {}
        for name, template in items.items():
            assert inner is not None
            check_template(inner, template, name, (*gaps, "i"))
    return ScoreRule(
        scale=below.text("scale") or "",
        score=below.text("score"),
        rater=below.text("rater"),
        items=items,
        visit=_visit(below, gaps),
        line=below.line(),
    )


def _reported(node: RecipeNode, gaps: tuple[str, ...]) -> ReportedRule | None:
    below = node.mapping("reported")
    if below is None:
        return None
    below.only("scale", "score", "rater", "from", "calc", "first_of", "do", "visit")
    below.needs("scale")
    line = next((below.line(key) for key in ("from", "calc", "first_of") if key in below.data), below.line())
    value = read_rule(below, "value", gaps, line)
    return ReportedRule(
        scale=below.text("scale") or "",
        score=below.text("score"),
        rater=below.text("rater"),
        value=value or ColumnRule(column="value", kind="nothing"),
        visit=_visit(below, gaps),
        line=below.line(),
    )


def _visit(node: RecipeNode, gaps: tuple[str, ...]) -> ColumnRule | None:
    if "visit" not in node.data:
        if "visit" not in gaps:
            node.complain("the visit is not said: add 'visit: {const: ...}', 'visit: {from: ...}' or 'long' over visit")
        return None
    if "visit" in gaps:
        node.complain("the visit is said twice: here and in 'long'", "visit")
    return read_column(node, "visit", "visit", gaps)
