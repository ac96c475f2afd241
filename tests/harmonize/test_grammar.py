"""Every element of the recipes' grammar on small files: what it gives, and what it says when it cannot."""

from typing import Any

import pytest

ARMS = "  arms: {rows: [{arm: a, treatment: drug}, {arm: b, treatment: placebo}]}\n"
PEOPLE = (
    "sources:\n  main: {file: a.csv, reader: csv, id: id%s}\ntables:\n"
    + ARMS
    + "  participants:\n    source: main\n    columns:\n      arm: grp\n"
)


def people(small: Any, lines: str, text: str, *, source: str = "") -> list[list[object]]:
    columns = [line.split(":")[0].strip() for line in lines.splitlines()]
    recipe = PEOPLE % source + "".join(f"      {line}\n" for line in lines.splitlines())
    table = small.consortium(recipe, {"a.csv": text}).tables["participants"]
    return small.cells(table, *columns)


def wrong(small: Any, lines: str, text: str, *, source: str = "") -> list[tuple[str, str, int, tuple[int, ...]]]:
    recipe = PEOPLE % source + "".join(f"      {line}\n" for line in lines.splitlines())
    found = small.errors(recipe, {"a.csv": text})
    return [(finding.code, finding.column, finding.line, finding.rows) for finding in found]


def test_the_first_column_that_holds_something_is_taken(small: Any) -> None:
    lines = "age_years: {first_of: [crf, screening], do: [number]}"
    text = "id,grp,crf,screening\n1,a,30,31\n2,b,,41\n3,b,,\n"
    assert people(small, lines, text) == [[30.0], [41.0], [None]]


def test_a_day_in_three_columns_is_pasted_and_read_in_one_format(small: Any) -> None:
    lines = "randomized_on: {paste: [y, m, d], do: [{date: '%Y-%m-%d'}]}"
    text = "id,grp,y,m,d\n1,a,2012,4,3\n2,b,2012,,3\n"
    assert people(small, lines, text) == [["2012-04-03"], [None]]


def test_several_formats_read_what_each_fits_and_refuse_a_day_that_is_two(small: Any) -> None:
    lines = "randomized_on: {from: day, do: [{date: ['%d/%m/%Y', '%Y-%m-%d']}]}"
    assert people(small, lines, "id,grp,day\n1,a,03/04/2012\n2,b,2012-04-05\n") == [["2012-04-03"], ["2012-04-05"]]
    lines = lines.replace("%Y-%m-%d", "%m/%d/%Y")
    text = "id,grp,day\n1,a,13/04/2012\n2,b,03/04/2012\n3,b,soon\n"
    assert wrong(small, lines, text) == [
        ("ambiguous_date", "randomized_on", 12, (3,)),
        ("not_a_date", "randomized_on", 12, (4,)),
    ]


def test_a_group_of_a_pattern_is_what_is_kept(small: Any) -> None:
    lines = "age_years: {from: age, do: [{regex_group: '(\\d+) ?(?:y|years)'}, number]}"
    assert people(small, lines, "id,grp,age\n1,a,30 years\n2,b,41y\n3,b,\n") == [[30.0], [41.0], [None]]
    assert wrong(small, lines, "id,grp,age\n1,a,30\n2,b,41y\n") == [
        ("pattern_does_not_fit", "age_years", 12, (2,))
    ]  # fmt: skip


def test_a_value_is_turned_around_within_its_range(small: Any) -> None:
    lines = "age_years: {from: x, do: [{reverse: {min: 10, max: 50}}]}"
    assert people(small, lines, "id,grp,x\n1,a,10\n2,b,45\n") == [[50.0], [15.0]]
    assert wrong(small, lines, "id,grp,x\n1,a,10\n2,b,51\n") == [("outside_reverse", "age_years", 12, (3,))]


def test_what_an_empty_cell_stands_for_is_no_value_of_a_missing_code(small: Any) -> None:
    recipe = (PEOPLE % "").replace(
        "tables:", "missing: {codes: [{code: 9, reason: refused, columns: ssri}]}\ntables:"
    ) + "      antidepressant_baseline: {from: ssri, do: [{map: {1: 'yes'}}, {blank: 'no'}]}\n"
    consortium = small.consortium(recipe, {"a.csv": "id,grp,ssri\n1,a,1\n2,b,\n3,b,9\n"})
    assert small.cells(consortium.tables["participants"], "antidepressant_baseline") == [["yes"], ["no"], [None]]


def test_a_unit_beside_the_number_or_in_a_column_is_converted_row_by_row(small: Any) -> None:
    lines = "age_years: {from: age, do: [number], unit: {from: u, map: {years: a, months: mo}}}"
    assert people(small, lines, "id,grp,age,u\n1,a,30,years\n2,b,18,months\n3,b,,\n") == [[30.0], [1.5], [None]]
    assert wrong(small, lines, "id,grp,age,u\n1,a,30,weeks\n2,b,18,\n") == [("unit_unknown", "age_years", 12, (2, 3))]
    lines = "age_years: {from: age, do: [{quantity: a}]}"
    assert people(small, lines, "id,grp,age\n1,a,30 a\n2,b,18 mo\n") == [[30.0], [1.5]]
    assert wrong(small, lines, "id,grp,age\n1,a,30\n2,b,18 kg\n") == [("not_a_quantity", "age_years", 12, (2, 3))]


