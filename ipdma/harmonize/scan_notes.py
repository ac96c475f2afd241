"""What looks odd in a column of a raw file, said without any value of a person."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ipdma.schemas.code_text import code_text

_DATE_FORMATS = re.compile(r"(A|E|S|J)?DATE|DATETIME|%t|%d|QYR|MOYR|WKYR", re.IGNORECASE)
TWO_NUMBERS = "two numbers in a cell, as 120/80 (step regex_group)"
_MEASURED = (TWO_NUMBERS, "decimal commas", "days as text", "times as text")  # what no id looks like
# Patterns of texts, each with what it means for a recipe. The first that fits a text is its kind.
_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"#(N/A|NAME\?|DIV/0!|REF!|VALUE!|NUM!|NULL!)"), "Excel errors"),
    (re.compile(r"[-+]?\d+([.,]\d+)?\s*[*?!†‡]+"), "numbers with a mark behind them, as 2*"),
    (re.compile(r"[<>≤≥~]=?\s*\d+([.,]\d+)?"), "numbers with a sign before them, as <5"),
    (re.compile(r"[-+]?\d+,\d+"), "decimal commas"),
    (re.compile(r"0\d+"), "numbers with leading zeros"),
    (re.compile(r"[-+]?\d+([.,]\d+)?\s*[A-Za-zµ%][A-Za-z/%0-9]*"), "units within cells"),
    (re.compile(r"\d+(\.\d+)?\s*/\s*\d+(\.\d+)?"), TWO_NUMBERS),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?"), "days as text, year first"),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}([ T].*)?"), "days as text, with points"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}([ T].*)?"), "days as text, with slashes: day or month first?"),
    (re.compile(r"\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?"), "times as text"),
    (re.compile(r"\d+(\.\d+)?\s+\S.*"), "remarks behind numbers (step regex_group)"),
)
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_WORDS_FOR_MISSING = {"na", "n/a", "nan", "null", "none", "missing", "nd", "n.d.", "?", "-", ".", "unknown"}


def date_format(form: str) -> bool:
    """Return whether a display format of SPSS or Stata stands for dates."""
    return bool(_DATE_FORMATS.match(form))


def column_notes(
    filled: Sequence[Any],
    *,
    labels: Mapping[str, str],
    declared: Sequence[tuple[float | str, float | str]],
    reasons: Mapping[int, str],
) -> list[str]:
    """Return what a recipe must deal with in a column.

    Parameters
    ----------
    filled
        The cells that hold something.
    labels
        Labels by code.
    declared, reasons
        Declared missing codes, and why cells are missing by row, as in the raw table.
    """
    texts = [value for value in filled if isinstance(value, str)]
    notes = _missing_notes(declared, reasons)
    told = _text_notes(texts)
    notes += told
    notes += _label_notes({code_text(value) for value in filled}, labels, declared)
    measured = len(texts) < len(filled) or any(note.startswith(_MEASURED) for note in told)
    return notes + _id_notes([code_text(value) for value in filled], measured=measured)


def _id_notes(codes: Sequence[str], *, measured: bool) -> list[str]:
    if len(codes) < 10:
        return []
    if len(set(codes)) == 1:
        return ["the same in all rows"]
    whole = all(code.removeprefix("-").isdigit() for code in codes)
    return ["every value once: an id?"] if len(set(codes)) == len(codes) and (whole or not measured) else []


def _missing_notes(declared: Sequence[tuple[float | str, float | str]], reasons: Mapping[int, str]) -> list[str]:
    notes = []
    if declared:
        spans = [code_text(low) if low == high else _span(low, high) for low, high in declared]
        notes.append(f"declared missing: {', '.join(spans)}")
    letters = sorted({reason for reason in reasons.values() if reason.startswith(".")})
    if letters:
        notes.append(f"missing by letters: {', '.join(letters)}")
    if set(reasons.values()) - set(letters):
        notes.append("formulas without a stored result: open in Excel and save")
    return notes


def _span(low: float | str, high: float | str) -> str:
    lowest = "lowest" if isinstance(low, float) and low < -1e300 else code_text(low)
    highest = "highest" if isinstance(high, float) and high > 1e300 else code_text(high)
    return f"{lowest} to {highest}"


def _text_notes(texts: Sequence[str]) -> list[str]:
    bare = [text.strip() for text in texts]
    kinds = [next((words for pattern, words in _TEXTS if pattern.fullmatch(text)), "") for text in bare]
    notes = list(dict.fromkeys(kind for kind in kinds if kind))
    if any(text != stripped for text, stripped in zip(texts, bare, strict=True)):
        notes.append("blanks around texts")
    if any(text.casefold() in _WORDS_FOR_MISSING for text in bare):
        notes.append("words or signs for missing")
    plain = sum(bool(_PLAIN.fullmatch(text)) for text in bare)
    if 2 * plain > len(bare) > plain:
        notes.append("texts among numbers")
    if len({text.casefold() for text in bare}) < len(set(bare)):
        notes.append("one word in small and capital letters")
    return notes


def _label_notes(
    codes: set[str], labels: Mapping[str, str], declared: Sequence[tuple[float | str, float | str]]
) -> list[str]:
    if not labels:
        return []
    notes = []
    single = {code_text(low) for low, high in declared if low == high}
    if codes - set(labels) - single:
        notes.append("codes without a label")
    if len(set(labels.values())) < len(labels):
        notes.append("one label for several codes")
    return notes
