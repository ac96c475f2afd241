"""The tables of a recipe: blocks of rows, columns, scores."""

from collections.abc import Mapping
from typing import cast

from ipdma._yaml import did_you_mean, plain
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import Block, ColumnRule, Long, ReportedRule, Row, Scalar, ScoreRule, Source, Status
from ipdma.schemas.recipe_node import RecipeNode, is_scalar
from ipdma.schemas.recipe_operation import read_operations
from ipdma.schemas.template import has_stray_brace, template_names

_STATUS = ("complete", "partial", "impossible")


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
    node.only("source", "rows", "columns", "long", "where", "score", "reported")
    long = _long(node)
    gaps = (long.over,) if long is not None else ()
    block = Block(
        table=table,
        source=node.text("source"),
        rows=_rows(node),
        columns=_columns(node, gaps),
        long=long,
        where=node.code_lists("where"),
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
    if not {"columns", "score", "reported"} & set(node.data):
        node.complain("nothing is filled: add 'columns', 'score' or 'reported'.")


def _rows(node: RecipeNode) -> tuple[Row, ...]:
    rows = []
    for row in node.items("rows"):
        for key, value in row.data.items():
            if not is_scalar(value):
                row.complain(f"'{key}' must be a single value", key)
        values = {str(key): cast(Scalar, plain(value)) for key, value in row.data.items() if is_scalar(value)}
        rows.append(Row(values=values, line=row.line()))
    return tuple(rows)


def _long(node: RecipeNode) -> Long | None:
    below = node.mapping("long")
    if below is None:
        return None
    below.only("over", "values")
    below.needs("over", "values")
    given = below.data.get("values")
    values: dict[str, str] = {}
    if isinstance(given, Mapping):
        values = {code_text(plain(key)): _token(plain(value)) for key, value in given.items()}
    elif isinstance(given, list):
        values = {code_text(plain(value)): _token(plain(value)) for value in given}
    if not values or (given is not None and len(values) != len(given)):
        below.complain("'values' must list each value once, like [1, 2] or {pre: '1'}", "values")
    return Long(over=below.text("over") or "", values=values, line=below.line())


def _token(value: object) -> str:
    return value if isinstance(value, str) else code_text(value)


def _columns(node: RecipeNode, gaps: tuple[str, ...]) -> tuple[ColumnRule, ...]:
    below = node.mapping("columns")
    if below is None:
        return ()
    rules = [_column(below, str(name), name, gaps) for name in below.data]
    return tuple(rule for rule in rules if rule is not None)


def _column(parent: RecipeNode, column: str, key: str, gaps: tuple[str, ...]) -> ColumnRule | None:
    """Return the rule at a key: a bare name is short for ``{from: name}``."""
    given = parent.data[key]
    line = parent.line(key)
    if isinstance(given, str):
        _check_template(parent, str(given), key, gaps)
        return ColumnRule(column=column, kind="from", value=str(given), line=line)
    node = parent.mapping(key) if isinstance(given, Mapping) else None
    if node is None:
        parent.complain(f"'{key}' needs the name of a raw column, or {{const: ...}}", key)
        return None
    node.only("from", "const", "calc", "do", "status", "why", "unit")
    return _full_column(node, column, gaps, line)


def _full_column(node: RecipeNode, column: str, gaps: tuple[str, ...], line: int) -> ColumnRule | None:
    status = cast(Status, node.choice("status", _STATUS, "complete"))
    why = node.text("why") or ""
    if status != "complete" and not why:
        node.complain(f"status {status} needs a 'why'; it is printed in the availability table", "status")
    origins = [kind for kind in ("from", "const", "calc") if kind in node.data]
    do = read_operations(node)
    unit = node.text("unit") or ""
    if not origins and status == "impossible":
        return ColumnRule(column=column, kind="nothing", status=status, why=why, line=line)
    if len(origins) != 1:
        node.complain("exactly one of 'from', 'const' and 'calc' is needed")
        return None
    kind = origins[0]
    value = node.data[kind] if kind == "const" else node.text(kind)
    if not is_scalar(value):
        node.complain(f"'{kind}' must be a single value", kind)
        return None
    if kind != "const":
        _check_template(node, str(value), kind, gaps)
    simple = cast(Scalar, plain(value))
    return ColumnRule(column=column, kind=kind, value=simple, do=do, status=status, why=why, unit=unit, line=line)  # type: ignore[arg-type]


def _check_template(node: RecipeNode, template: str, key: str, gaps: tuple[str, ...]) -> None:
    if has_stray_brace(template):
        node.complain("a gap is written {name} or {name:02d}", key)
    for name in template_names(template):
        if name not in gaps:
            hint = did_you_mean(name, gaps) if gaps else ". Only a block with 'long' has gaps."
            node.complain(f"nothing fills the gap {{{name}}}{hint}", key)


def _score(node: RecipeNode, gaps: tuple[str, ...]) -> ScoreRule | None:
    below = node.mapping("score")
    if below is None:
        return None
    below.only("scale", "score", "rater", "items", "visit")
    below.needs("scale", "items")
    given = below.data.get("items")
    if isinstance(given, str):
        items = {"": str(given)}
        _check_template(below, items[""], "items", (*gaps, "i"))
    else:
        inner = below.mapping("items")
        items = {name: inner.text(name) or "" for name in inner.data} if inner is not None else {}
        for name, template in items.items():
            assert inner is not None
            _check_template(inner, template, name, (*gaps, "i"))
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
    below.only("scale", "score", "rater", "from", "do", "visit")
    below.needs("scale", "from")
    column = below.text("from") or ""
    _check_template(below, column, "from", gaps)
    value = ColumnRule(
        column="value", kind="from", value=column, do=read_operations(below), line=below.line("from") or below.line()
    )
    return ReportedRule(
        scale=below.text("scale") or "",
        score=below.text("score"),
        rater=below.text("rater"),
        value=value,
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
    return _column(node, "visit", "visit", gaps)
