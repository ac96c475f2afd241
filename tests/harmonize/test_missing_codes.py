import numpy as np
import pandas as pd

from ipdma.harmonize.missing_codes import decode, unlisted_codes
from ipdma.harmonize.raw_table import RawTable
from ipdma.schemas.recipe import MissingCode, Recipe, Source


def table(values: dict[str, pd.Series], **more: object) -> RawTable:
    frame = pd.DataFrame(values)
    rows = np.arange(2, len(frame) + 2)
    return RawTable(file="a.csv", reader="csv", sha256="", values=frame, rows=rows, **more)  # type: ignore[arg-type]


def recipe(*codes: tuple[str, str, str], all_missing: bool = False, source: str | None = None) -> Recipe:
    return Recipe(
        name="a.yaml",
        schema="ipd 1.0.0",
        trial="a",
        sources={"main": Source(name="main", file="a.csv", reader="csv")},
        blocks=(),
        missing_codes=tuple(
            MissingCode(code=code, reason=reason, columns=(pattern,), source=source) for code, reason, pattern in codes
        ),
        declared_missing="all_missing" if all_missing else "must_be_listed",
    )


def numbers(*values: float | None) -> pd.Series:
    return pd.Series(pd.array(values, dtype="Float64"))


def text(*values: str | None) -> pd.Series:
    return pd.Series(pd.array(values, dtype="string"))


def test_a_code_becomes_missing_in_the_columns_of_its_pattern_only() -> None:
    raw = table({"ls1": text("1", "9", None), "age": text("9", "90", None)})
    decoded = decode(raw, ["ls1", "age"], recipe(("9", "not_answered", "ls*")), "main")
    assert decoded.values["ls1"].isna().tolist() == [False, True, True]
    assert decoded.values["age"].tolist()[:2] == ["9", "90"]
    assert {name: reasons.tolist() for name, reasons in decoded.reasons.items()} == {
        "ls1": [None, "not_answered", None]
    }


def test_a_code_is_the_number_and_the_text() -> None:
    for values in (numbers(1.0, 9.0), text("1", "9.0"), pd.Series([1, 9], dtype=object)):
        decoded = decode(table({"x": values}), ["x"], recipe(("9", "refused", "x")), "main")
        assert decoded.values["x"].isna().tolist() == [False, True]


def test_a_pattern_tells_large_from_small_letters() -> None:
    decoded = decode(table({"LS1": text("9")}), ["LS1"], recipe(("9", "refused", "ls*")), "main")
    assert decoded.reasons == {}


def test_a_code_of_another_source_is_left_alone() -> None:
    decoded = decode(table({"x": text("9")}), ["x"], recipe(("9", "refused", "x"), source="other"), "main")
    assert decoded.values["x"].tolist() == ["9"]


def test_cells_of_blanks_are_missing_without_a_reason() -> None:
    decoded = decode(table({"x": text("  ", "a ")}), ["x"], recipe(), "main")
    assert decoded.values["x"].isna().tolist() == [True, False]
    assert decoded.reasons == {}


def test_letters_of_stata_keep_their_reason() -> None:
    raw = table({"x": numbers(1.0, None, None)}, missing_reasons={"x": {1: ".a", 2: ".b"}})
    decoded = decode(raw, ["x"], recipe((".a", "refused", "x")), "main")
    assert decoded.reasons["x"].tolist() == [None, "refused", "declared_missing .b"]


def test_declared_ranges_are_unlisted_until_every_code_in_them_is() -> None:
    raw = table({"x": numbers(1.0, 8.0, 9.0)}, missing_codes={"x": ((8.0, 10.0),)})
    assert unlisted_codes(raw, "x", recipe(), "main").tolist() == [False, True, True]
    assert unlisted_codes(raw, "x", recipe(("8", "refused", "x")), "main").tolist() == [False, False, True]


def test_all_declared_codes_may_be_taken_as_missing() -> None:
    raw = table({"x": numbers(1.0, 8.0, 9.0)}, missing_codes={"x": ((8.0, 9.0),)})
    decoded = decode(raw, ["x"], recipe(("8", "refused", "x"), all_missing=True), "main")
    assert decoded.values["x"].isna().tolist() == [False, True, True]
    assert decoded.reasons["x"].tolist() == [None, "refused", "declared_missing"]
