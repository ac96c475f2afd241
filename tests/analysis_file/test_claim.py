"""A claim is read with its landmarks, and only where a curve can carry it in words."""

from pathlib import Path

import pytest

from ipdma.analysis_file.read import AnalysisFile, patched, read_analysis
from ipdma.curves.levelling import Levelling
from ipdma.errors import AnalysisError

TWO_LINES = "outcome: {construct: symptom_severity, visit: post}\ncontrast: {treatment: drug, control: placebo}\n"
DOSES = TWO_LINES + "curves: {number_of_doses: [plateau, linear]}\nmain_dosing_variable: number_of_doses\n"
CLAIM = "claims: {levelling: {early: [1, 9], late: [9, 12]}}\n"


@pytest.fixture
def read(tmp_path: Path) -> object:
    def _read(text: str) -> AnalysisFile:
        path = tmp_path / "analysis.yaml"
        path.write_text(text, encoding="utf-8")
        return read_analysis(path)

    return _read


def test_the_landmarks_stand_on_every_model_with_a_main_curve_and_not_on_the_headline(read: type) -> None:
    file = read(DOSES + CLAIM)
    assert file.claim == Levelling(early=(1.0, 9.0), late=(9.0, 12.0))
    assert file.plain.levelling is None
    assert [model.levelling for model in file.beside] == [file.claim, file.claim]


def test_without_the_key_there_is_no_claim(read: type) -> None:
    file = read(DOSES)
    assert (file.claim, [model.levelling for model in file.beside]) == (None, [None, None])


def test_landmarks_of_a_dose_come_in_the_unit_of_its_reference(read: type) -> None:
    dose = TWO_LINES + "curves: {dose: emax}\nmain_dosing_variable: dose\n"
    claim = "claims: {levelling: {early: [50 mg, 0.25 g], late: [250 mg, 500 mg]}}\n"
    assert read(dose + claim + "reference: {dose: 50 mg}\n").claim == Levelling((50.0, 250.0), (250.0, 500.0))
    with pytest.raises(AnalysisError, match=r"line 5: claims.levelling.early has a unit: state `reference: \{dose: "):
        read(dose + claim)
    with pytest.raises(AnalysisError, match=r"early\[1\] needs a unit, because dose has a choice of units"):
        read(dose + CLAIM)


def test_where_the_curve_is_refused_the_claim_is_not_told_that_it_lacks_one(read: type) -> None:
    dosing = "curves: {number_of_doses: plato}\nmain_dosing_variable: number_of_doses\n"
    with pytest.raises(AnalysisError, match=r"did you mean 'plateau'\?") as told:
        read(TWO_LINES + dosing + CLAIM)
    assert "needs a main curve" not in str(told.value)


MISTAKES = {
    "no main curve": (TWO_LINES + CLAIM, "line 3: a claim of levelling needs a main curve: say main_dosing_variable"),
    "a curve without words": (
        DOSES.replace("[plateau, linear]", "[quadratic, plateau]") + CLAIM,
        "line 5: the first curve of number_of_doses carries the claim, but quadratic carries no words: put one of "
        "plateau, emax, broken_line first",
    ),
    "a spline": (
        DOSES.replace("[plateau, linear]", "{spline: {knots: [0, 5, 12]}}") + CLAIM,
        "line 5: the first curve of number_of_doses carries the claim, but spline carries no words: put one of ",
    ),
    "another claim": (
        DOSES + "claims: {leveling: 1}\n",
        "line 5: unknown key 'leveling' in claims, did you mean 'lev",
    ),
    "a list": (DOSES + "claims: [levelling]\n", "line 5: at most one claim carries words, and it is not a list"),
    "nothing": (DOSES + "claims: {}\n", "line 5: claims names no claim: write claims: {levelling: "),
    "one stretch": (DOSES + "claims: {levelling: {early: [1, 9]}}\n", "line 5: a claim of levelling needs late, from"),
    "one end": (
        DOSES + "claims: {levelling: {early: [1], late: [9, 12]}}\n",
        "line 5: claims.levelling.early must be two values, from and to",
    ),
    "landmarks out of order": (
        DOSES + "claims: {levelling: {early: [1, 9], late: [8, 12]}}\n",
        "line 5: levelling compares an early stretch with a late one that begins where the early one ends, or later",
    ),
    "no number": (
        DOSES + "claims: {levelling: {early: [one, 9], late: [9, 12]}}\n",
        r"line 5: claims.levelling.early\[1\]: 'one' is not a number",
    ),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_line_and_a_way_out(read: type, text: str, message: str) -> None:
    with pytest.raises(AnalysisError, match=f"^analysis.yaml {message}"):
        read(text)


def test_a_patch_without_a_curve_that_carries_words_has_no_claim(read: type) -> None:
    file = read(DOSES + CLAIM)
    assert patched(file, {"curves": {}}).claim is None
    assert patched(file, {"curves": {"number_of_doses": "quadratic"}}).claim is None
    assert patched(file, {"curves": {"number_of_doses": "linear"}}).claim == file.claim
    with pytest.raises(AnalysisError, match="carries no words"):
        patched(file, {"curves": {"number_of_doses": "quadratic"}, "claims": {"levelling": {"early": [1, 9]}}})
