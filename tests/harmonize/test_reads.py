"""Which raw columns a recipe reads: everything else in a file is undetermined, so nothing may be left out."""

from ipdma._paths import data_schemas
from ipdma.harmonize.reads import columns_by_source, reads, score_is_known
from ipdma.schemas.recipe_file import parse_recipe
from ipdma.schemas.scale_file import read_scales

SCALES = read_scales(data_schemas() / "scaffold" / "scales")
TEXT = """\
recipe: 1
schema: ipd 1.0.0
trial: {from: site, map: {1: site_1}, label: name}
sources:
  main: {file: a.csv, reader: csv, id: [clinic, no], where: {done: 1}}
  long: {file: a.csv, reader: csv, id: row_number}
tables:
  participants:
    source: main
    columns:
      arm: {from: cond, do: [{map_label: {Placebo: placebo, Drug: drug}}]}
      age_years: {calc: "year - born"}
      sex: {status: impossible, why: not asked}
  sessions:
    source: main
    long: {over: session_number, values: [1, 2]}
    columns: {timing_min: "min_{session_number}"}
  assessments:
    - source: main
      long: {over: visit, values: {pre: a, post: b}}
      score: {scale: example_scale, items: "x{i:02d}{visit}"}
    - source: long
      where: {kind: total}
      reported: {scale: example_scale, score: total, from: y, visit: {from: week, do: [{map: {0: pre}}]}}
"""
RECIPE = parse_recipe(TEXT, name="a.yaml")


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), start=1) if text in line)


def test_columns_of_ids_filters_trials_rules_expressions_and_items_are_all_read() -> None:
    found = columns_by_source(RECIPE, SCALES)
    items = [f"x{item:02d}{visit}" for visit in "ab" for item in range(1, 6)]  # example_scale has five items
    rules = ["cond", "year", "born", "min_1", "min_2"]
    assert sorted(found["main"]) == sorted(["clinic", "no", "done", "site", "name", *rules, *items])
    assert sorted(found["long"]) == sorted(["site", "name", "kind", "y", "week"])  # row_number is no column


def test_a_read_knows_its_line_and_what_it_fills() -> None:
    by_column = {(read.source, read.column): read for read in reads(RECIPE, SCALES)}
    cond = by_column["main", "cond"]
    assert (cond.line, cond.table, cond.target) == (line_of("from: cond"), "participants", "arm")
    assert cond.label_map == ("Placebo", "Drug")
    item = by_column["main", "x05b"]
    assert (item.line, item.table, item.target) == (line_of("score: {scale"), "assessments", "value")
    assert by_column["main", "done"].line == line_of("main: {file")


def test_items_of_a_scale_or_set_nobody_knows_are_passed_over() -> None:
    assert not [column for column in columns_by_source(RECIPE, {})["main"] if column.startswith("x")]
    score = RECIPE.blocks[2]
    assert score_is_known(score, SCALES)
    assert not score_is_known(score, {})
    named = parse_recipe(TEXT.replace('items: "x{i:02d}{visit}"', 'items: {fear: "x{i}{visit}"}'), name="a.yaml")
    assert not score_is_known(named.blocks[2], SCALES)


def test_an_expression_that_is_none_reads_nothing_here() -> None:
    wrong = parse_recipe(TEXT.replace("year - born", "year - - *"), name="a.yaml")
    assert "year" not in columns_by_source(wrong, SCALES)["main"]
