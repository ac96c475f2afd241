"""Where a recipe takes one column of a common table from."""

from collections.abc import Mapping
from typing import cast

from ipdma._yaml import did_you_mean, plain
from ipdma.errors import QuantityError
from ipdma.schemas.code_text import code_text
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import ColumnRule, Scalar, Since, Status, UnitColumn
from ipdma.schemas.recipe_node import RecipeNode, is_scalar, scalar
from ipdma.schemas.recipe_operation import read_operations
from ipdma.schemas.template import has_stray_brace, template_names

ORIGINS = ("from", "const", "calc", "first_of", "paste")
_STATUS = ("complete", "partial", "impossible")


def read_columns(node: RecipeNode, gaps: tuple[str, ...]) -> tuple[ColumnRule, ...]:
    """Return the rules below ``columns``; ``gaps`` are the names that templates may use."""
    below = node.mapping("columns")
    if below is None:
        return ()
    rules = [read_column(below, str(name), name, gaps) for name in below.data]
    return tuple(rule for rule in rules if rule is not None)


def read_column(parent: RecipeNode, column: str, key: str, gaps: tuple[str, ...]) -> ColumnRule | None:
    """Return the rule at a key: a bare name is short for ``{from: name}``."""
    given = parent.data[key]
    line = parent.line(key)
    if isinstance(given, str):
        check_template(parent, str(given), key, gaps)
        return ColumnRule(column=column, kind="from", value=str(given), line=line)
    node = parent.mapping(key) if isinstance(given, Mapping) else None
    if node is None:
        parent.complain(f"'{key}' needs the name of a raw column, or {{const: ...}}", key)
        return None
    node.only(*ORIGINS, "do", "status", "why", "unit")
    return read_rule(node, column, gaps, line)


def read_rule(node: RecipeNode, column: str, gaps: tuple[str, ...], line: int) -> ColumnRule | None:
    """Return the rule that a mapping with one of ``from``, ``const``, ``calc``, ``first_of``, ``paste`` holds."""
    status = cast(Status, node.choice("status", _STATUS, "complete"))
    why = node.text("why") or ""
    if status != "complete" and not why:
        node.complain(f"status {status} needs a 'why'; it is printed in the availability table", "status")
    given = [kind for kind in ORIGINS if kind in node.data]
    do = read_operations(node)
    unit = _unit(node, gaps)
    for step in do:
        if isinstance(step.argument, Since):
            check_template(node, step.argument.since, "do", gaps)
    if not given and status == "impossible":
        return ColumnRule(column=column, kind="nothing", status=status, why=why, line=line)
    if given and status == "impossible":
        node.complain(f"status impossible says that there is nothing to fill from: take '{given[0]}' out", given[0])
        return None
    if len(given) != 1:
        node.complain(f"exactly one of {', '.join(ORIGINS)} is needed")
        return None
    kind = given[0]
    value, columns = _value(node, kind, gaps)
    return ColumnRule(column=column, kind=kind, value=value, columns=columns,  # type: ignore[arg-type]
                      do=do, status=status, why=why, unit=unit, line=line)  # fmt: skip


def _value(node: RecipeNode, kind: str, gaps: tuple[str, ...]) -> tuple[Scalar, tuple[str, ...]]:
    if kind in ("first_of", "paste"):
        columns = node.names(kind)
        if len(columns) < 2:
            node.complain(f"'{kind}' needs two raw columns at least, like [a, b]", kind)
        for column in columns:
            check_template(node, column, kind, gaps)
        return None, columns
    value = node.data[kind] if kind == "const" else node.text(kind)
    if not is_scalar(value):
        node.complain(f"'{kind}' must be a single value", kind)
        return None, ()
    if kind != "const":
        check_template(node, str(value), kind, gaps)
    return cast(Scalar, plain(value)), ()


def _unit(node: RecipeNode, gaps: tuple[str, ...]) -> str | UnitColumn:
    if not isinstance(node.data.get("unit"), Mapping):
        return node.text("unit") or ""
    below = cast(RecipeNode, node.mapping("unit"))
    below.only("from", "map")
    below.needs("from", "map")
    column = below.text("from") or ""
    check_template(below, column, "from", gaps)
    given = plain(below.data.get("map"))
    units = {code_text(code): str(scalar(unit)) for code, unit in given.items()} if isinstance(given, dict) else {}
    first = next(iter(units.values()), "")
    for unit in units.values():
        try:
            Quantity.parse(f"1 {unit}").to(first)
        except QuantityError as error:
            below.complain(str(error), "map")
    if not units:
        below.complain("'map' needs each code of the unit's column and its UCUM unit, like {mg: mg, gram: g}", "map")
    return UnitColumn(column=column, units=units)


def check_template(node: RecipeNode, template: str, key: str, gaps: tuple[str, ...]) -> None:
    """Note gaps of a column's name that nothing fills."""
    if has_stray_brace(template):
        node.complain("a gap is written {name} or {name:02d}", key)
    for name in template_names(template):
        if name not in gaps:
            hint = did_you_mean(name, gaps) if gaps else ". Only a block with 'long' has gaps."
            node.complain(f"nothing fills the gap {{{name}}}{hint}", key)
