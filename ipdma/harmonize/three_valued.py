"""Arrays with missing values and the operators expressions need: missing in, missing out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ipdma.errors import ExpressionError
from ipdma.harmonize.text_values import minutes_from_text, numbers_from_text
from ipdma.schemas.code_text import code_text

Kind = Literal["number", "truth", "text"]


@dataclass(frozen=True, eq=False)
class Values:
    """Data (float64, bool or object of ``str``) and where they are missing; zero-dimensional for a constant.

    ``name`` is the column they come from, for errors; ``decimal`` the decimal sign of its text; ``seconds`` whether its
    numbers are clock times in seconds since midnight, as SPSS counts them.
    """

    data: np.ndarray
    missing: np.ndarray
    name: str = ""
    decimal: str = "."
    seconds: bool = False

    @property
    def kind(self) -> Kind:
        """What the values are."""
        return {"f": "number", "b": "truth"}.get(self.data.dtype.kind, "text")  # type: ignore[return-value]


def constant(value: float | str) -> Values:
    """Return a number or a text as zero-dimensional values."""
    data = np.array(value, dtype=object) if isinstance(value, str) else np.array(value, dtype=np.float64)
    return Values(data, np.array(False))


def from_series(series: pd.Series, name: str, *, decimal: str = ".", seconds: bool = False) -> Values:
    """Return a column as values: numbers and truths as they are, everything else as text."""
    missing = series.isna().to_numpy(dtype=bool)
    if pd.api.types.is_bool_dtype(series.dtype):
        return Values(series.to_numpy(dtype=bool, na_value=False), missing, name)
    if pd.api.types.is_numeric_dtype(series.dtype):
        data = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return Values(data, missing | np.isnan(data), name, seconds=seconds)
    cells = series.astype(object).to_numpy()
    present = cells[~missing]
    if present.size and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in present):
        return Values(np.where(missing, np.nan, cells).astype(np.float64), missing, name)
    text = np.array([_text(cell) for cell in np.where(missing, "", cells)], dtype=object)
    return Values(text, missing, name, decimal)


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else code_text(cell)


def to_series(values: Values, length: int) -> pd.Series:
    """Return values as a nullable column of ``length`` rows."""
    data, missing = np.broadcast_to(values.data, length), np.broadcast_to(values.missing, length)
    if values.kind == "number":
        missing = missing | ~np.isfinite(data)
        return pd.Series(pd.arrays.FloatingArray(np.where(missing, 1.0, data), missing.copy()))
    if values.kind == "truth":
        return pd.Series(pd.arrays.BooleanArray(data.copy(), missing.copy()))
    return pd.Series(data.copy()).mask(missing, pd.NA).astype("string")


def as_number(values: Values) -> Values:
    """Return values as numbers; text must hold a number in every row.

    Raises
    ------
    ExpressionError
        If a text is not a number, or the values are truths.
    """
    if values.kind == "number":
        return values
    if values.kind == "truth":
        raise ExpressionError("a comparison is used as a number.")
    data, bad = numbers_from_text(np.atleast_1d(values.data), np.atleast_1d(values.missing), decimal=values.decimal)
    if bad.any():
        raise ExpressionError(f"{_called(values)} is used as a number but holds other text in {_rows(bad)}.")
    return Values(data.reshape(values.data.shape), values.missing, values.name)


def as_truth(values: Values) -> Values:
    """Return values that are true, false or missing.

    Raises
    ------
    ExpressionError
        If they are numbers or text.
    """
    if values.kind != "truth":
        raise ExpressionError(f"{_called(values)} is used as true or false; compare it with something.")
    return values


def clock_minutes(values: Values) -> Values:
    """Return minutes since midnight of clock times.

    Raises
    ------
    ExpressionError
        If a value is not a clock time.
    """
    if values.seconds:
        return Values(values.data / 60.0, values.missing, values.name)
    if values.kind != "text":
        raise ExpressionError(f"minutes() needs clock times like 08:30; {_called(values)} holds numbers.")
    data, bad = minutes_from_text(np.atleast_1d(values.data), np.atleast_1d(values.missing))
    if bad.any():
        raise ExpressionError(f"{_called(values)} holds something other than a clock time like 08:30 in {_rows(bad)}.")
    return Values(data.reshape(values.data.shape), values.missing, values.name)


def arithmetic(operator: Callable[..., np.ndarray], *operands: Values) -> Values:
    """Return a NumPy function of numbers; what is not finite (division by zero) is missing."""
    numbers = [as_number(operand) for operand in operands]
    missing = _any_missing(numbers)
    with np.errstate(all="ignore"):
        data = np.asarray(operator(*(number.data for number in numbers)), dtype=np.float64)
    return Values(data, missing | ~np.isfinite(data))


def compare(operator: Callable[..., np.ndarray], left: Values, right: Values, *, ordered: bool) -> Values:
    """Return a comparison: of text where one side is a text constant, else of numbers.

    Raises
    ------
    ExpressionError
        If a number is compared with a text that is none, or texts are ordered.
    """
    if "text" in (left.kind, right.kind) and not _wants_number(left, right):
        if ordered:
            raise ExpressionError("text can be compared with == and != only.")
        if left.kind != right.kind:
            number = left if left.kind != "text" else right
            raise ExpressionError(f"{_called(number)} is not text but is compared with text.")
    else:
        left, right = as_number(left), as_number(right)
    with np.errstate(invalid="ignore"):
        data = np.asarray(operator(left.data, right.data), dtype=bool)
    return Values(data, _any_missing([left, right]))


def both(left: Values, right: Values) -> Values:
    """Return left and right; false wins over missing."""
    left, right = as_truth(left), as_truth(right)
    false = (~left.missing & ~left.data) | (~right.missing & ~right.data)
    return Values(~false, (left.missing | right.missing) & ~false)


def negate(values: Values) -> Values:
    """Return not values."""
    return Values(~as_truth(values).data, values.missing)


def either(left: Values, right: Values) -> Values:
    """Return left or right; true wins over missing."""
    return negate(both(negate(left), negate(right)))


def is_missing(values: Values) -> Values:
    """Return where values are missing; never missing itself."""
    return Values(values.missing.copy(), np.zeros_like(values.missing))


def if_else(condition: Values, yes: Values, no: Values) -> Values:
    """Return one of two values, as the condition says; missing where it is missing.

    Raises
    ------
    ExpressionError
        If the condition is no comparison, or the two values are of different kinds.
    """
    condition = as_truth(condition)
    if {yes.kind, no.kind} == {"number", "text"}:  # a column of text beside a number has to hold numbers
        yes, no = (as_number(side) if side.kind == "text" and side.data.ndim else side for side in (yes, no))
    if yes.kind != no.kind:
        raise ExpressionError("if_else() needs two numbers or two texts; write numbers in quotes to get texts.")
    data = np.where(condition.data, yes.data, no.data)
    return Values(data, condition.missing | np.where(condition.data, yes.missing, no.missing))


def _any_missing(operands: list[Values]) -> np.ndarray:
    missing = operands[0].missing
    for operand in operands[1:]:
        missing = missing | operand.missing
    return missing


def _wants_number(left: Values, right: Values) -> bool:
    """Whether one side is a column of text and the other a number: the text has to hold numbers then."""
    kinds = {left.kind: left, right.kind: right}
    return set(kinds) == {"number", "text"} and bool(kinds["text"].data.ndim)


def _called(values: Values) -> str:
    return f"column '{values.name}'" if values.name else "a value"


def _rows(bad: np.ndarray) -> str:
    return f"{int(bad.sum())} of {bad.size} rows"
