"""What an analysis file says and its analysis does not use is said."""

from pathlib import Path

from ipdma.analysis_file.read import read_analysis
from ipdma.project.unused_keys import unused_keys

BASE = """\
analysis: 1
outcome: {construct: symptom_severity, visit: post}
contrast: {treatment: drug, control: placebo}
modifiers: [age_years]
main_dosing_variable: number_of_doses
curves: {number_of_doses: [plateau]}
claims: {levelling: {early: [1, 9], late: [9, 12]}}
"""


def said(folder: Path, text: str) -> list[str]:
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return list(unused_keys(read_analysis(folder / "own.yaml")))


def test_where_everything_is_used_nothing_is_said(tmp_path: Path) -> None:
    assert said(tmp_path, BASE) == []


def test_a_two_stage_analysis_names_what_only_one_stage_models_have(tmp_path: Path) -> None:
    (sentence,) = said(tmp_path, BASE + "model: {form: two_stage}\n")
    assert sentence == ("Not used, as model.form is two_stage: curves, claims, modifiers are of one-stage models only.")


def test_a_claim_that_a_layer_cannot_make_is_not_lost_in_silence(tmp_path: Path) -> None:
    text = "analysis: 1\nextends: base\ncurves: {number_of_doses: [quadratic]}\n"
    (sentence,) = said(tmp_path, text)
    assert sentence.startswith("No claim is made on levelling off")
