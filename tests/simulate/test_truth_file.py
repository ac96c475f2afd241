from pathlib import Path

import pytest

from ipdma.errors import SimulationError
from ipdma.simulate.truth_file import Truth, read_truth


def read(tmp_path: Path, text: str) -> Truth:
    path = tmp_path / "truth.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_truth(path)


def test_a_truth_holds_the_effect_and_what_surrounds_it(truth: Truth) -> None:
    assert (truth.effect.effect, truth.effect.kappa, truth.effect.tau) == (-4.0, 9.0, 0.0)
    assert truth.modifiers["antidepressant_baseline"].within == 2.0
    assert truth.drop_out.by_phase["post"] == 0.1
    assert truth.most_items_left_out == 2


def test_without_a_plateau_the_effect_is_proportional_to_the_number_of_doses(tmp_path: Path, truth_text: str) -> None:
    assert read(tmp_path, truth_text.replace("kappa: 9", "kappa: none")).effect.kappa is None


def test_a_missing_number_is_named_with_its_place(tmp_path: Path, truth_text: str) -> None:
    with pytest.raises(SimulationError, match="effect lacks tau"):
        read(tmp_path, truth_text.replace("  tau: 0\n", ""))


def test_a_text_where_a_number_belongs_is_refused_with_its_line(tmp_path: Path, truth_text: str) -> None:
    with pytest.raises(SimulationError, match="truth.yaml line 15: baseline_sd must be a number"):
        read(tmp_path, truth_text.replace("baseline_sd: 15", "baseline_sd: much"))
