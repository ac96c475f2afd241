import dataclasses
import datetime
from pathlib import Path

import pandas as pd
import pytest

from ipdma.schemas.scale import Scale
from ipdma.simulate.design import ColumnLayout, FileLayout
from ipdma.simulate.design_file import read_design
from ipdma.simulate.layout import raw_sheet
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import Truth
from ipdma.simulate.worked import simulate_trials

MORE = """\
  measures:
    weight_kg:
      mean: {value: 60, filled: adults}
      sd: {value: 12, filled: adults}
      minimum: {value: 40, filled: adults}
      maximum: {value: 100, filled: adults}
  randomized: {value: ["2010-01-15", "2011-06-30"], filled: any}
files:
"""


@pytest.fixture
def trial(tmp_path: Path, design_text: str, truth: Truth, scale: Scale) -> SimulatedTrial:
    path = tmp_path / "trial_a.yaml"
    between = "    between: {weight_kg: {value: [40, 55], filled: light}}\nvisits:\n"
    path.write_text(design_text.replace("files:\n", MORE).replace("visits:\n", between, 1), "utf-8", newline="\n")
    return simulate_trials((read_design(path),), truth, seed=1, scales={"scale_a": scale})["trial_a"]


def cells(trial: SimulatedTrial, *columns: ColumnLayout, rows: str = "participant") -> pd.DataFrame:
    visits = {"pre": "0", "half": "1", "post": "2"}
    identity = ColumnLayout(name="id", holds="participant_id")
    layout = FileLayout(file="x", format="csv", rows=rows, columns=(identity, *columns), visits=visits, missed=999)  # type: ignore[arg-type]
    return raw_sheet(trial, layout).cells


def test_a_measure_stays_in_its_arms_range(trial: SimulatedTrial) -> None:
    weight = cells(trial, ColumnLayout(name="kg", holds="weight_kg"))["kg"]
    light = trial.people["arm"] == "drug_low"
    assert weight[light].between(40, 55).all()
    assert weight[~light].max() > 60 and weight.between(40, 100).all()


def test_days_are_written_in_the_stated_format(trial: SimulatedTrial) -> None:
    written = cells(trial, ColumnLayout(name="on", holds="randomized_on", format="%d.%m.%Y"))["on"]
    days = [datetime.datetime.strptime(day, "%d.%m.%Y").date() for day in written]
    assert days == sorted(days) == list(trial.people["randomized_on"])
    assert days[0] >= datetime.date(2010, 1, 15) and days[-1] <= datetime.date(2011, 6, 30)


def test_a_visit_has_its_day_and_a_missed_one_none(trial: SimulatedTrial) -> None:
    column = ColumnLayout(name="day_{visit}", holds="visit_date", format="%Y-%m-%d")
    written = cells(trial, column)["day_2"]
    assert (written.isna() == trial.scores["post"].isna()).all() and written.isna().any()
    row = int(written.notna().idxmax())
    after = datetime.date.fromisoformat(written[row]) - trial.people["randomized_on"][row]
    assert after.days == trial.days["post"][row] and abs(after.days - 28) <= 2


def test_totals_may_be_means_and_missed_ones_a_code(trial: SimulatedTrial) -> None:
    column = ColumnLayout(name="m_{visit}", holds="total", divide_by=20)
    means = cells(trial, column)["m_2"]
    missed = trial.scores["post"].isna()
    assert (means[missed] == 999).all() and missed.any()
    assert (means[~missed] == (trial.scores["post"][~missed].astype(float) / 20).round(2)).all()


def test_subtotals_add_up_the_answers_of_a_set(trial: SimulatedTrial) -> None:
    sums = cells(trial, ColumnLayout(name="s_{visit}", holds="subtotal", set="all"))["s_0"]
    assert sums.tolist() == trial.scores["pre"].tolist()  # one set; forms at baseline are complete


def test_what_is_asked_once_stands_only_at_its_visit(trial: SimulatedTrial) -> None:
    once = ColumnLayout(name="group", holds="arm", only_at="pre")
    frame = cells(trial, ColumnLayout(name="when", holds="visit"), once, rows="visit")
    assert (frame["group"].notna() == (frame["when"] == "0")).all()
    assert frame["group"].notna().sum() == len(trial.people)


def test_a_file_of_sessions_has_a_row_for_each_that_took_place(trial: SimulatedTrial) -> None:
    columns = (
        ColumnLayout(name="n", holds="session"),
        ColumnLayout(name="at", holds="start"),
        ColumnLayout(name="trial", holds="trial", codes={"trial_a": 7}),
    )
    frame = cells(trial, *columns, rows="session")
    counts = cells(trial, ColumnLayout(name="times", holds="sessions_attended")).set_index("id")["times"]
    assert len(frame) == len(trial.sessions)
    assert frame.groupby("id").size().to_dict() == counts.to_dict()
    assert (frame.groupby("id")["n"].max() == counts).all()
    assert (frame["at"].isna() == trial.sessions["start"].isna()).all() and set(frame["trial"]) == {7}


def test_a_design_without_more_than_it_had_keeps_its_numbers(
    trial: SimulatedTrial, tmp_path: Path, design_text: str, truth: Truth, scale: Scale
) -> None:
    path = tmp_path / "trial_a.yaml"
    path.write_text(design_text, "utf-8", newline="\n")
    plain = simulate_trials((read_design(path),), truth, seed=1, scales={"scale_a": scale})["trial_a"]
    same = ["participant_id", "arm", "age_years", "sex", "antidepressant_baseline", "baseline"]
    pd.testing.assert_frame_equal(plain.people[same], trial.people[same])
    assert dataclasses.replace(plain.design.people, id="x").randomized is None
