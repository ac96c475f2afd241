"""End to end on small files made here: SPSS with items, a CSV of sessions, an Excel workbook of two stacked trials."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from ipdma.errors import HarmonizationError, RecipeError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.harmonize import harmonize
from ipdma.harmonize.store import read_consortium, write_consortium
from ipdma.harmonize.validate import validate
from ipdma.schemas.tables import read_schema

SCALE = """\
scale: 1
code: scale_a
name: Scale A
constructs: [symptom_severity]
direction: higher_is_worse
primary: total
sets:
  fear: {number: 3, minimum: 0, maximum: 3}
  avoidance: {number: 2, minimum: 0, maximum: 3}
scores:
  total:
    how: sum
    sets: [fear, avoidance]
    minimum: 0
    maximum: 15
    missing_items: {rule: at_most, limit: 1, source: made for this test}
  reported_only: {how: sum, minimum: 0, maximum: 60, missing_items: {rule: complete, source: made for this test}}
"""
WIDE = """\
recipe: 1
schema: ipd 1.0.0
trial: trial_a
sources:
  main: {file: a/main.sav, reader: spss, id: subj, expect_rows: 4}
  sessions: {file: a/sessions.csv, reader: csv, id: subj, where: {done: 1}, options: {delimiter: ";", decimal: ","}}
missing:
  codes:
    - {code: 9, reason: not_answered, columns: ["f*", "a?_*"]}
    - {code: 8, reason: lost_to_followup, columns: "f*"}
tables:
  arms:
    rows:
      - {arm: placebo, treatment: placebo}
      - {arm: low, treatment: drug, dose: 50 mg, number_of_doses: 2, timing_min: 1 h}
  visits:
    rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]
  participants:
    source: main
    columns:
      arm: {from: cond, do: [{map_label: {Placebo: placebo, Drug 50mg: low}}]}
      age_years: age
      sex: {from: sex, do: [{map: {0: male, 1: female}}], status: partial, why: asked from 2010 on}
      antidepressant_baseline: {status: impossible, why: not recorded}
  sessions:
    source: sessions
    long: {over: session_number, values: [1, 2]}
    columns:
      timing_min: {calc: "minutes(s{session_number}_start) - minutes(s{session_number}_pill)"}
      dose: {from: "s{session_number}_g", unit: g}
  assessments:
    - source: main
      long: {over: visit, values: {pre: "1", post: "2"}}
      score: {scale: scale_a, score: total, rater: clinician,
              items: {fear: "f{i:02d}_{visit}", avoidance: "a{i}_{visit}"}}
    - source: main
      reported: {scale: scale_a, score: reported_only, from: tot, visit: {const: pre}}
"""
STACKED = """\
recipe: 1
schema: ipd 1.0.0
trial: {from: site, map: {1: site_1, 2: site_2}, label: name}
sources:
  people: {file: stacked.xlsx, reader: excel, id: no, where: {week: 0}, options: {sheet: data, header_row: 2}}
  visits: {file: stacked.xlsx, reader: excel, id: no, options: {sheet: data, header_row: 2}}
tables:
  arms:
    rows: [{arm: placebo, treatment: placebo}, {arm: low, treatment: drug}, {trial: site_2, arm: high, treatment: drug}]
  visits: {rows: [{visit: w0, phase: baseline}, {visit: w4, phase: post}]}
  participants:
    source: people
    columns:
      arm: {from: group, do: [{map: {A: placebo, B: low, C: high}}]}
      randomized_on: day
  assessments:
    source: visits
    reported: {scale: scale_a, score: reported_only, from: y, visit: {from: week, do: [{map: {0: w0, 4: w4}}]}}
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    for name in ("raw/a", "recipes", "scales"):
        (folder / name).mkdir(parents=True)
    (folder / "scales" / "scale_a.yaml").write_text(SCALE, encoding="utf-8")
    (folder / "recipes" / "a.yaml").write_text(WIDE, encoding="utf-8")
    (folder / "recipes" / "b.yaml").write_text(STACKED, encoding="utf-8")
    _write_spss(folder / "raw" / "a" / "main.sav")
    _write_sessions(folder / "raw" / "a" / "sessions.csv")
    _write_workbook(folder / "raw" / "stacked.xlsx")
    return folder


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(original, tmp_path / "project"))


