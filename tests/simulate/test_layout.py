import dataclasses

import numpy as np
import pytest

from ipdma.errors import SimulationError
from ipdma.schemas.scale import Scale
from ipdma.simulate.design import ColumnLayout, FileLayout, TrialDesign
from ipdma.simulate.layout import raw_sheet, stacked
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import Truth
from ipdma.simulate.worked import simulate_trials


@pytest.fixture
def trial(design: TrialDesign, truth: Truth, scale: Scale) -> SimulatedTrial:
    return simulate_trials((design,), truth, seed=1, scales={"scale_a": scale})["trial_a"]


def test_a_wide_file_has_a_row_a_participant_and_a_column_for_each_item_and_visit(trial: SimulatedTrial) -> None:
    sheet = raw_sheet(trial, trial.design.files[0])
    names = list(sheet.cells)
    assert len(sheet.cells) == 80
    assert names[:6] == ["id", "grp", "alter", "ad", "x01_a", "x02_a"]
    assert names[-3:] == ["s3_start", "s4_start", "remark"]
    assert list(sheet.declared_missing)[-1] == "x20_c" and len(sheet.declared_missing) == 60
    assert sheet.labels["x02_b"] == "Item 2, b"


def test_arms_are_coded_as_the_layout_says(trial: SimulatedTrial) -> None:
    cells = raw_sheet(trial, trial.design.files[0]).cells
    assert (cells["grp"] == trial.people["arm"].map({"placebo": 2.0, "drug_low": 1.0})).all()


def test_an_item_left_out_has_its_code_and_a_missed_visit_is_empty(trial: SimulatedTrial) -> None:
    cells = raw_sheet(trial, trial.design.files[0]).cells
    posts = cells[[f"x{i:02d}_c" for i in range(1, 21)]]
    missed = trial.scores["post"].isna().to_numpy()
    assert missed.any() and posts[missed].isna().all(axis=None)
    left_out = trial.items[trial.items["visit"] == "post"]["answer"].isna().sum()
    assert left_out > 0 and (posts == 99).sum().sum() == left_out
    assert not posts[~missed].isna().any(axis=None)


def test_times_are_clock_times_with_the_planned_minutes_between_them(trial: SimulatedTrial) -> None:
    cells = raw_sheet(trial, trial.design.files[0]).cells
    clock = cells[["s1_pill", "s1_start"]].dropna()
    assert clock["s1_pill"].str.fullmatch(r"\d\d:\d\d").all()
    minutes = clock.apply(lambda column: [int(t[:2]) * 60 + int(t[3:]) for t in column])
    assert (minutes["s1_start"] - minutes["s1_pill"]).between(40, 80).all()


def test_a_long_file_has_a_row_for_each_visit_that_took_place(trial: SimulatedTrial) -> None:
    columns = (
        ColumnLayout(name="id", holds="participant_id"),
        ColumnLayout(name="week", holds="visit"),
        ColumnLayout(name="sum", holds="total"),
        ColumnLayout(name="q{i}", holds="items", set="all"),
    )
    layout = FileLayout(file="x.dta", format="stata", rows="visit", columns=columns, visits={"pre": 0, "post": 4})
    cells = raw_sheet(trial, layout).cells
    seen = trial.scores[["pre", "post"]].notna().to_numpy().sum()
    assert len(cells) == seen
    assert set(cells["week"]) == {0.0, 4.0}
    assert cells["sum"].notna().all()
    assert np.isnan(cells.filter(like="q").to_numpy()).sum() > 0  # items left out are empty: the layout has no code
    first = trial.people["participant_id"].iloc[0]
    row = cells[(cells["id"] == first) & (cells["week"] == 0)]
    assert row["sum"].item() == trial.scores["pre"].iloc[0] == row.filter(like="q").sum(axis=1).item()


def test_a_column_that_holds_something_unknown_is_refused(trial: SimulatedTrial) -> None:
    layout = dataclasses.replace(trial.design.files[0], columns=(ColumnLayout(name="w", holds="weight_kg"),))
    with pytest.raises(SimulationError, match="trial_a: column 'w' holds 'weight_kg', which no simulated trial has"):
        raw_sheet(trial, layout)


def test_trials_that_share_a_file_stand_under_each_other(trial: SimulatedTrial) -> None:
    sheet = raw_sheet(trial, trial.design.files[0])
    both = stacked([sheet, sheet])
    assert len(both.cells) == 160 and list(both.cells) == list(sheet.cells)
    assert stacked([sheet]) is sheet