def test_a_number_with_a_decimal_comma_needs_it_said(small: Any) -> None:
    text = 'id,grp,age\n1,a,"34,5"\n'
    assert people(small, "age_years: {from: age, do: [{number: {decimal: ','}}]}", text) == [[34.5]]
    assert wrong(small, "age_years: {from: age, do: [number]}", text) == [("not_a_number", "age_years", 12, (2,))]


def test_an_arm_by_weight_is_calculated_by_a_condition(small: Any) -> None:
    recipe = (PEOPLE % "").replace("arm: grp\n", "arm: {calc: \"if_else(grp == 'd' and weight < 35, 'a', 'b')\"}\n")
    text = "id,grp,weight\n1,d,30\n2,p,30\n3,d,35\n"
    consortium = small.consortium(recipe, {"a.csv": text})
    assert small.cells(consortium.tables["participants"], "arm") == [["a"], ["b"], ["b"]]


def test_rows_are_left_out_by_not_and_by_whether_a_cell_is_there(small: Any) -> None:
    text = "id,grp,age\n1,a,30\nTotal,,30\n,,\nnote,,\n"
    lines = "age_years: age"
    assert people(small, lines, text, source=", where: {id: {not: [Total, note]}, grp: {is: present}}") == [[30.0]]


WEEKLY = """\
sources:
  main: {file: a.csv, reader: csv, id: id}
  weeks: {file: b.csv, reader: csv, id: pid, join: {source: main, columns: {start: rand}}@}
tables:
  arms: {rows: [{arm: a, treatment: drug}, {arm: b, treatment: placebo}]}
  visits:
    rows:
      - {visit: pre, phase: baseline}
      - {visit: "week_{n}", phase: mid, each: {n: [1, 2]}}
      - {visit: week_3, phase: post}
  participants: {source: main, columns: {arm: grp}}
  assessments:
    source: weeks
    reported:
      scale: example_scale
      from: y
      visit: {from: week, do: [{map: {0: pre, "{n}": "week_{n}"}, each: {n: [1, 3]}}]}
    columns:
      study_day: {from: day, do: [{date: "%d.%m.%Y"}, {study_day: {since: start, date: "%Y-%m-%d"}}]}
"""


def weekly(more: str = "") -> str:
    return WEEKLY.replace("@", more)


PEOPLE_FILE = "id,grp,rand\n1,a,2012-04-03\n2,b,2012-02-28\n"
WEEKS = "pid,week,day,y\n1,0,01.04.2012,9\n1,1,03.04.2012,8\n1,3,24.04.2012,7\n2,0,28.02.2012,6\n2,2,01.03.2012,5\n"


def test_weekly_visits_study_days_and_columns_of_another_source(small: Any) -> None:
    consortium = small.consortium(weekly(), {"a.csv": PEOPLE_FILE, "b.csv": WEEKS})
    assert small.cells(consortium.tables["visits"], "visit", "phase") == [
        ["pre", "baseline"], ["week_1", "mid"], ["week_2", "mid"], ["week_3", "post"]
    ]  # fmt: skip
    # By hand: the day of randomization is 1, two days before it is -2; 2012 was a leap year.
    assert small.cells(consortium.tables["assessments"], "participant_id", "visit", "study_day") == [
        ["1", "pre", -2], ["1", "week_1", 1], ["1", "week_3", 22], ["2", "pre", 1], ["2", "week_2", 3]
    ]  # fmt: skip


def test_the_day_that_is_counted_from_may_be_written_in_several_ways(small: Any) -> None:
    recipe = weekly().replace('since: start, date: "%Y-%m-%d"', 'since: start, date: ["%Y-%m-%d", "%d/%m/%Y"]')
    files = {"a.csv": PEOPLE_FILE.replace("2012-02-28", "28/02/2012"), "b.csv": WEEKS}
    days = small.cells(small.consortium(recipe, files).tables["assessments"], "study_day")
    assert days == [[-2], [1], [22], [1], [3]]


def test_a_row_without_partner_and_a_partner_with_two_rows_are_errors_with_their_rows(small: Any) -> None:
    files = {"a.csv": PEOPLE_FILE, "b.csv": WEEKS + "3,0,01.01.2012,4\n"}
    (found,) = small.errors(weekly(), files)
    assert (found.code, found.file, found.rows, found.line) == ("join_without_partner", "b.csv", (7,), 6)
    files = {"a.csv": PEOPLE_FILE + "2,b,2012-02-28\n", "b.csv": WEEKS}
    (found,) = small.errors(weekly(), files)
    assert (found.code, found.file, found.rows) == ("join_several_rows", "a.csv", (3, 4))