def _write_spss(path: Path) -> None:
    frame = pd.DataFrame(
        {
            "subj": [1.0, 2.0, 3.0, 4.0],
            "cond": [1.0, 2.0, 1.0, 2.0],
            "age": [30.0, 41.0, None, 25.0],
            "sex": [0.0, 1.0, 1.0, 0.0],
            "f01_1": [1.0, 2.0, 3.0, 3.0],
            "f02_1": [1.0, 9.0, 3.0, 9.0],
            "f03_1": [1.0, 2.0, 3.0, 9.0],
            "a1_1": [0.0, 1.0, 3.0, 1.0],
            "a2_1": [0.0, 1.0, 3.0, 1.0],
            "f01_2": [0.0, 8.0, None, 1.0],
            "f02_2": [0.0, 8.0, None, 1.0],
            "f03_2": [0.0, 8.0, None, 1.0],
            "a1_2": [0.0, None, None, 1.0],
            "a2_2": [0.0, None, None, 1.0],
            "tot": [10.0, 20.0, 30.0, None],
            "remark": ["", "x", "", ""],
        }
    )
    items = [name for name in frame if name[:2] in ("f0", "a1", "a2")]
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels={"cond": {1: "Placebo", 2: "Drug 50mg"}},
        missing_ranges={name: [9] for name in items},
    )


