"""Corrections: applied where the old value stands, refused else, counted, and never in the recipe."""

from pathlib import Path
from typing import Any

import pytest

from ipdma.harmonize.cache import Cache

RECIPE = """\
sources:
  main: {file: a.csv, reader: csv, id: id, where: {week: 0}, options: {decimal: ","}}
  rows: {file: a.csv, reader: csv, id: id, options: {decimal: ","}}
missing: {codes: [{code: 99, reason: refused, columns: "*"}]}
tables:
  arms: {rows: [{arm: a, treatment: drug}, {arm: b, treatment: placebo}]}
  visits: {rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]}
  participants: {source: main, columns: {arm: grp, age_years: {from: age, do: [number]}}}
  assessments:
    source: rows
    reported: {scale: example_scale, from: y, visit: {from: week, do: [{map: {0: pre, 4: post}}]}, do: [number]}
"""
TEXT = "id,grp,week,age,y\n01,a,0,290,9\n01,a,4,290,8\n02,b,0,40,7\n02,b,4,40,\n"


def corrections(*lines: str) -> str:
    return "corrections: 1\nchanges:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


AGE = "source: main, id: '01', where: {week: 0}, column: age, old: 290, new: 29, why: typing error, query: Q-07"


def files(*lines: str) -> dict[str, str]:
    return {"a.csv": TEXT, "corrections/t1.yaml": corrections(*lines)}


def test_the_new_value_takes_the_place_of_the_old_one_before_everything_else(small: Any) -> None:
    lost = "source: rows, id: '02', where: {week: 4}, column: y, old: null, new: 99, why: the form says refused"
    half = "source: rows, row: 3, column: y, old: 8, new: 8.5, why: half a point"
    consortium = small.consortium(RECIPE, files(AGE, lost, half))
    assert small.cells(consortium.tables["participants"], "age_years") == [[29.0], [40.0]]
    assert small.cells(consortium.tables["assessments"], "value") == [[9.0], [8.5], [7.0]]
    assert ["value", "refused"] in small.cells(consortium.missing, "column", "reason")


def test_it_is_counted_by_variable_and_told_by_cell_without_values(small: Any) -> None:
    consortium = small.consortium(RECIPE, files(AGE))
    status = consortium.status[consortium.status["column"] == "age_years"]
    assert small.cells(status, "trial", "filled", "missing", "corrected") == [["t1", 2, 0, 1]]
    assert small.cells(consortium.events, "table", "row", "column", "event", "detail") == [
        ["participants", 1, "age_years", "corrected", "corrections/t1.yaml line 3"],
        [None, None, None, "corrected_raw", "corrections/t1.yaml line 3"],
    ]
    assert consortium.issues.empty


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (AGE.replace("290", "291"), "the old value does not stand in row 2 any more"),
        (AGE.replace("'01'", "'1'"), "it names no row"),
        (AGE.replace("where: {week: 0}, ", ""), "it names 2 rows"),
        (AGE.replace("main", "man"), "no source 'man', did you mean 'main'?"),
        (AGE.replace("column: age", "column: ages"), "no column 'ages'"),
        (AGE.replace("why: typing error, ", ""), "'why' is missing"),
        (AGE.replace("id: '01', ", ""), "one of 'id' and 'row' is needed"),
        (AGE.replace("old: 290, ", ""), "'old' is missing"),
    ],
)
def test_what_does_not_fit_is_an_error_with_its_line_and_no_value(small: Any, line: str, message: str) -> None:
    (found,) = small.errors(RECIPE, files(line))
    assert message in found.sentence()
    assert (found.recipe, found.line, found.trial) == ("corrections/t1.yaml", 3, "t1")
    assert "290" not in found.sentence()
    assert "29," not in found.sentence()


def test_corrections_of_a_trial_that_no_recipe_fills_are_an_error(small: Any) -> None:
    (found,) = small.errors(RECIPE, {"a.csv": TEXT, "corrections/t2.yaml": corrections(AGE)})
    assert (found.code, found.recipe) == ("correction_unused", "corrections/t2.yaml")


def test_a_file_or_recipe_that_cannot_be_read_is_the_one_error_told(small: Any) -> None:
    unread = {"b.csv": TEXT, "corrections/t1.yaml": corrections(AGE)}
    assert {found.code for found in small.errors(RECIPE, unread)} == {"unreadable"}
    broken = RECIPE.replace("tables:", "tabels:")
    assert {found.code for found in small.errors(broken, files(AGE))} == {"recipe"}


def test_a_correction_of_a_stacked_file_is_for_its_own_trial_only(small: Any) -> None:
    recipe = "recipe: 1\nschema: ipd 1.0.0\ntrial: {from: site, map: {1: s1, 2: s2}}\n" + RECIPE
    text = "id,grp,week,age,y,site\n01,a,0,30,9,1\n01,b,0,30,9,2\n"
    change = AGE.replace("290", "30")
    consortium = small.consortium(recipe, {"a.csv": text, "corrections/s2.yaml": corrections(change)})
    people = small.cells(consortium.tables["participants"], "trial", "age_years")
    assert people == [["s1", 30.0], ["s2", 29.0]]


def test_a_new_correction_is_seen_by_a_run_that_reads_back(small: Any, tmp_path: Path) -> None:
    first = Cache(tmp_path / "cache")
    small.write(RECIPE, files(AGE))
    small.consortium(cache=first)
    first.save()
    said: list[str] = []
    again = small.consortium(cache=Cache(tmp_path / "cache"), progress=said.append)
    assert said == ["reading back t1.yaml"]
    assert small.cells(again.tables["participants"], "age_years") == [[29.0], [40.0]]
    assert len(again.events) == 2
    small.write(RECIPE, files(AGE.replace("new: 29", "new: 28")))
    changed = small.consortium(cache=Cache(tmp_path / "cache"))
    assert small.cells(changed.tables["participants"], "age_years") == [[28.0], [40.0]]
