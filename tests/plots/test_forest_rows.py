"""The rows of a forest plot."""

import numpy as np
import pandas as pd
import pytest

from ipdma.plots.forest_rows import summary_rows, trial_rows


def test_rows_hold_the_numbers_of_the_table(trial_effects: pd.DataFrame) -> None:
    rows = trial_rows(trial_effects)
    assert [row.label for row in rows] == list(trial_effects["label"])
    for row, (_, source) in zip(rows, trial_effects.iterrows(), strict=True):
        assert (row.raw, row.mean, row.low, row.high) == tuple(source[["raw", "mean", "q2.5", "q97.5"]])
        assert row.raw_high - row.raw == pytest.approx(1.96 * source["raw_se"])


def test_what_a_table_lacks_is_not_a_number() -> None:
    row = trial_rows(pd.DataFrame({"trial": ["a"], "raw": [1.0], "mean": pd.Series([pd.NA], dtype="Float64")}))[0]
    assert row.label == "a"
    assert np.isnan([row.n, row.mean, row.low, row.weight, row.raw_low]).all()


def test_summaries_stand_below_the_trials_and_only_those_that_exist(pooled: dict[str, float]) -> None:
    assert summary_rows(3, pooled=None, new_trial=None, two_stage=None) == []
    two_stage = {"estimate": -4.0, "ci_wald": [-6.0, -2.0], "ci_hartung_knapp": [-7.0, -1.0]}
    rows = summary_rows(3, pooled=pooled, new_trial=pooled, two_stage=two_stage)
    assert [row.kind for row in rows] == ["pooled", "new", "two_stage"]
    assert min(row.y for row in rows) > 3
    assert (rows[2].low, rows[2].high, rows[2].label) == (-7.0, -1.0, "Two-stage REML, Hartung-Knapp")


def test_the_wald_interval_is_drawn_and_named_where_there_is_no_other() -> None:
    row = summary_rows(1, pooled=None, new_trial=None, two_stage={"estimate": -4.0, "ci_wald": [-6.0, -2.0]})[0]
    assert (row.low, row.high, row.label) == (-6.0, -2.0, "Two-stage REML, Wald")


def test_trials_of_a_group_stand_together_below_its_name_and_those_without_one_come_last(
    consortium_effects: pd.DataFrame,
) -> None:
    rows = trial_rows(consortium_effects)
    headings = [row.label for row in rows if row.kind == "heading"]
    assert headings == [*dict.fromkeys(consortium_effects["group"][:-1]), "Other trials"]
    assert [row.y for row in rows] == list(range(len(rows)))
    trials = [row for row in rows if row.kind == "trial"]
    assert sorted(row.raw for row in trials) == sorted(consortium_effects["raw"])
    assert trials[0].raw == consortium_effects["raw"][0] and trials[1].raw == consortium_effects["raw"][4]


def test_without_groups_there_is_no_heading(consortium_effects: pd.DataFrame) -> None:
    rows = trial_rows(consortium_effects.assign(group=None))
    assert {row.kind for row in rows} == {"trial"}
