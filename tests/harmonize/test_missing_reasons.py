"""Every missing value of participants has a reason."""

from typing import Any

import pandas as pd

from ipdma.harmonize.lineage import write_lineage
from ipdma.harmonize.table_text import frame_from_text

RECIPE = """\
sources: {main: {file: a.csv, reader: csv, id: id}}
missing: {codes: [{code: 99, reason: refused, columns: "*"}]}
tables:
  arms: {rows: [{arm: a, treatment: drug}]}
  visits: {rows: [{visit: pre, phase: baseline}, {visit: post, phase: post}]}
  participants:
    source: main
    columns: {arm: {const: a}, age_years: age, sex: {status: impossible, why: not asked}}
  assessments:
    - source: main
      long: {over: visit, values: {pre: "0", post: "1"}}
      reported: {scale: example_scale, from: "y{visit}"}
    - source: main
      long: {over: visit, values: {pre: "0", post: "1"}}
      reported: {scale: example_scale, rater: self, from: "z{visit}"}
"""
TEXT = "id,age,y0,y1,z0,z1\n1,30,9,99,1,2\n2,,9,,1,\n3,99,9,8,,2\n"


def test_codes_empty_cells_missed_visits_and_what_nobody_recorded(small: Any) -> None:
    missing = small.consortium(RECIPE, {"a.csv": TEXT}).missing
    key = "participant_id={};visit={};instrument=example_scale;score=total;rater={}"
    assert small.cells(missing, "table", "row", "column", "reason", "key") == [
        ["participants", 3, "age_years", "refused", None],
        ["participants", 2, "age_years", "empty_cell", None],
        ["participants", None, "sex", "not_recorded", None],
        ["participants", None, "diagnosis", "not_recorded", None],
        ["participants", None, "antidepressant_baseline", "not_recorded", None],
        ["participants", None, "randomized_on", "not_recorded", None],
        ["assessments", None, "value", "refused", key.format(1, "post", "not_stated")],
        ["assessments", None, "study_day", "not_recorded", None],
        ["assessments", None, "value", "visit_missed", key.format(2, "post", "not_stated")],
        ["assessments", None, "value", "visit_missed", key.format(2, "post", "self")],
        ["assessments", None, "value", "not_answered", key.format(3, "pre", "self")],
    ]


def test_they_are_counted_by_trial_and_variable(small: Any) -> None:
    status = small.consortium(RECIPE, {"a.csv": TEXT}).status.set_index("column")
    counts = status[["filled", "missing", "reasons"]].astype(object)
    assert counts.loc["age_years"].tolist() == [1, 2, "refused 1, empty_cell 1"]
    assert counts.loc["sex"].tolist() == [0, 3, "not_recorded 3"]
    # 3 people, 2 visits, 2 raters: 12 values planned.
    assert counts.loc["example_scale.total"].tolist() == [8, 4, "visit_missed 2, refused 1, not_answered 1"]
    assert status.loc["arm", "reasons"].isna().all()


def test_the_lineage_names_a_line_for_each_column_and_holds_no_value(small: Any, tmp_path: Any) -> None:
    consortium = small.consortium(RECIPE, {"a.csv": TEXT})
    rules = small.cells(consortium.rules, "table", "column", "line", "source", "reads", "steps")
    assert ["participants", "age_years", 11, "main", "from age", None] in rules
    assert ["assessments", "value", 15, "main", "from y{visit}", None] in rules
    assert ["arms", "treatment", 7, "recipe", None, "written in the recipe"] in rules
    write_lineage(consortium, tmp_path / "lineage")
    types = {str(name): str(dtype) for name, dtype in consortium.rules.dtypes.items()}
    read = frame_from_text((tmp_path / "lineage" / "rules.csv").read_bytes(), types)
    pd.testing.assert_frame_equal(read, consortium.rules)
