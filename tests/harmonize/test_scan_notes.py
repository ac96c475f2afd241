"""Oddities that real files hold, each noted without showing a value."""

from collections.abc import Sequence

import pytest

from ipdma.harmonize.scan_notes import column_notes


def notes(filled: Sequence[object], labels: dict[str, str] | None = None, reasons: dict[int, str] | None = None) -> str:
    return "; ".join(column_notes(filled, labels=labels or {}, declared=(), reasons=reasons or {}))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2*", "3"], "numbers with a mark behind them, as 2*; texts among numbers"),
        (["<5", "7", "8"], "numbers with a sign before them, as <5; texts among numbers"),
        (["1,5", "2,25"], "decimal commas"),
        (["007", "12"], "numbers with leading zeros"),
        (["65 kg", "70kg"], "units within cells"),
        (["#N/A", "5", "6"], "Excel errors; texts among numbers"),
        (["2012-04-03"], "days as text, year first"),
        (["3.4.2012", "04/13/2012"], "days as text, with points; days as text, with slashes: day or month first?"),
        (["9:30", "14:05:00", "9:30 pm"], "times as text"),
        (["yes ", "no"], "blanks around texts"),
        (["Yes", "yes", "YES"], "one word in small and capital letters"),
        (["NA", "a"], "words or signs for missing"),
        (["female", "male"], ""),
        ([1, 2, "3"], ""),
        (["x"] * 10, "the same in all rows"),
        ([f"p{n}" for n in range(10)], "every value once: an id?"),
        (list(range(10)), "every value once: an id?"),
        ([n / 7 for n in range(10)], ""),
        ([f"{n + 110}/80" for n in range(10)], "two numbers in a cell, as 120/80 (step regex_group)"),
        ([f"{n + 1}.4.2012" for n in range(10)], "days as text, with points"),
    ],
)
def test_an_oddity_is_noted(cells: list[object], expected: str) -> None:
    assert notes(cells) == expected


def test_codes_and_labels_that_do_not_match_are_noted() -> None:
    assert notes([0, 1, 2], labels={"0": "no", "1": "yes"}) == "codes without a label"
    assert notes([0, 1], labels={"0": "no", "1": "no"}) == "one label for several codes"


def test_reasons_of_missing_values_are_noted() -> None:
    assert notes([1], reasons={3: ".b", 1: ".a", 2: ".a"}) == "missing by letters: .a, .b"
    assert notes([1], reasons={3: "not calculated"}) == "formulas without a stored result: open in Excel and save"
