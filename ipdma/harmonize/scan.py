"""A codebook of any raw file: what its columns hold and what looks odd, without anything that tells of one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.scan_notes import column_notes, date_format
from ipdma.schemas.code_text import code_text

SMALLEST_CELL = 5  # people; fewer could be recognized
_MOST_CODES = 12  # different values of a column that are listed; a column with value labels may have more
_MOST_LABELED = 40
_HIDDEN = f"<{SMALLEST_CELL}"


@dataclass(frozen=True, kw_only=True, eq=False)
class RawColumn:
    """One column of a raw table and all that the file says of it."""

    name: str
    cells: pd.Series
    label: str = ""
    value_labels: Mapping[str, str] = field(default_factory=dict)
    declared: tuple[tuple[float | str, float | str], ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    format: str = ""

    @property
    def filled(self) -> list[Any]:
        """The cells that hold something, as Python values."""
        return [value for value in self.cells.array if value is not pd.NA]


def scan(raw: RawTable) -> pd.DataFrame:
    """Return the codebook of a raw table, one row a column of the file.

    Returns
    -------
    DataFrame
        Texts: ``column``, ``label``, ``type`` (text, number, number as text, date, mixed ...), ``missing`` (how many
        cells are empty), ``codes`` (a column of few values: each with its label and how often it occurs), ``low`` and
        ``high`` (the fifth lowest and fifth highest number), ``notes`` (what a recipe must deal with). Counts from 1
        to 4 are shown as ``<5``, and values that so few people have are not shown unless they are codes.

    Examples
    --------
    >>> values = pd.DataFrame({"arm": pd.array(["a"] * 6 + ["b"] * 7, dtype="string")})
    >>> scan(RawTable(file="x.csv", reader="csv", sha256="", values=values, rows=np.arange(2, 15)))["codes"][0]
    'a (6); b (7)'
    """
    rows = [_row(column_of(raw, str(name))) for name in raw.values.columns]
    columns = ("column", "label", "type", "missing", "codes", "low", "high", "notes")
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype="string") for name in columns})


def column_of(raw: RawTable, name: str) -> RawColumn:
    """Return one column with what the file says of it."""
    return RawColumn(
        name=name,
        cells=raw.values[name],
        label=raw.labels.get(name, ""),
        value_labels={code_text(code): label for code, label in raw.value_labels.get(name, {}).items()},
        declared=raw.missing_codes.get(name, ()),
        reasons=raw.missing_reasons.get(name, {}),
        format=raw.formats.get(name, ""),
    )


def _row(column: RawColumn) -> dict[str, str]:
    filled = column.filled
    kind = _kind(filled, column.format)
    codes, missing = _codes(column, filled, len(column.cells) - len(filled))
    low, high = ("", "") if codes else _span(column, filled, kind)
    notes = column_notes(filled, labels=column.value_labels, declared=column.declared, reasons=column.reasons)
    if column.name.startswith("column_") and column.name.removeprefix("column_").isdigit():
        notes = ["no name in the header row", *notes]
    return {
        "column": column.name,
        "label": column.label,
        "type": kind,
        "missing": missing,
        "codes": codes,
        "low": low,
        "high": high,
        "notes": "; ".join(notes),
    }


def _kind(filled: Sequence[Any], form: str) -> str:
    if not filled:
        return "empty"
    if date_format(form):
        return f"date as number ({form})"
    kinds = {_cell_kind(value) for value in filled}
    if len(kinds) > 1:
        return f"mixed: {', '.join(sorted(kinds))}"
    (kind,) = kinds
    return "number as text" if kind == "text" and all(_number(value) is not None for value in filled) else kind


def _cell_kind(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "truth value"
    if isinstance(value, int | float | np.number):
        return "number"
    return "text" if isinstance(value, str) else type(value).__name__


def _number(value: Any) -> float | None:
    """Return a cell as number: also text with a decimal point, and nothing else."""
    if isinstance(value, bool | np.bool_):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


def shown_counts(counts: Sequence[int]) -> list[str]:
    """Return counts of a column's cells as they may be shown.

    A count from 1 to 4 becomes ``<5``. Were it the only one, the others and the number of rows would tell it: then
    the next smallest is hidden with it.
    """
    shown = [_HIDDEN if 0 < count < SMALLEST_CELL else str(count) for count in counts]
    if shown.count(_HIDDEN) == 1:
        others = [(count, place) for place, count in enumerate(counts) if count >= SMALLEST_CELL]
        if others:
            shown[min(others)[1]] = "hidden"
    return shown


def _codes(column: RawColumn, filled: Sequence[Any], missing: int) -> tuple[str, str]:
    """Return the list of codes (empty for a column of many values), and how many cells are missing."""
    counts = pd.Series([code_text(value) for value in filled], dtype="object").value_counts(sort=False)
    if not _has_codes(counts, column):
        return "", shown_counts([missing, len(filled)])[0]
    counts = counts.loc[sorted(counts.index, key=_order)]
    rare_text = [
        code for code, count in counts.items() if count < SMALLEST_CELL and not _may_be_shown(str(code), column)
    ]
    listed = [str(code) for code in counts.index if code not in rare_text]
    numbers = shown_counts([missing, *(int(counts[code]) for code in listed), *([1] if rare_text else [])])
    parts = [f"{_labeled(code, column)} ({number})" for code, number in zip(listed, numbers[1:], strict=False)]
    if rare_text:
        parts.append(f"other texts, each {_HIDDEN}")
    return "; ".join(parts), numbers[0]


def _has_codes(counts: pd.Series, column: RawColumn) -> bool:
    if column.value_labels:
        return 0 < len(counts) <= _MOST_LABELED
    large = counts[counts >= SMALLEST_CELL]
    return (
        0 < len(counts) <= _MOST_CODES and 2 * int(large.sum()) >= int(counts.sum()) and 2 * len(large) >= len(counts)
    )


def _may_be_shown(code: str, column: RawColumn) -> bool:
    """A rare value is shown if it is a number or has a label: then it is a code, not something a person wrote."""
    return code in column.value_labels or _number(code) is not None


def _order(code: object) -> tuple[int, float, str]:
    number = _number(code)
    return (0, number, "") if number is not None else (1, 0.0, str(code))


def _labeled(code: str, column: RawColumn) -> str:
    label = column.value_labels.get(code)
    return f"{code} = {label}" if label else code


def _span(column: RawColumn, filled: Sequence[Any], kind: str) -> tuple[str, str]:
    """Return the fifth lowest and fifth highest number, declared missing codes apart."""
    if kind not in ("number", "number as text"):
        return "", ""
    numbers = sorted(number for value in filled if (number := _number(value)) is not None)
    for low, high in column.declared:
        numbers = [number for number in numbers if isinstance(low, str) or not low <= number <= high]  # type: ignore[operator]
    if len(numbers) < 2 * SMALLEST_CELL:
        return "", ""
    return f"{numbers[SMALLEST_CELL - 1]:.6g}", f"{numbers[-SMALLEST_CELL]:.6g}"
