"""Steps on rows that come from several raw columns, and after a map that makes a code missing."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

from ipdma.errors import HarmonizationError

RECIPE = """\
sources:
  main: {file: @file, reader: @reader, id: id}
tables:
  arms: {rows: [{arm: a, treatment: drug}, {arm: b, treatment: placebo}]}
  visits: {rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]}
  participants:
    source: main
    columns:
      arm: @arm
@more
"""


def recipe(arm: str, *more: str, file: str = "a.csv", reader: str = "csv") -> str:
    lines = "".join(f"      {line}\n" for line in more)
    return RECIPE.replace("@file", file).replace("@reader", reader).replace("@arm", arm).replace("@more\n", lines)


def people(small: Any, *columns: str) -> list[list[object]]:
    cells: list[list[object]] = small.cells(small.consortium().tables["participants"], *columns)
    return cells


def test_each_of_several_columns_is_read_by_its_own_value_labels(small: Any, tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1.0, 2, 3, 4], "ga": [1.0, 2, None, None], "gb": [None, None, 1.0, 2.0]})
    small.write(
        recipe("{first_of: [ga, gb], do: [{map_label: {Placebo: b, Drug: a}}]}", file="f.sav", reader="spss"), {}
    )
    labels = {"ga": {1: "Placebo", 2: "Drug"}, "gb": {1: "Drug", 2: "Placebo"}}
    pyreadstat.write_sav(frame, str(small.inputs.raw / "f.sav"), variable_value_labels=labels)
    assert people(small, "participant_id", "arm") == [["1", "b"], ["2", "a"], ["3", "a"], ["4", "b"]]


def test_days_of_an_excel_column_that_also_holds_texts_and_empty_cells(small: Any) -> None:
    small.write(
        recipe("{from: g}", "randomized_on: {from: day, do: [{date: '%d.%m.%Y'}]}", file="f.xlsx", reader="excel"), {}
    )
    book = Workbook()
    for row in (["id", "g", "day"], ["1", "a", pd.Timestamp("2012-04-03").to_pydatetime()], ["2", "b", "04.05.2012"],
                ["3", "a", None]):  # fmt: skip
        book.active.append(row)  # type: ignore[union-attr]
    book.save(small.inputs.raw / "f.xlsx")
    assert people(small, "randomized_on") == [["2012-04-03"], ["2012-05-04"], [None]]


def test_ids_of_excel_that_are_texts_stay_apart_and_truths_are_spelled_like_codes(small: Any) -> None:
    calc = "antidepressant_baseline: {calc: \"if_else(flag == 'true', 'yes', 'no')\"}"
    small.write(recipe("{from: g}", calc, file="f.xlsx", reader="excel"), {})
    book = Workbook()
    for row in (["id", "g", "flag"], ["1.1", "a", True], ["1.10", "b", False]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(small.inputs.raw / "f.xlsx")
    assert people(small, "participant_id", "antidepressant_baseline") == [["1.1", "yes"], ["1.10", "no"]]


def test_a_code_that_a_map_makes_missing_is_no_empty_cell(small: Any) -> None:
    text = "id,g,x\n1,a,1\n2,b,9\n3,a,\n"
    consortium = small.consortium(
        recipe("g", "antidepressant_baseline: {from: x, do: [{map: {1: 'yes', 9: null}}, {blank: 'no'}]}"),
        {"a.csv": text},
    )
    assert small.cells(consortium.tables["participants"], "antidepressant_baseline") == [["yes"], [None], ["no"]]
    missing = consortium.missing
    reasons = missing[missing["column"] == "antidepressant_baseline"]
    assert small.cells(reasons, "row", "reason") == [[2, "mapped_to_missing"]]


@pytest.mark.parametrize("column", ["age [y]", "age*", "age ?y?"])
def test_brackets_of_a_column_s_name_are_no_pattern(small: Any, column: str) -> None:
    codes = f"missing: {{codes: [{{code: 99, reason: refused, columns: ['{column}']}}]}}\n"
    text = "id,g,age [y],y\n1,a,99,1\n2,b,30,99\n"
    consortium = small.consortium(codes + recipe("g", "age_years: {from: 'age [y]', do: [number]}"), {"a.csv": text})
    assert small.cells(consortium.tables["participants"], "age_years") == [[None], [30.0]]


def test_a_where_on_a_code_that_is_listed_as_missing_is_refused(small: Any) -> None:
    codes = "missing: {codes: [{code: 9, reason: refused, columns: w}]}\n"
    where = recipe("g").replace("id: id}", "id: id, where: {w: {not: [8, 9]}}}")
    (found,) = small.errors(codes + where, {"a.csv": "id,g,w\n1,a,1\n2,b,9\n"})
    assert (found.code, "names code 9 of 'w'" in found.message) == ("where_missing_code", True)


def test_if_else_of_a_number_and_a_column_of_numbers_in_a_text_file(small: Any) -> None:
    text = "id,g,x,a,b\n1,a,30,2012,1970\n2,b,,2012,1980\n"
    calc = 'age_years: {calc: "if_else(is_missing(x), a - b, x)"}'
    consortium = small.consortium(recipe("g", calc), {"a.csv": text})
    assert small.cells(consortium.tables["participants"], "age_years") == [[30.0], [32.0]]


def test_a_joined_column_and_an_order_are_read_with_the_decimal_sign_of_their_file(small: Any) -> None:
    text = recipe("g", "age_years: {from: age, do: [number]}").replace(
        "sources:\n  main: {file: a.csv, reader: csv, id: id}\n",
        "sources:\n  main: {file: a.csv, reader: csv, id: id, join: [{source: more, columns: [age]}]}\n"
        "  more: {file: b.csv, reader: csv, id: id, options: {decimal: ',', delimiter: ';'},\n"
        "         duplicates: {keep: last, order: at, why: the last one counts}}\n",
    )
    files = {"a.csv": "id,g\n1,a\n2,b\n", "b.csv": "id;age;at\n1;30,5;1,5\n1;31,5;2,5\n2;40,25;1\n"}
    assert small.cells(small.consortium(text, files).tables["participants"], "age_years") == [[31.5], [40.25]]


def test_nothing_is_filled_from_what_is_said_to_be_impossible(small: Any) -> None:
    rule = "age_years: {from: age, status: impossible, why: not asked}"
    (found,) = small.errors(recipe("g", rule), {"a.csv": "id,g,age\n1,a,30\n2,b,31\n"})
    assert "nothing to fill from: take 'from' out" in found.message


def test_no_name_is_proposed_where_no_name_was_found(small: Any) -> None:
    """Under a wrong header row the names are a person's values."""
    text = recipe("grp", "age_years: {from: age34, do: [number]}").replace("id: id", "id: pid")
    found = small.errors(text, {"a.csv": "x1,a,age35\n1,a,30\n2,b,31\n"})
    assert found
    assert not any("age35" in one.sentence() or "did you mean" in one.sentence() for one in found)
    assert any("is 'header_row' right?" in one.message for one in found)


