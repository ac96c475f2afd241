import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from ipdma._yaml import plain, read_yaml
from ipdma.errors import SimulationError
from ipdma.simulate.design import FileLayout, TypingError
from ipdma.simulate.faults import with_faults, write_corrections
from ipdma.simulate.layout import raw_sheet
from ipdma.simulate.trial import SimulatedTrial

Simulate = Callable[..., SimulatedTrial]


@pytest.fixture
def trial(simulated: Simulate) -> SimulatedTrial:
    return simulated(n=10)


def faulty(trial: SimulatedTrial) -> FileLayout:
    wrong = (TypingError(participant=3, column="alter", times=10),)
    return dataclasses.replace(trial.design.files[0], exported_twice=(1, 20), typing_errors=wrong)


def test_rows_exported_twice_stand_once_more_at_the_end(trial: SimulatedTrial) -> None:
    layout = faulty(trial)
    sheet = raw_sheet(trial, layout)
    cells = with_faults(sheet, layout, wrong=False).cells
    assert len(cells) == 22
    assert cells.iloc[20].equals(cells.iloc[0].rename(20)) and cells.iloc[21].equals(cells.iloc[19].rename(21))
    assert cells["alter"].tolist()[:20] == trial.people["age_years"].tolist()


def test_a_number_is_typed_wrong_only_where_there_is_a_correction(trial: SimulatedTrial) -> None:
    layout = faulty(trial)
    sheet = raw_sheet(trial, layout)
    wrong = with_faults(sheet, layout, wrong=True).cells["alter"]
    true = sheet.cells["alter"]
    assert wrong[2] == true[2] * 10 and wrong.drop([2, 20, 21]).equals(true.drop(2))


def test_corrections_say_what_stands_there_and_what_is_right(trial: SimulatedTrial, tmp_path: Path) -> None:
    with_errors = dataclasses.replace(trial, design=dataclasses.replace(trial.design, files=(faulty(trial),)))
    write_corrections(with_errors, tmp_path / "corrections")
    written = plain(read_yaml(tmp_path / "corrections" / "trial_a.yaml"))
    age = float(trial.people["age_years"][2])
    (change,) = written["changes"]
    assert written["corrections"] == 1
    assert change["id"] == trial.people["participant_id"][2] and change["column"] == "alter"
    assert (change["old"], change["new"]) == (age * 10, age)


def test_a_trial_without_typing_errors_has_no_file_of_corrections(trial: SimulatedTrial, tmp_path: Path) -> None:
    write_corrections(trial, tmp_path / "corrections")
    assert not (tmp_path / "corrections").exists()


def test_typing_errors_need_a_row_a_participant(trial: SimulatedTrial, tmp_path: Path) -> None:
    long = dataclasses.replace(faulty(trial), rows="visit")
    with_errors = dataclasses.replace(trial, design=dataclasses.replace(trial.design, files=(long,)))
    with pytest.raises(SimulationError, match="trial_a: trial_a.csv has typing errors but several rows a participant"):
        write_corrections(with_errors, tmp_path)
