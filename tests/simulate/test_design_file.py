from pathlib import Path

import pytest

from ipdma.errors import SimulationError
from ipdma.simulate.design import TrialDesign
from ipdma.simulate.design_file import read_design, read_designs


def read(tmp_path: Path, text: str) -> TrialDesign:
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_design(path)


def test_a_design_holds_arms_visits_and_the_source_of_every_field(design: TrialDesign) -> None:
    placebo, drug = design.arms
    assert not placebo.active and placebo.number_of_doses is None
    assert drug.active and (drug.n, drug.dose, drug.dose_unit, drug.number_of_doses) == (40, 50.0, "mg", 4.0)
    assert [visit.doses_before for visit in design.visits] == [None, 2.0, None]
    assert design.sources["arms[1].n"] == "filled: equal arms"
    assert design.sources["arms[2].dose"] == "a registry"


def test_a_value_without_source_is_refused_with_its_line(tmp_path: Path, design_text: str) -> None:
    with pytest.raises(SimulationError, match=r"line 8: arms\[2\].n needs either a source or the rule"):
        read(tmp_path, design_text.replace("n: {value: 40, source: a registry}", "n: {value: 40}"))
    with pytest.raises(SimulationError, match=r"line 8: arms\[2\].n must be {value: ..., source: ...}"):
        read(tmp_path, design_text.replace("n: {value: 40, source: a registry}", "n: 40"))


def test_an_active_arm_needs_its_whole_profile(tmp_path: Path, design_text: str) -> None:
    with pytest.raises(SimulationError, match="needs dose, number_of_doses and timing_min, or none"):
        read(tmp_path, design_text.replace("    timing_min: {value: 60, source: a registry}\n", ""))


def test_an_unknown_key_is_named_with_its_nearest(tmp_path: Path, design_text: str) -> None:
    with pytest.raises(SimulationError, match="unknown key 'hold'.*did you mean 'holds'"):
        read(tmp_path, design_text.replace("holds: text, text", "holds: text, hold: 1, text"))


def test_an_unknown_format_is_refused(tmp_path: Path, design_text: str) -> None:
    with pytest.raises(SimulationError, match="format is 'sas'. Known: csv, spss, stata, excel"):
        read(tmp_path, design_text.replace("format: csv", "format: sas"))


def test_a_missing_key_is_named(tmp_path: Path, design_text: str) -> None:
    with pytest.raises(SimulationError, match="the file lacks instrument"):
        read(tmp_path, design_text.replace("instrument: {value: scale_a, filled: any}\n", ""))


def test_a_folder_without_designs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="holds no design file"):
        read_designs(tmp_path)