def _write_sessions(path: Path) -> None:
    lines = [
        "subj;done;s1_pill;s1_start;s1_g;s2_pill;s2_start;s2_g",
        "1;1;08:00;09:00;0,05;08:00;07:30;0,05",
        "2;1;10:00;11:10;0,05;;;",
        "2;0;10:00;11:10;0,05;;;",  # a protocol violation that `where` leaves out
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _write_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "data"
    sheet.append(["made for a test"])
    sheet.append(["site", "name", "no", "group", "week", "y", "day"])
    day = pd.Timestamp("2012-04-03").to_pydatetime()
    for row in (
        [2, "Town", 1, "A", 0, 10, day],
        [2, "Town", 1, "A", 4, 5.5, None],
        [1, "City", 1, "B", 0, 20, day],
        [1, "City", 1, "B", 4, None, None],
        [2, "Town", 2, "C", 0, 30, day],
        [1, "City", 2, "A", 0, 12, None],
    ):
        sheet.append(row)
    book.save(path)


def run(project: Path, **options: object) -> Consortium:
    return harmonize(project / "raw", recipes=project / "recipes", scales=project / "scales", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def consortium(original: Path) -> Consortium:
    return run(original)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def errors(project: Path, **options: object) -> list[Finding]:
    with pytest.raises(HarmonizationError, match="nothing was harmonized") as caught:
        run(project, **options)
    return [finding for finding in caught.value.findings if finding.severity == "error"]


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(None if pd.isna(v) else v for v in row) for row in frame[list(columns)].to_numpy(dtype=object)]


def test_trials_come_in_the_order_of_recipes_and_maps(consortium: Consortium) -> None:
    assert cells(consortium.tables["trials"], "trial", "label", "data") == [
        ("trial_a", "trial_a", "individual"),
        ("site_1", "City", "individual"),
        ("site_2", "Town", "individual"),
    ]


def test_tables_have_the_types_of_the_schema_and_break_no_rule(consortium: Consortium) -> None:
    schema = read_schema()
    for name, table in schema.items():
        assert {column: str(consortium.tables[name][column].dtype) for column in table.columns} == {
            column.name: column.dtype for column in table.columns.values()
        }
    found = validate(consortium.tables, schema, consortium.scales, origin=consortium.origin)
    assert {finding.severity for finding in found} <= {"warning"}


def test_arms_hold_their_profile_with_its_unit(consortium: Consortium) -> None:
    columns = ("trial", "arm", "dose", "dose_unit", "number_of_doses", "timing_min")
    arms = cells(consortium.tables["arms"], *columns)
    assert arms[:2] == [("trial_a", "placebo", None, None, None, None), ("trial_a", "low", 50.0, "mg", 2.0, 60.0)]
    assert [row[:2] for row in arms[2:]] == [
        ("site_1", "placebo"),
        ("site_1", "low"),
        ("site_2", "placebo"),
        ("site_2", "low"),
        ("site_2", "high"),
    ]


def test_participants_are_mapped_by_label_and_by_code(consortium: Consortium) -> None:
    people = cells(consortium.tables["participants"], "trial", "participant_id", "arm", "age_years", "sex")
    assert people == [
        ("trial_a", "1", "placebo", 30.0, "male"),
        ("trial_a", "2", "low", 41.0, "female"),
        ("trial_a", "3", "placebo", None, "female"),
        ("trial_a", "4", "low", 25.0, "male"),
        ("site_1", "1", "low", None, None),
        ("site_1", "2", "placebo", None, None),
        ("site_2", "1", "placebo", None, None),
        ("site_2", "2", "high", None, None),
    ]


def test_a_day_of_a_workbook_becomes_iso_text(consortium: Consortium) -> None:
    people = consortium.tables["participants"]
    assert (
        cells(people[people["trial"] != "trial_a"], "randomized_on")
        == [("2012-04-03",), (None,)] + [("2012-04-03",)] * 2
    )


def test_sessions_have_signed_minutes_and_a_session_nobody_attended_has_no_row(consortium: Consortium) -> None:
    sessions = cells(
        consortium.tables["sessions"], "participant_id", "session_number", "timing_min", "dose", "dose_unit"
    )
    assert sessions == [("1", 1, 60.0, 0.05, "g"), ("1", 2, -30.0, 0.05, "g"), ("2", 1, 70.0, 0.05, "g")]


def test_scores_come_from_items_by_the_scale_s_rule_and_as_reported(consortium: Consortium) -> None:
    mine = consortium.tables["assessments"]
    mine = mine[(mine["trial"] == "trial_a").to_numpy(dtype=bool)]
    found = cells(mine[mine["score"] == "total"], "participant_id", "visit", "rater", "value", "value_source")
    assert found == [
        ("1", "pre", "clinician", 3.0, "items"),
        ("1", "post", "clinician", 0.0, "items"),
        # Two of three fear items answered, 2 and 2: (2 + 2) * 3 / 2 = 6, and 1 + 1.
        ("2", "pre", "clinician", 8.0, "prorated"),
        ("3", "pre", "clinician", 15.0, "items"),
        ("4", "post", "clinician", 5.0, "items"),
    ]
    reported = cells(
        mine[mine["score"] == "reported_only"], "participant_id", "visit", "rater", "value", "value_source"
    )
    assert reported == [(str(n), "pre", "not_stated", 10.0 * n, "reported") for n in (1, 2, 3)]


def test_a_missed_visit_has_no_row_and_its_reason_is_kept(consortium: Consortium) -> None:
    missing = consortium.missing
    told = missing[missing["key"].notna() & ~missing["reason"].isin(["visit_missed", "not_answered"])]
    assert cells(told, "table", "trial", "row", "column", "reason") == [
        ("assessments", "trial_a", None, "value", "lost_to_followup"),
        ("assessments", "trial_a", None, "value", "too many items missing"),
    ]
    assert told["key"].tolist() == [
        "participant_id=2;visit=post;instrument=scale_a;score=total;rater=clinician",
        "participant_id=4;visit=pre;instrument=scale_a;score=total;rater=clinician",
    ]


def test_every_row_knows_its_file_and_row(consortium: Consortium) -> None:
    origin = consortium.origin
    for name, table in consortium.tables.items():
        if name != "trials":
            assert (origin["table"] == name).sum() == len(table)
    mine = origin[((origin["table"] == "participants") & (origin["trial"] == "site_1")).to_numpy(dtype=bool)]
    assert cells(mine, "row", "source", "file", "file_row") == [
        (1, "people", "stacked.xlsx", 5),
        (2, "people", "stacked.xlsx", 8),
    ]
    arms = origin[(origin["table"] == "arms").to_numpy(dtype=bool)]
    assert cells(arms.head(2), "source", "file", "file_row") == [("recipe", "a.yaml", 14), ("recipe", "a.yaml", 15)]


def test_status_says_what_each_trial_can_give(consortium: Consortium) -> None:
    status = {row[:3]: row[3:] for row in cells(consortium.status, "table", "column", "trial", "status", "why")}
    assert status["participants", "sex", "trial_a"] == ("partial", "asked from 2010 on")
    assert status["participants", "antidepressant_baseline", "trial_a"] == ("impossible", "not recorded")
    assert status["participants", "sex", "site_1"] == ("undetermined", "no line of the recipe fills it")
    assert status["assessments", "scale_a.total", "trial_a"] == ("complete", None)
    assert status["a/main.sav", "remark", "trial_a"] == ("undetermined", "no line of the recipe reads it")


def test_a_variable_is_there_only_for_the_trials_of_a_stacked_recipe_that_give_it(project: Path) -> None:
    recipe = project / "recipes" / "b.yaml"
    edit(
        recipe, "{trial: site_2, arm: high, treatment: drug}", "{trial: site_2, arm: high, treatment: drug, dose: 5 g}"
    )
    edit(recipe, "    source: visits\n", "    source: visits\n    where: {site: 1}\n")
    status = {row[:3]: row[3] for row in cells(run(project).status, "table", "column", "trial", "status")}
    assert (status["arms", "dose", "site_2"], status["arms", "dose", "site_1"]) == ("complete", "undetermined")
    assert status["arms", "treatment", "site_1"] == "complete"
    reported = {trial: status["assessments", "scale_a.reported_only", trial] for trial in ("site_1", "site_2")}
    assert reported == {"site_1": "complete", "site_2": "undetermined"}


def test_files_are_listed_with_their_hashes(consortium: Consortium) -> None:
    assert cells(consortium.files, "trial", "file", "rows")[:2] == [
        ("trial_a", "a/main.sav", 4),
        ("trial_a", "a/sessions.csv", 3),
    ]
    assert consortium.files["sha256"].str.len().unique().tolist() == [64]


def test_a_consortium_is_written_and_read_back_without_loss(consortium: Consortium, tmp_path: Path) -> None:
    write_consortium(consortium, tmp_path / "stored")
    again = read_consortium(tmp_path / "stored")
    for name, frame in consortium.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame)
    for name in ("missing", "status", "origin", "issues", "files"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(consortium, name))