def test_a_broken_file_of_corrections_tells_its_line_and_no_value(small: Any) -> None:
    wrong = "corrections: 1\nchanges:\n  - {source: main, id: '4711', id: '4712', column: x, old: 1, new: 2, why: y}\n"
    (found,) = small.errors(recipe("g"), {"a.csv": "id,g\n1,a\n2,b\n", "corrections/t1.yaml": wrong})
    assert (found.recipe, found.line) == ("corrections/t1.yaml", 3)
    assert "471" not in found.sentence()


def test_files_that_end_in_yml_count(small: Any) -> None:
    change = "corrections: 1\nchanges:\n  - {source: main, id: '1', column: age, old: 29, new: 30, why: typing error}\n"
    files = {"a.csv": "id,g,age\n1,a,29\n2,b,31\n", "corrections/t1.yml": change}
    consortium = small.consortium(recipe("g", "age_years: {from: age, do: [number]}"), files)
    assert small.cells(consortium.tables["participants"], "age_years") == [[30.0], [31.0]]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("timing_min: {from: t, do: [{quantity: h}]}", "gives h, but 'timing_min' is in min"),
        ("dose: {from: t, do: [{quantity: g}], unit: mg}", "gives g, but unit: mg"),
        ("timing_min: {from: t, do: [{unit: {from: min, to: h}}]}", "gives h, but 'timing_min' is in min"),
    ],
)
def test_a_step_gives_the_unit_that_the_column_has(small: Any, rule: str, words: str) -> None:
    text = (
        recipe("g") + f"  sessions:\n    source: main\n    columns:\n      session_number: {{const: 1}}\n      {rule}\n"
    )
    (found,) = small.errors(text, {"a.csv": "id,g,t\n1,a,90 min\n2,b,60 min\n"})
    assert (found.code, words in found.message) == ("unit", True)


