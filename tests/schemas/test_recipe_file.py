import json
from pathlib import Path

import jsonschema
import pytest

from ipdma._paths import data_schemas
from ipdma._yaml import parse_yaml, plain
from ipdma.errors import RecipeError, YamlError
from ipdma.schemas.recipe import Condition, Long, Recipe, StackedTrial
from ipdma.schemas.recipe_file import parse_recipe, read_recipe

EXAMPLE = """\
recipe: 1
schema: ipd 1.0.0
trial: trial_05
sources:
  main: {file: main.sav, reader: spss, id: subj, expect_rows: 30}
  sessions:
    file: sessions.csv
    reader: csv
    id: [center, subj]
    where: {done: 1}
    options: {encoding: cp1252, delimiter: ";", decimal: ",", header_row: 1}
missing:
  codes: [{code: 9, reason: not_answered, columns: "ls*"}]
  spss_user_missing: must_be_listed
tables:
  arms:
    rows:
      - {arm: placebo, treatment: placebo}
      - {arm: low, treatment: drug, dose: 50 mg, number_of_doses: 5, timing_min: 60}
  visits:
    rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]
  participants:
    source: main
    columns:
      arm: {from: cond, do: [{map_label: {"Placebo": placebo, "50mg": low}}]}
      age_years: age
      antidepressant_baseline: {from: ssri, do: [{map: {0: "no", 1: "yes"}}], status: partial, why: one class only}
      diagnosis: {const: a}
      sex: {status: impossible, why: not recorded}
  sessions:
    source: sessions
    long: {over: session_number, values: [1, 2]}
    columns:
      timing_min: {calc: "minutes(s{session_number}_start) - minutes(s{session_number}_pill)"}
  assessments:
    - source: main
      long: {over: visit, values: {pre: "1", post: "02"}}
      score: {scale: scale_a, score: total, rater: clinician, items: {a: "a{i:02d}_{visit}", b: "b{i}_{visit}"}}
    - source: main
      reported: {scale: scale_b, from: b_pre, visit: {const: pre}}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(RecipeError, match="has .* problem") as caught:
        parse_recipe(text, name="a.yaml")
    return [f"{line}: {message}" for line, message in caught.value.problems]


def changed(old: str, new: str) -> list[str]:
    assert EXAMPLE.count(old) == 1
    return problems(EXAMPLE.replace(old, new))


@pytest.fixture(scope="module")
def example() -> Recipe:
    return parse_recipe(EXAMPLE, name="a.yaml")


def test_sources_say_file_reader_rows_and_ids(example: Recipe) -> None:
    source = example.sources["sessions"]
    assert (source.id, source.where, source.line) == (
        ("center", "subj"),
        {"done": Condition(kind="codes", codes=("1",))},
        6,
    )
    assert source.options == {"encoding": "cp1252", "delimiter": ";", "decimal": ",", "header_row": 1}
    assert example.sources["main"].expect_rows == 30


def test_blocks_keep_their_order_and_lines(example: Recipe) -> None:
    tables = [block.table for block in example.blocks]
    assert tables == ["arms", "visits", "participants", "sessions", "assessments", "assessments"]
    assert example.blocks[0].rows[1].values["dose"] == "50 mg"
    assert example.blocks[0].rows[1].line == 19


def test_a_bare_name_is_short_for_from(example: Recipe) -> None:
    rule = next(rule for rule in example.blocks[2].columns if rule.column == "age_years")
    assert (rule.kind, rule.value, rule.line) == ("from", "age", 26)


def test_status_comes_with_its_reason(example: Recipe) -> None:
    rules = {rule.column: rule for rule in example.blocks[2].columns}
    assert (rules["antidepressant_baseline"].status, rules["antidepressant_baseline"].why) == (
        "partial",
        "one class only",
    )
    assert (rules["sex"].kind, rules["sex"].status) == ("nothing", "impossible")


def test_map_keys_have_one_spelling_and_no_is_text(example: Recipe) -> None:
    rules = {rule.column: rule for rule in example.blocks[2].columns}
    assert rules["antidepressant_baseline"].do[0].argument == {"0": "no", "1": "yes"}


def test_long_names_the_token_in_raw_column_names(example: Recipe) -> None:
    assert example.blocks[3].long == Long(over="session_number", values={"1": "1", "2": "2"}, line=32)
    assert example.blocks[4].long is not None
    assert example.blocks[4].long.values == {"pre": "1", "post": "02"}


def test_scores_have_a_template_for_each_item_set(example: Recipe) -> None:
    score, reported = example.blocks[4].score, example.blocks[5].reported
    assert score is not None
    assert reported is not None
    assert score.items == {"a": "a{i:02d}_{visit}", "b": "b{i}_{visit}"}
    assert (reported.value.value, reported.visit and reported.visit.value) == ("b_pre", "pre")


def test_a_stacked_file_names_the_column_of_its_trials() -> None:
    recipe = parse_recipe(
        EXAMPLE.replace("trial: trial_05", "trial: {from: site, map: {1: s_1, 2: s_2}}"), name="a.yaml"
    )
    assert recipe.trial == StackedTrial(column="site", codes={"1": "s_1", "2": "s_2"}, line=3)


def test_the_shipped_json_schema_accepts_the_example() -> None:
    schema = json.loads((data_schemas() / "recipe.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(plain(parse_yaml(EXAMPLE, name="a.yaml")), schema)


def test_everything_wrong_is_said_at_once_with_lines_and_nearest_names() -> None:
    text = EXAMPLE.replace("age_years: age", "age_years: {form: age}").replace("expect_rows", "expected_rows")
    text = text.replace("source: sessions\n", "source: session\n").replace("missing:", "mising:")
    assert problems(text) == [
        "5: sources.main: unknown key 'expected_rows', did you mean 'expect_rows'?",
        "12: unknown key 'mising', did you mean 'missing'?",
        "26: tables.participants.columns.age_years: exactly one of from, const, calc, first_of, paste is needed",
        "26: tables.participants.columns.age_years: unknown key 'form', did you mean 'from'?",
        "31: tables.sessions: no source 'session', did you mean 'sessions'?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("recipe: 1", "recipe: 2", "1: recipe: 2 is a format this version does not know; it knows 1"),
        ("schema: ipd 1.0.0", "schema: 1.0.0", "2: 'schema: 1.0.0' must read like 'ipd 1.0.0'"),
        ("trial: trial_05", "trial: my trial", "3: 'my trial' cannot be a trial's code"),
        ("reader: spss", "reader: sps", "5: sources.main: 'reader: sps' is not possible, did you mean 'spss'?"),
        ("expect_rows: 30", "expect_rows: many", "5: sources.main: 'expect_rows' must be a whole number"),
        ("id: [center, subj]", "id: [center, row_number]", "9: sources.sessions: row_number stands alone as an id"),
        ("columns: \"ls*\"", "column: \"ls*\"", "13: missing.codes[1]: 'columns' is missing. Add it."),
        ("must_be_listed", "listed", "14: missing: 'spss_user_missing: listed' is not possible"),
        ("age_years: age", "age_years: age{i}", "26: tables.participants.columns: nothing fills the gap {i}"),
        ("age_years: age", "age_years: [age]", "26: tables.participants.columns: 'age_years' needs the name of a raw"),
        ("map: {0: \"no\", 1: \"yes\"}", "map: {0: \"no\", \"0\": \"yes\"}", "27: '0' is the code '0' a second"),
        ("map: {0: \"no\", 1: \"yes\"}", "nap: {0: \"no\"}", "27: unknown operation 'nap', did you mean 'map'?"),
        ("do: [{map: {0: \"no\", 1: \"yes\"}}]", "do: [date]", "27: 'date' needs the format"),
        ("do: [{map: {0: \"no\", 1: \"yes\"}}]", "do: [{unit: {from: mg, to: h}}]", "27: 1 mg (mass) cannot"),
        (", why: one class only", "", "27: status partial needs a 'why'"),
        ("values: [1, 2]", "values: [1, 1.0]", "32: tables.sessions.long: 'values' must list each value once"),
        ("{session_number}_start", "{session}_start", "34: nothing fills the gap {session}, did you mean"),
        ("{i:02d}_{visit}", "{i:2f}_{visit}", "38: a gap is written {name} or {name:02d}"),
        (", visit: {const: pre}", "", "40: tables.assessments[2].reported: the visit is not said"),
        ("      reported: {scale", "      scored: {scale", "39: tables.assessments[2]: nothing is filled"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_said_with_its_place(old: str, new: str, expected: str) -> None:
    line, message = expected.split(": ", maxsplit=1)
    found = changed(old, new)
    assert any(problem.startswith(f"{line}: ") and message in problem for problem in found), found


def test_rows_stand_alone() -> None:
    text = EXAMPLE.replace("    rows: [{visit: pre", "    source: main\n    rows: [{visit: pre")
    assert problems(text) == ["21: tables.visits: 'rows' stands alone, without 'source'; make a list of two blocks"]


def test_tables_and_sources_of_a_wrong_kind_are_said() -> None:
    assert "4: 'sources' must hold keys and values" in problems(
        "recipe: 1\nschema: ipd 1.0.0\ntrial: a\nsources: [a]\ntables: {}\n"
    )
    assert "5: tables: 'arms' must hold keys and values" in problems(
        "recipe: 1\nschema: ipd 1.0.0\ntrial: a\nsources: {}\ntables: {arms: 3}\n"
    )


def test_a_file_that_is_no_yaml_or_holds_a_key_twice_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("recipe: 1\nrecipe: 1\n", encoding="utf-8")
    with pytest.raises(YamlError, match="b.yaml line 2: found duplicate key"):
        read_recipe(tmp_path / "b.yaml")
    with pytest.raises(YamlError, match="b2.yaml does not exist"):
        read_recipe(tmp_path / "b2.yaml")
