"""What the steps of a column need beside their names, read and checked."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ipdma._yaml import plain
from ipdma.errors import QuantityError
from ipdma.schemas.code_text import code_text
from ipdma.schemas.each import read_each, spread
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.recipe import Since
from ipdma.schemas.recipe_node import RecipeNode, is_scalar, scalar
from ipdma.schemas.safe_pattern import pattern_problem

# What a format of days is made of; a time zone is no day of a trial.
_FORMAT = re.compile(r"(?:[^%]|%[dmYybBHMSfIpjaA%])*")


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


def _format(node: RecipeNode, name: str, given: Any) -> str | tuple[str, ...]:
    """Return a format, or several as a tuple."""
    several = isinstance(given, list) and len(given) > 0
    formats = list(given) if several else [given]
    if all(isinstance(form, str) and "%" in form for form in formats):
        wrong = [str(form) for form in formats if not _FORMAT.fullmatch(str(form))]
        if wrong:
            node.complain(
                f"'{wrong[0]}' is no format of days: take %d %m %Y %y %b %B %H %M %S and what is between", name
            )
            return ""
        return tuple(map(str, formats)) if several else str(given)
    if given == "from_file":
        return "from_file"
    node.complain(
        "'date' needs the format the file writes days in, like {date: '%d/%m/%Y'}, or from_file for SPSS, Stata and "
        "Excel dates; it is never guessed, because 03/04 reads as two different days",
        name,
    )
    return ""


def _codes(node: RecipeNode, name: str, given: Any) -> object:
    if not isinstance(given, Mapping) or not given:
        node.complain(f"'{name}' needs each code and what it becomes, like {{{name}: {{1: a, 2: b}}}}", name)
        return {}
    each = read_each(node)
    if each is None:
        return node.scalars(name)
    found = {code_text(code): value for code, value in spread(plain(given), each)}
    if not all(is_scalar(value) for value in found.values()):
        node.complain(f"each code of '{name}' needs a single value", name)
    return found


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


def _pattern(node: RecipeNode, name: str, given: Any) -> str:
    problem = pattern_problem(given) if isinstance(given, str) else "it must be a text"
    if problem:
        node.complain(f"'regex_group' needs a pattern like '(\\d+)/\\d+', in quotes: {problem}", name)
        return ""
    return str(given)


def _span(node: RecipeNode, name: str, given: Any) -> tuple[float, float]:
    ends = plain(given) if isinstance(given, Mapping) and set(given) == {"min", "max"} else {}
    numbers = [float(end) for end in ends.values() if isinstance(end, int | float) and not isinstance(end, bool)]
    if len(numbers) == 2 and ends["min"] < ends["max"]:
        return float(ends["min"]), float(ends["max"])
    node.complain("'reverse' needs the lowest and highest possible value, like {reverse: {min: 0, max: 4}}", name)
    return (0.0, 0.0)


def _since(node: RecipeNode, name: str, given: Any) -> Since:
    below = node.mapping(name) if isinstance(given, Mapping) else None
    if below is None:
        node.complain(f"'{name}' needs {{since: COLUMN, date: FORMAT}}, the day from which it is counted", name)
        return Since(since="", date_format="")
    below.only("since", "date")
    below.needs("since", "date")
    return Since(since=below.text("since") or "", date_format=_format(below, "date", below.data.get("date")))


def _unit_of(node: RecipeNode, name: str, given: Any) -> str:
    try:
        Quantity.parse(f"1 {given}" if isinstance(given, str) and given else "")
    except QuantityError as error:
        node.complain(f"'quantity' needs the unit that is wanted, like {{quantity: mg}}: {error}", name)
    return str(given)


def _filler(node: RecipeNode, name: str, given: Any) -> object:
    if given is None or not is_scalar(given):
        node.complain("'blank' needs what an empty cell stands for, like {blank: 'no'}", name)
        return ""
    return scalar(given)


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
    "regex_group": _pattern,
    "reverse": _span,
    "study_day": _since,
    "years_since": _since,
    "quantity": _unit_of,
    "blank": _filler,
}