def test_two_runs_give_the_same(project: Path, consortium: Consortium) -> None:
    again = run(project)
    for name, frame in consortium.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame)


def test_trials_csv_orders_labels_and_adds_trials(project: Path) -> None:
    header = "trial,label,data,why_none,rob_overall,rob_selection"
    lines = [header, "site_2,Second,,,low,high", "lost,Lost 1999,none,burnt,,", "trial_a,First,,,,"]
    (project / "trials.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    consortium = run(project, trials=project / "trials.csv")
    assert cells(consortium.tables["trials"], "trial", "label", "data", "rob_selection") == [
        ("site_2", "Second", "individual", "high"),
        ("lost", "Lost 1999", "none", None),
        ("trial_a", "First", "individual", None),
        ("site_1", "City", "individual", None),
    ]
    assert consortium.tables["participants"]["trial"].unique().tolist() == ["site_2", "trial_a", "site_1"]
    assert "trial_not_listed" in consortium.issues["code"].tolist()


def test_trials_left_out_keep_their_row_with_the_reason(project: Path) -> None:
    (project / "trials.csv").write_text(
        "trial,data\ntrial_a,individual\nsite_1,individual\nsite_2,individual\n", encoding="utf-8"
    )
    (project / "raw" / "a" / "main.sav").unlink()  # the reason one leaves a trial out
    consortium = run(project, trials=project / "trials.csv", without=["trial_a", "site_2"])
    assert consortium.tables["participants"]["trial"].unique().tolist() == ["site_1"]
    assert cells(consortium.tables["trials"], "trial", "exclude_why") == [
        ("trial_a", "left out on request"),
        ("site_1", None),
        ("site_2", "left out on request"),
    ]


# What can be wrong: recipe, old and new text, the finding's code, a text of its line, and how its message begins.
FAULTS: dict[str, tuple[str, str, str, str, str, str]] = {
    "a code no map lists": (
        "a.yaml", "map: {0: male, 1: female}", "map: {0: male}", "code_not_in_map", "sex: {",
        "the map lacks 1 code, in 2 rows.",
    ),
    "a label no map lists": (
        "a.yaml", ", Drug 50mg: low", "", "label_not_in_map", "map_label",
        "the map lacks 1 code, in 2 rows."
    ),
    "a label the file does not have": (
        "a.yaml", "{Placebo: placebo,", "{Placbo: placebo, Placebo: placebo,", "unknown_label", "map_label",
        "column 'cond' has no value label 'Placbo', did you mean 'Placebo'?",
    ),
    "a column the file does not have": (
        "a.yaml", "age_years: age", "age_years: aeg", "column_absent", "aeg", "no column 'aeg', did you mean 'age'?"
    ),
    "items the file does not have": (
        "a.yaml", "a{i}_{visit}", "b{i}_{visit}", "column_absent", "score: {scale",
        "no column 'b1_1', nor 3 more that this line reads",
    ),
    "a column the schema does not have": (
        "a.yaml", "age_years: age", "age: age", "unknown_target", "age: age",
        "table 'participants' has no column 'age'. Known: ",
    ),
    "a table the schema does not have": (
        "a.yaml", "\n  visits:\n", "\n  visit:\n", "unknown_table", "visit:", "no table 'visit', did you mean 'visits'?"
    ),
    "a column the schema needs": (
        "a.yaml", "{arm: placebo, treatment: placebo}", "{arm: placebo}", "required_column", "{arm: placebo}",
        "table 'arms' needs treatment",
    ),
    "a scale that does not exist": (
        "a.yaml", "scale: scale_a, score: total", "scale: scale_b, score: total", "unknown_score", "score: {scale",
        "no scale 'scale_b', did you mean 'scale_a'?",
    ),
    "a score the scale does not have": (
        "a.yaml", "score: reported_only", "score: reported", "unknown_score", "reported: {scale",
        "scale 'scale_a' has no score 'reported', did you mean 'reported_only'?",
    ),
    "item sets the score does not have": (
        "a.yaml", "avoidance: \"a{i}", "avoid: \"a{i}", "unknown_score", "score: {scale",
        "score 'total' has no item set 'avoid', did you mean 'avoidance'?",
    ),
    "a dose without a unit": (
        "a.yaml", "dose: 50 mg", "dose: 50", "bad_value", "{arm: low",
        "dose 50 has no unit. Write it like 'dose: 50 mg'."
    ),
    "a session's dose without a unit": (
        "a.yaml", ", unit: g}", "}", "unit", "dose: {from", "'dose' has no unit"
    ),
    "an expression that is none": (
        "a.yaml", "minutes(s{session_number}_start) - ", "minutes.max() - ", "bad_expression", "timing_min: {calc",
        "'minutes.max() - "
    ),
    "an expression that meets other values": (
        "a.yaml", "minutes(s{session_number}_start) - ", "s{session_number}_start - ", "calc_failed",
        "timing_min: {calc",
        "'s1_start - minutes(s1_pill)': column 's1_start' is used as a number but holds other text in 2 of 2 rows.",
    ),
    "a missing code that is not listed": (
        "a.yaml", "\"f*\", \"a?_*\"", "\"f*\"", "missing_code_unlisted", "main: {",
        "the file declares missing codes that no line lists (9), in 4 columns (a1_1, a2_1, a1_2, a2_2)",
    ),
    "a missing code for columns that do not exist": (
        "a.yaml", "columns: \"f*\"}", "columns: \"g*\"}", "missing_code_unused", "code: 8", "no column matches 'g*'"
    ),
    "an item outside its range": (
        "a.yaml", "    - {code: 8, reason: lost_to_followup, columns: \"f*\"}\n", "", "item_outside_range",
        "score: {scale",
        "an item outside its range in 1 row",
    ),
    "another number of rows": (
        "a.yaml", "expect_rows: 4", "expect_rows: 5", "unexpected_rows", "main: {", "4 rows, but the recipe expects 5."
    ),
    "a filter that keeps nothing": (
        "a.yaml", "where: {done: 1}", "where: {done: 7}", "no_rows", "sessions: {file", "'where' keeps none of its rows"
    ),
    "a file that is not there": (
        "a.yaml", "a/main.sav", "a/main2.sav", "unreadable", "main: {", "a/main2.sav does not exist."
    ),
    "a path out of the folder": (
        "a.yaml", "a/main.sav", "../a/main.sav", "unreadable", "main: {", "file '../a/main.sav' leads out of the folder"
    ),
    "a trial no map lists": (
        "b.yaml", "{1: site_1, 2: site_2}", "{2: site_2}", "trial_not_in_map", "people: {", "2 rows belong to no trial"
    ),
    "no id": (
        "b.yaml", "reader: excel, id: no, where", "reader: excel, where", "no_id", "people: {",
        "source 'people' names no 'id'"
    ),
    "a schema version that does not exist": (
        "b.yaml", "schema: ipd 1.0.0", "schema: ipd 9.0.0", "schema_version", "recipe: 1",
        "the common schema has no version"
    ),
    "a recipe with a wrong key": (
        "b.yaml", "sources:", "source:", "recipe", "source:", "unknown key 'source', did you mean 'sources'?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_found_with_its_line(project: Path, fault: tuple[str, str, str, str, str, str]) -> None:
    recipe, old, new, code, at, message = fault
    edit(project / "recipes" / recipe, old, new)
    lines = (project / "recipes" / recipe).read_text(encoding="utf-8").splitlines()
    found = [finding for finding in errors(project) if finding.code == code]
    said = {(finding.recipe, finding.line, finding.message[: len(message)]) for finding in found}
    assert (recipe, 1 + next(n for n, line in enumerate(lines) if at in line), message) in said


def test_all_errors_of_all_recipes_are_said_at_once(project: Path) -> None:
    for recipe, old, new, *_ in (
        FAULTS["a code no map lists"],
        FAULTS["another number of rows"],
        FAULTS["a trial no map lists"],
    ):
        edit(project / "recipes" / recipe, old, new)
    assert [finding.code for finding in errors(project)] == [
        "unexpected_rows",
        "code_not_in_map",
        "trial_not_in_map",
        "trial_not_in_map",
    ]


def test_a_finding_names_file_and_rows_but_no_value(project: Path) -> None:
    edit(project / "recipes" / "b.yaml", "C: high", "D: high")
    (finding,) = errors(project)
    assert (finding.file, finding.rows, finding.count, finding.trial) == ("stacked.xlsx", (7,), 1, "site_2")
    assert finding.private == "'C' (1)"
    sentence = finding.sentence()
    assert sentence == (
        "code_not_in_map: b.yaml line 14, stacked.xlsx, site_2, participants.arm: the map lacks 1 code, in 1 row. "
        "Add what is lacking, or list it as a missing code. (file rows 7)"
    )


def test_one_trial_in_two_recipes_is_an_error(project: Path) -> None:
    (project / "recipes" / "c.yaml").write_text(WIDE, encoding="utf-8")
    (finding,) = errors(project)
    assert (finding.code, finding.recipe, finding.trial) == ("trial_twice", "c.yaml", "trial_a")


def test_a_repeated_id_is_one_error(project: Path) -> None:
    edit(project / "recipes" / "a.yaml", "reader: csv, id: subj, where: {done: 1}", "reader: csv, id: subj")
    found = errors(project)
    assert [(finding.code, finding.table, finding.rows) for finding in found] == [("repeated_key", "sessions", (3, 4))]


def test_a_participant_nobody_knows_is_an_error(project: Path) -> None:
    path = project / "raw" / "a" / "sessions.csv"
    path.write_text(path.read_text(encoding="utf-8") + "17;1;08:00;09:00;0,05;;;\n", encoding="utf-8", newline="\n")
    (finding,) = errors(project)
    assert (finding.code, finding.file, finding.rows) == ("unknown_reference", "a/sessions.csv", (5,))


def test_trials_csv_that_contradicts_the_recipes_is_an_error(project: Path) -> None:
    path = project / "trials.csv"
    path.write_text("trial,data\ntrial_a,none\nsite_1,\nsite_2,\nother,individual\n", encoding="utf-8")
    codes = {finding.code for finding in errors(project, trials=path)}
    assert {"trial_contradiction", "trial_without_recipe"} <= codes
    assert "trial_without_data" not in codes  # it has the same cause
    path.write_text("trial,lable\ntrial_a,A\n", encoding="utf-8")
    (finding,) = errors(project, trials=path)
    assert finding.message == "no column 'lable', did you mean 'label'?"


def test_without_any_recipe_there_is_nothing_to_do(project: Path) -> None:
    with pytest.raises(RecipeError, match=r"no recipe \(\*.yaml\) in raw"):
        harmonize(project / "raw", recipes=project / "raw")


def test_progress_is_told(project: Path) -> None:
    told: list[str] = []
    note: Callable[[str], None] = told.append
    run(project, progress=note)
    assert "harmonizing a.yaml" in told
    assert told.count("reading stacked.xlsx") == 1


def test_marked_values_stand_in_no_error(project: Path) -> None:
    """A canary: values and ids that occur in no recipe must occur in no message, whatever goes wrong."""
    path = project / "raw" / "a" / "sessions.csv"
    text = path.read_text(encoding="utf-8").replace("08:00", "canary1").replace("0,05", "canary2")
    path.write_text(text + "canary3;1;;;;;;\n", encoding="utf-8", newline="\n")
    with pytest.raises(HarmonizationError, match="calc_failed") as caught:
        run(project)
    assert "canary" not in str(caught.value)
    assert all("canary" not in finding.sentence() for finding in caught.value.findings)


def test_a_formula_of_a_workbook_that_nobody_calculated_is_an_error_and_no_missing_value(project: Path) -> None:
    path = project / "raw" / "stacked.xlsx"
    book = openpyxl.load_workbook(path)
    book["data"]["F4"] = "=2+3.5"  # openpyxl stores a formula and no result
    book.save(path)
    (finding,) = errors(project)
    assert (finding.code, finding.file, finding.rows) == ("not_calculated", "stacked.xlsx", (4,))
    assert "column 'y'" in finding.sentence()