def test_unmatched_rows_may_be_left_without_the_columns(small: Any) -> None:
    recipe = (
        weekly()
        .replace("{start: rand}", "{start: rand}, unmatched: missing")
        .replace(
            "participants: {source: main, columns: {arm: grp}}",
            "participants:\n    - {source: main, columns: {arm: grp}}\n"
            "    - {source: weeks, where: {pid: 3}, columns: {arm: {const: a}}}",
        )
    )
    files = {"a.csv": PEOPLE_FILE, "b.csv": WEEKS + "3,0,01.01.2012,4\n"}
    consortium = small.consortium(recipe, files)
    assert small.cells(consortium.tables["assessments"], "study_day")[-1] == [None]
    reasons = consortium.missing[consortium.missing["column"] == "study_day"]
    assert small.cells(reasons, "row", "reason") == [[6, "not_in_source"]]


TWICE = WEEKS + "2,2,02.03.2012,19\n"


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("keep: last", 19.0),
        ("keep: first", 5.0),
        ('keep: first, order: day, date: "%d.%m.%Y"', 5.0),
        ("keep: first, order: z", 19.0),
    ],
)
def test_of_repeated_rows_the_stated_one_counts_and_the_others_are_counted(small: Any, rule: str, kept: float) -> None:
    text = "\n".join(line + (",z" if at == 0 else f",{-at}") for at, line in enumerate(TWICE.splitlines())) + "\n"
    recipe = weekly(f", duplicates: {{by: week, {rule}, why: entered again}}")
    consortium = small.consortium(recipe, {"a.csv": PEOPLE_FILE, "b.csv": text})
    rows = consortium.tables["assessments"]
    assert small.cells(rows, "participant_id", "visit", "value")[-1] == ["2", "week_2", kept]
    assert len(rows) == 5
    (event,) = small.cells(consortium.events, "trial", "event", "detail")
    assert event[:2] == ["t1", "duplicates_dropped"]
    assert "1 row of a repeated key left out" in str(event[2])
    assert consortium.issues.empty  # it was asked for


def test_repeated_rows_that_nothing_tells_apart_are_an_error(small: Any) -> None:
    recipe = weekly(", duplicates: {by: week, keep: last, order: y, why: x}")
    files = {"a.csv": PEOPLE_FILE, "b.csv": WEEKS + "2,2,02.03.2012,5\n"}
    (found,) = small.errors(recipe, files)
    assert (found.code, found.rows, found.line) == ("duplicates_undecided", (6, 7), 6)
    recipe = weekly(", duplicates: {by: week, keep: identical, why: x}")
    (found,) = small.errors(recipe, files)
    assert (found.code, found.rows) == ("duplicates_undecided", (6, 7))
    files["b.csv"] = WEEKS + "2,2,01.03.2012,5\n"
    assert len(small.consortium(recipe, files).tables["assessments"]) == 5


SESSIONS = (
    PEOPLE % ""
    + "  sessions: {source: main, rows_from: {count: n, over: session_number}, columns: {timing_min: wait}}\n"
)


def test_sessions_are_made_from_counts(small: Any) -> None:
    consortium = small.consortium(SESSIONS, {"a.csv": "id,grp,n,wait\n1,a,0,1\n2,b,2,60\n3,b,,5\n4,a,2,7\n"})
    assert small.cells(consortium.tables["sessions"], "participant_id", "session_number", "timing_min") == [
        ["2", 1, 60.0], ["2", 2, 60.0], ["4", 1, 7.0], ["4", 2, 7.0]
    ]  # fmt: skip
    (found,) = small.errors(SESSIONS, {"a.csv": "id,grp,n,wait\n1,a,1.5,1\n2,b,2000,60\n"})
    assert (found.code, found.column, found.rows) == ("not_a_count", "session_number", (2, 3))


def test_a_total_may_be_calculated_from_reported_parts(small: Any) -> None:
    recipe = weekly().replace("from: y\n", 'calc: "y + week"\n')
    consortium = small.consortium(recipe, {"a.csv": PEOPLE_FILE, "b.csv": WEEKS})
    assert small.cells(consortium.tables["assessments"], "value") == [[9.0], [9.0], [10.0], [6.0], [7.0]]


def test_names_of_two_rows_and_notes_under_the_data(small: Any) -> None:
    text = "Study,,,\n,,Visit 1,\nid,grp,BP,age\n,,mmHg,a\n1,a,120,30\n2,b,130,40\nnote,,,\n"
    source = ", options: {header_row: [2, 3], first_row: 5, last_row: 6}"
    assert people(small, "age_years: Visit 1 age", text, source=source) == [[30.0], [40.0]]


def test_a_stacked_file_takes_its_trial_from_another_source(small: Any) -> None:
    recipe = "recipe: 1\nschema: ipd 1.0.0\ntrial: {from: site, map: {1: s1, 2: s2}}\n" + weekly().replace(
        "columns: {start: rand}", "columns: {start: rand, site: site}"
    )
    files = {"a.csv": "id,grp,rand,site\n1,a,2012-04-03,1\n2,b,2012-02-28,2\n", "b.csv": WEEKS}
    rows = small.consortium(recipe, files).tables["assessments"]
    assert small.cells(rows, "trial") == [["s1"]] * 3 + [["s2"]] * 2