def test_truths_and_numbers_of_one_excel_column_are_told_apart(small: Any) -> None:
    rule = "diagnosis: {from: x, do: [{map: {'false': 'no', 0: unknown, 'true': 'yes', 1: unknown}}]}"
    small.write(recipe("{from: g}", rule, file="f.xlsx", reader="excel"), {})
    book = Workbook()
    for row in (["id", "g", "x"], ["1", "a", False], ["2", "b", 0], ["3", "a", True], ["4", "b", 1]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(small.inputs.raw / "f.xlsx")
    assert people(small, "diagnosis") == [["no"], ["unknown"], ["yes"], ["unknown"]]


def test_a_missing_code_is_met_with_a_decimal_comma_too_and_a_name_before_a_pattern(small: Any) -> None:
    codes = (
        "missing: {codes: [{code: 999, reason: not_done, columns: age}, {code: 999, reason: unknown, columns: '*'}]}\n"
    )
    text = recipe("g", "age_years: {from: age, do: [number]}").replace("id: id}", "id: id, options: {decimal: ','}}")
    consortium = small.consortium(codes + text, {"a.csv": 'id,g,age\n1,a,"999,0"\n2,b,"30,5"\n'})
    assert small.cells(consortium.tables["participants"], "age_years") == [[None], [30.5]]
    assert "not_done" in set(consortium.missing["reason"])


def test_a_source_may_keep_rows_by_a_column_it_takes_from_another(small: Any) -> None:
    text = recipe("g").replace(
        "sources:\n  main: {file: a.csv, reader: csv, id: id}\n",
        "sources:\n  main: {file: a.csv, reader: csv, id: id, where: {kept: {is: present}},\n"
        "         join: [{source: more, columns: [kept], unmatched: missing}]}\n"
        "  more: {file: b.csv, reader: csv, id: id}\n",
    )
    small.write(text, {"a.csv": "id,g\n1,a\n2,b\n3,a\n", "b.csv": "id,kept\n1,x\n2,x\n"})
    assert people(small, "participant_id") == [["1"], ["2"]]


STACKED = "recipe: 1\nschema: ipd 1.0.0\ntrial: {from: site, map: {1: s1, 2: s2, 3: s3}}\n"


def test_a_trial_of_the_map_without_a_row_and_a_row_of_no_trial_are_errors(small: Any) -> None:
    text = STACKED + recipe("g")
    rows = "id,g,site\n1,a,1\n2,b,1\n1,a,2\n2,b,2\n"
    assert [(one.code, one.trial) for one in small.errors(text, {"a.csv": rows})] == [("trial_without_rows", "s3")]
    other = text.replace(", 3: s3", "").replace("{visit: post, phase: post}", "{visit: post, phase: post, trial: s9}")
    (found,) = small.errors(other, {"a.csv": rows})
    assert (found.code, "'s9'" in found.message) == ("unknown_trial", True)


def test_a_trial_left_out_may_have_a_recipe_that_cannot_be_read(small: Any) -> None:
    small.write(recipe("g"), {"a.csv": "id,g\n1,a\n2,b\n"})
    (small.folder / "recipes" / "t2.yaml").write_text("recipe: [\n", encoding="utf-8")
    (small.folder / "recipes" / "t3.yaml").write_text("recipe: 1\nsurces: {}\n", encoding="utf-8")
    consortium = small.consortium(without=("t2", "t3"))
    assert list(consortium.tables["participants"]["trial"].unique()) == ["t1"]


def test_corrections_of_one_trial_do_not_trouble_a_stacked_file_of_others(small: Any) -> None:
    small.write(
        recipe("g", "age_years: {from: age, do: [number]}"),
        {"a.csv": "id,g,age\n1,a,29\n2,b,31\n", "b.csv": "id,g,age,site\n1,a,50,x1\n2,b,60,x1\n"},
    )
    stacked = "recipe: 1\nschema: ipd 1.0.0\ntrial: {from: site}\n" + recipe(
        "g", "age_years: {from: age, do: [number]}", file="b.csv"
    )
    (small.folder / "recipes" / "pool.yaml").write_text(stacked, encoding="utf-8")
    change = "corrections: 1\nchanges:\n  - {source: main, id: '1', column: age, old: 29, new: 30, why: typing error}\n"
    (small.folder / "corrections" / "t1.yaml").write_text(change, encoding="utf-8")
    ages = small.cells(small.consortium().tables["participants"], "age_years")
    assert sorted(row[0] for row in ages) == [30.0, 31.0, 50.0, 60.0]
    (small.folder / "corrections" / "x2.yaml").write_text(change, encoding="utf-8")
    with pytest.raises(HarmonizationError) as refused:
        small.consortium()
    assert [one.code for one in refused.value.findings if one.severity == "error"] == ["correction_unused"]


def test_clock_times_that_spss_counts_in_seconds_are_minutes_in_calc(small: Any) -> None:
    sessions = "  sessions:\n    source: main\n    columns:\n      session_number: {const: 1}\n"
    calc = '      timing_min: {calc: "minutes(start) - minutes(pill)"}\n'
    small.write(recipe("g", file="f.sav", reader="spss") + sessions + calc, {})
    frame = pd.DataFrame({"id": [1.0, 2.0], "g": ["a", "b"], "pill": [30600.0, 36000.0], "start": [34200.0, 37800.0]})
    formats = {"pill": "TIME5", "start": "TIME8"}
    pyreadstat.write_sav(frame, str(small.inputs.raw / "f.sav"), variable_format=formats)
    assert small.cells(small.consortium().tables["sessions"], "timing_min") == [[60.0], [30.0]]


def test_a_division_by_zero_is_no_empty_cell(small: Any) -> None:
    text = "id,g,a,b\n1,a,60,2\n2,b,60,0\n3,a,,2\n"
    consortium = small.consortium(recipe("g", 'age_years: {calc: "a / b"}'), {"a.csv": text})
    reasons = consortium.missing[consortium.missing["column"] == "age_years"]
    assert small.cells(reasons, "row", "reason") == [[2, "no_result"], [3, "empty_cell"]]


def test_a_row_of_empty_cells_is_no_row(small: Any) -> None:
    consortium = small.consortium(
        recipe("g").replace("id: id}", "id: id, expect_rows: 2}"), {"a.csv": "id,g\n1,a\n,\n2,b\n"}
    )
    assert len(consortium.tables["participants"]) == 2


def test_a_session_counts_though_its_day_cannot_be_counted_from_anything(small: Any) -> None:
    codes = "missing: {codes: [{code: 1.1.1900, reason: refused, columns: rand}]}\n"
    sessions = (
        "  sessions:\n    source: main\n    long: {over: session_number, values: {1: a, 2: b}}\n    columns:\n"
        '      study_day: {from: "d_{session_number}", do: [{date: "%d.%m.%Y"}, '
        '{study_day: {since: rand, date: "%d.%m.%Y"}}]}\n'
    )
    text = "id,g,d_a,d_b,rand\n1,a,3.1.2020,,1.1.2020\n2,b,1.1.2020,2.1.2020,1.1.1900\n"
    consortium = small.consortium(codes + recipe("g") + sessions, {"a.csv": text})
    found = small.cells(consortium.tables["sessions"], "participant_id", "session_number", "study_day")
    assert found == [["1", 1, 3], ["2", 1, None], ["2", 2, None]]
    missing = consortium.missing
    reasons = missing[(missing["table"] == "sessions") & (missing["column"] == "study_day")]
    assert set(reasons["reason"]) == {"refused"}
