"""Where one cell came from, told line by line."""

from typing import Any

import pytest

from ipdma.errors import ExplainError
from ipdma.harmonize.explain import explain

RECIPE = """\
sources:
  main: {file: a.csv, reader: csv, id: id}
  weeks: {file: b.csv, reader: csv, id: pid, join: {source: main, columns: {start: rand}}}
missing: {codes: [{code: 99, reason: refused, columns: [age, "i*"]}]}
tables:
  arms: {rows: [{arm: a, treatment: drug}, {arm: b, treatment: placebo}]}
  visits: {rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]}
  participants:
    {source: main, columns: {arm: {from: grp, do: [{map: {1: a, 2: b}}]}, age_years: {from: age, do: [number]}}}
  assessments:
    - source: weeks
      long: {over: visit, values: {pre: "0", post: "1"}}
      score: {scale: example_scale, score: total, items: "i{i}_{visit}"}
      columns:
        study_day: {from: day, do: [{date: "%d.%m.%Y"}, {study_day: {since: start, date: "%Y-%m-%d"}}]}
"""
ITEMS = 5


def items(*cells: str) -> str:
    return ",".join(cells)


HEADER = "pid,day," + ",".join(f"i{i}_{v}" for v in (0, 1) for i in range(1, ITEMS + 1))
FILES = {
    "a.csv": "id,grp,age,rand\n1,1,290,2012-04-03\n2,2,99,2012-02-28\n3,2,,2012-02-28\n",
    "b.csv": f"{HEADER}\n1,04.04.2012,0,1,2,3,4,0,0,0,0,99\n2,27.02.2012,1,1,1,1,1,,,,,\n",
    "corrections/t1.yaml": (
        "corrections: 1\nchanges:\n"
        "  - {source: main, id: 1, column: age, old: 290, new: 29, why: typing error, query: Q-07}\n"
    ),
}


def told(small: Any, table: str, column: str, **keys: str) -> list[str]:
    consortium = small.consortium(RECIPE, FILES)
    return list(explain(consortium, small.inputs, table=table, column=column, keys={"trial": "t1", **keys}))


def test_a_corrected_value_shows_the_file_the_correction_the_line_and_the_steps(small: Any) -> None:
    assert told(small, "participants", "age_years", participant_id="1") == [
        "participants.age_years of trial=t1 participant_id=1: 29",
        "  corrected: corrections/t1.yaml line 3",
        "  file a.csv, row 2 (source main)",
        "  t1.yaml line 12: age_years: from age -> number",
        "  raw column 'age': '290', corrected to '29' (corrections/t1.yaml line 3)",
        "  after number: 29",
    ]


def test_a_missing_value_says_why(small: Any) -> None:
    lines = told(small, "participants", "age_years", participant_id="2")
    assert lines[0].endswith(": missing")
    assert lines[1] == "  why it is missing: refused"
    assert "  raw column 'age': '99', stands for missing: refused" in lines
    assert "  why it is missing: empty_cell" in told(small, "participants", "age_years", participant_id="3")


def test_a_column_nobody_records_says_so(small: Any) -> None:
    assert "  why it is missing: not_recorded" in told(small, "participants", "sex", participant_id="1")


def test_a_score_shows_its_items_and_the_rule_for_missing_ones(small: Any) -> None:
    lines = told(small, "assessments", "value", participant_id="1", visit="pre")
    assert lines[0] == "assessments.value of trial=t1 participant_id=1 visit=pre: 10"
    assert lines[2] == "  t1.yaml line 16: score example_scale total, sum of items"
    assert lines[3] == "  items: i1_0 '0'; i2_0 '1'; i3_0 '2'; i4_0 '3'; i5_0 '4'"
    assert lines[4].startswith("  missing items: rule ")


def test_a_day_shows_where_its_randomization_was_taken_from(small: Any) -> None:
    assert told(small, "assessments", "study_day", participant_id="1", visit="pre")[2:] == [
        "  t1.yaml line 18: study_day: from day -> date %d.%m.%Y; study_day since start (%Y-%m-%d)",
        "  raw column 'day': '04.04.2012'",
        "  raw column 'start': from a.csv row 2, column 'rand': '2012-04-03'",
        "  after date %d.%m.%Y: '2012-04-04'",
        "  after study_day since start (%Y-%m-%d): 2",
    ]


def test_a_constant_that_is_counted_from_a_day_shows_the_day(small: Any) -> None:
    text = RECIPE.replace(
        "age_years: {from: age, do: [number]}",
        'age_years: {const: "2012-07-01", do: [{years_since: {since: rand, date: "%Y-%m-%d"}}]}',
    ).replace("columns: [age, ", "columns: [")
    files = {name: content for name, content in FILES.items() if not name.startswith("corr")}
    consortium = small.consortium(text, files)
    lines = explain(
        consortium, small.inputs, table="participants", column="age_years", keys={"trial": "t1", "participant_id": "1"}
    )
    assert "  raw column 'rand': '2012-04-03'" in lines
    assert lines[-1].startswith("  after years_since since rand (%Y-%m-%d): 0.24")


@pytest.mark.parametrize(
    ("old", "new"), [("do: [number]", "do: [{round: 1}]"), ("age_years: {from: age", "x: {from: age")]
)
def test_another_recipe_than_that_of_the_tables_is_refused(small: Any, old: str, new: str) -> None:
    consortium = small.consortium(RECIPE, FILES)
    small.write(RECIPE.replace(old, new), {})
    keys = {"trial": "t1", "participant_id": "1"}
    with pytest.raises(ExplainError, match="t1.yaml changed since the trials were harmonized"):
        explain(consortium, small.inputs, table="participants", column="age_years", keys=keys)


def test_a_visit_without_a_row_says_why(small: Any) -> None:
    (line,) = told(small, "assessments", "value", participant_id="2", visit="post")
    assert line.endswith(": visit_missed")


def test_a_key_and_what_the_recipe_writes_out_are_told_too(small: Any) -> None:
    assert "'pre' of long" in told(small, "assessments", "visit", participant_id="1", visit="pre")[-1]
    assert told(small, "arms", "treatment", arm="a")[-1] == "  written in t1.yaml line 9"
    assert told(small, "participants", "participant_id", participant_id="1")[-1] == "  t1.yaml line 5: id id"


@pytest.mark.parametrize(
    ("table", "column", "keys", "message"),
    [
        ("peple", "age_years", {}, "no table 'peple'"),
        ("participants", "age_year", {}, "no column 'age_year', did you mean 'age_years'"),
        ("participants", "age_years", {"participant_id": "7"}, "no row of participants fits"),
        ("participants", "age_years", {}, "3 rows of participants fit. Add participant_id=..."),
    ],
)
def test_what_cannot_be_explained_is_said(
    small: Any, table: str, column: str, keys: dict[str, str], message: str
) -> None:
    with pytest.raises(ExplainError, match=message.replace(".", r"\.")):
        told(small, table, column, **keys)


def test_files_that_changed_since_are_refused(small: Any) -> None:
    consortium = small.consortium(RECIPE, FILES)
    small.write(RECIPE, {"a.csv": FILES["a.csv"] + "4,1,30,2012-01-01\n"})
    with pytest.raises(ExplainError, match="a.csv changed since"):
        explain(consortium, small.inputs, table="participants", column="age_years", keys={"participant_id": "1"})
