"""Safe expressions of recipes (``calc``) and analysis files (``include``).

The text is parsed with :mod:`ast`, every node is checked against a short list, and the tree is walked here over columns
with missing values. Nothing is compiled, called or looked up by name outside the given columns.
"""

import ast
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.errors import ExpressionError
from ipdma.harmonize.three_valued import (
    Values,
    arithmetic,
    as_truth,
    both,
    clock_minutes,
    compare,
    constant,
    either,
    from_series,
    if_else,
    is_missing,
    negate,
    to_series,
)

_LONGEST_TEXT = 500
_MOST_NODES = 200
_DEEPEST = 25

_ARITHMETIC: Mapping[type[ast.AST], Callable[..., np.ndarray]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}
_ORDER: Mapping[type[ast.AST], Callable[..., np.ndarray]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}
_EQUALITY: Mapping[type[ast.AST], Callable[..., np.ndarray]] = {ast.Eq: np.equal, ast.NotEq: np.not_equal}
_FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Values]]] = {  # fewest and most arguments
    "minutes": (1, 1, clock_minutes),
    "abs": (1, 1, lambda x: arithmetic(np.abs, x)),
    "min": (2, 10, lambda *xs: reduce(lambda a, b: arithmetic(np.minimum, a, b), xs)),
    "max": (2, 10, lambda *xs: reduce(lambda a, b: arithmetic(np.maximum, a, b), xs)),
    "is_missing": (1, 1, is_missing),
    "if_else": (3, 3, if_else),
}
_OPERATORS: tuple[type[ast.AST], ...] = (
    ast.And,
    ast.Or,
    ast.Not,
    ast.UAdd,
    ast.USub,
    *_ARITHMETIC,
    *_ORDER,
    *_EQUALITY,
)
_NODES: tuple[type[ast.AST], ...] = (
    ast.BoolOp,
    ast.UnaryOp,
    ast.BinOp,
    ast.Compare,
    ast.Call,
    ast.Name,
    ast.Load,
    ast.Constant,
)
# A text, or the name of a column in backticks.
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`([^`]+)`""")
_ALLOWED = (
    "Allowed are column names (in backticks where they hold blanks or signs, like `Visit 1`), numbers, texts in "
    "quotes, + - * / ( ), == != < <= > >=, and, or, not, minutes(), abs(), min(), max(), is_missing(), if_else()."
)


@dataclass(frozen=True)
class Expression:
    """A checked expression; ``names`` are the columns it reads, in order of appearance."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def evaluate(
        self,
        columns: Mapping[str, pd.Series] | pd.DataFrame,
        *,
        decimal: Callable[[str], str] = lambda name: ".",
        clocks: Collection[str] = (),
    ) -> pd.Series:
        """Return the expression's value in every row, as ``Float64``, ``boolean`` or ``string``.

        A missing operand gives a missing result, except where the other operand of ``and`` or ``or`` decides.

        Parameters
        ----------
        columns
            Columns by name, all of one length (a DataFrame will do).
        decimal
            The decimal sign of numbers in a text column, by its name.
        clocks
            Columns of numbers that are clock times in seconds.

        Raises
        ------
        ExpressionError
            If a column is absent, or its values do not suit the operator.
        """
        absent = [name for name in self.names if name not in columns]
        if absent:
            raise ExpressionError(f"'{self.text}': no column '{absent[0]}'{did_you_mean(absent[0], columns)}")
        length = len(columns) if isinstance(columns, pd.DataFrame) else max(map(len, columns.values()), default=0)
        values = {
            name: from_series(columns[name], name, decimal=decimal(name), seconds=name in clocks) for name in self.names
        }
        try:
            return to_series(_value(self.tree, values), length)
        except ExpressionError as error:
            raise ExpressionError(f"'{self.text}': {error}") from None


def parse_expression(text: str) -> Expression:
    """Return ``text`` as a checked expression.

    Raises
    ------
    ExpressionError
        If it is too long, too deep, not an expression, or uses anything outside the short list.

    Examples
    --------
    >>> parse_expression("age_years >= 18 and diagnosis == 'a'").names
    ('age_years', 'diagnosis')
    """
    if len(text) > _LONGEST_TEXT:
        raise ExpressionError(f"an expression of {len(text)} characters; more than {_LONGEST_TEXT} are refused.")
    tree = _parsed(text)
    if sum(1 for _ in ast.walk(tree)) > _MOST_NODES:
        raise ExpressionError(f"'{text}' has too many parts (more than {_MOST_NODES}).")
    try:
        _check(tree, depth=0)
    except ExpressionError as error:
        raise ExpressionError(f"'{text}': {error}") from None
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in called]
    ordered = sorted(names, key=lambda node: (node.lineno, node.col_offset))
    return Expression(text, tree, tuple(dict.fromkeys(node.id for node in ordered)))


def evaluate_filter(text: str, frame: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Return which rows an ``include`` keeps, and in how many it is missing (those are not kept).

    Raises
    ------
    ExpressionError
        If the expression is not allowed, names an absent column, or is neither true nor false.

    Examples
    --------
    >>> mask, missing = evaluate_filter("age >= 18", pd.DataFrame({"age": pd.array([17, 40, None], dtype="Int64")}))
    >>> mask.tolist(), missing
    ([False, True, False], 1)
    """
    answer = parse_expression(text).evaluate(frame)
    if answer.dtype != "boolean":
        raise ExpressionError(f"'{text}' is neither true nor false; compare it with something.")
    return answer.to_numpy(dtype=bool, na_value=False), int(answer.isna().sum())


def _parsed(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own remarks on odd literals; the walk below judges them
            return _named(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"'{text}' is not an expression. {_ALLOWED}") from None


def _named(text: str) -> ast.expr:
    """Return the tree of a text in which columns may stand in backticks, as in R."""
    mark = "column_"
    while mark in text:
        mark += "_"
    names: dict[str, str] = {}

    def stand_in(quoted: re.Match[str]) -> str:
        if quoted[1] is None:
            return quoted[0]
        name = f"{mark}{len(names)}"
        names[name] = quoted[1]
        return name

    tree = ast.parse(_QUOTED.sub(stand_in, text), mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return tree


def _check(node: ast.AST, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise ExpressionError(f"nested deeper than {_DEEPEST}.")
    if isinstance(node, ast.Constant):
        _check_constant(node.value)
    elif isinstance(node, ast.Call):
        _check_call(node)
    elif not isinstance(node, _NODES + _OPERATORS):
        raise ExpressionError(f"{type(node).__name__} is not allowed here. {_ALLOWED}")
    for child in node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
        _check(child, depth=depth + 1)


def _check_constant(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ExpressionError(f"{value!r} is not allowed here; compare with a number or a text in quotes.")
    if isinstance(value, str):
        return
    try:
        finite = bool(np.isfinite(float(value)))
    except OverflowError:
        finite = False
    if not finite:
        raise ExpressionError("a number is too large.")


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS:
        name = node.func.id if isinstance(node.func, ast.Name) else type(node.func).__name__
        raise ExpressionError(f"no function '{name}'{did_you_mean(name, _FUNCTIONS)}")
    fewest, most, _ = _FUNCTIONS[node.func.id]
    if node.keywords or not fewest <= len(node.args) <= most:
        raise ExpressionError(f"{node.func.id}() takes {fewest if fewest == most else f'{fewest} to {most}'} values.")


def _value(node: ast.AST, columns: Mapping[str, Values]) -> Values:
    return _EVALUATE[type(node)](node, columns)


def _call(node: ast.Call, columns: Mapping[str, Values]) -> Values:
    assert isinstance(node.func, ast.Name)  # _check_call saw to it
    return _FUNCTIONS[node.func.id][2](*(_value(argument, columns) for argument in node.args))


def _unary(node: ast.UnaryOp, columns: Mapping[str, Values]) -> Values:
    operand = _value(node.operand, columns)
    if isinstance(node.op, ast.Not):
        return negate(operand)
    return arithmetic(np.negative if isinstance(node.op, ast.USub) else np.positive, operand)


def _binary(node: ast.BinOp, columns: Mapping[str, Values]) -> Values:
    return arithmetic(_ARITHMETIC[type(node.op)], _value(node.left, columns), _value(node.right, columns))


def _logical(node: ast.BoolOp, columns: Mapping[str, Values]) -> Values:
    join = both if isinstance(node.op, ast.And) else either
    return reduce(join, [as_truth(_value(operand, columns)) for operand in node.values])


def _comparison(node: ast.Compare, columns: Mapping[str, Values]) -> Values:
    operands = [_value(operand, columns) for operand in (node.left, *node.comparators)]
    steps = [
        compare((_ORDER | _EQUALITY)[type(op)], left, right, ordered=type(op) in _ORDER)  # type: ignore[operator]
        for op, left, right in zip(node.ops, operands[:-1], operands[1:], strict=True)
    ]
    return reduce(both, steps)


_EVALUATE: Mapping[type[ast.AST], Callable[..., Values]] = {
    ast.Constant: lambda node, columns: constant(node.value if isinstance(node.value, str) else float(node.value)),
    ast.Name: lambda node, columns: columns[node.id],
    ast.Call: _call,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.BoolOp: _logical,
    ast.Compare: _comparison,
}
