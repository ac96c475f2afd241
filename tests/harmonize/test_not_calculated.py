"""A formula that no program calculated must never pass as a missing value."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma.harmonize.finding import Finding
from ipdma.harmonize.not_calculated import not_calculated, without_result
from ipdma.harmonize.prepared import prepare
from ipdma.harmonize.raw_table import RawTable
from ipdma.schemas.recipe import Condition, Recipe, Source, StackedTrial

WAITING = "not calculated"


def workbook(reasons: Mapping[str, Mapping[int, str]]) -> RawTable:
    values = {"id": ["1", "2", "3"], "site": ["1", "1", "2"], "kind": ["person", "person", "total"], "y": [10, 20, 30]}
    cells = {name: [pd.NA if at in reasons.get(name, {}) else cell for at, cell in enumerate(column)]
             for name, column in values.items()}  # fmt: skip
    frame = pd.DataFrame(cells, dtype=object)
    return RawTable(file="a.xlsx", reader="excel", sha256="", values=frame, rows=np.array([3, 4, 6]),
                    missing_reasons=reasons)  # fmt: skip


def found(reasons: Mapping[str, Mapping[int, str]], without: tuple[str, ...] = ()) -> list[Finding]:
    source = Source(
        name="main",
        file="a.xlsx",
        reader="excel",
        id=("id",),
        where={"kind": Condition(kind="codes", codes=("person",))},
        line=7,
    )
    stacked = StackedTrial(column="site", codes={"1": "t1", "2": "t2"})
    recipe = Recipe(name="a.yaml", schema="ipd 1.0.0", trial=stacked, sources={"main": source}, blocks=())
    _, findings = prepare(recipe, source, workbook(reasons), ["id", "site", "kind", "y"], without=without)
    return [finding for finding in findings if finding.code == "not_calculated"]


def test_it_is_an_error_with_file_column_rows_line_and_what_to_do() -> None:
    (finding,) = found({"y": {0: WAITING, 1: WAITING}})
    assert (finding.severity, finding.file, finding.rows, finding.count) == ("error", "a.xlsx", (3, 4), 2)
    assert (finding.recipe, finding.line) == ("a.yaml", 7)
    assert "column 'y'" in finding.message
    assert "in 2 rows" in finding.message
    assert "Open the workbook in a spreadsheet program, save it" in finding.message


def test_a_row_that_the_recipe_leaves_out_does_not_matter() -> None:
    assert found({"y": {2: WAITING}}) == []  # the total row
    assert found({"y": {0: WAITING}}, without=("t1",)) == []


def test_a_row_is_not_left_out_because_where_reads_such_a_formula() -> None:
    (finding,) = found({"kind": {1: WAITING}})
    assert finding.rows == (4,)


def test_every_column_is_one_error_and_a_column_nobody_reads_is_none() -> None:
    raw = workbook({"id": {0: WAITING}, "y": {0: WAITING}})
    assert [f.rows for f in not_calculated(raw, ["id", "y"], np.ones(3, dtype=bool))] == [(3,), (3,)]
    assert list(not_calculated(raw, ["site"], np.ones(3, dtype=bool))) == []


def test_letters_of_other_formats_are_no_formulas() -> None:
    assert not without_result(workbook({"y": {0: ".a"}}), "y").any()
