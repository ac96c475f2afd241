"""An analysis is a value: other models, other trials and kept constants give other values."""

from dataclasses import replace

import numpy as np
import pytest

from ipdma.analysis import Analysis
from ipdma.curves.plateau import Plateau
from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.models.one_stage import OneStage
from ipdma.simulate.arrays import simulate_rows

ESTIMAND = Estimand(outcome="scale_a", visit="post", metric="raw", treatment="drug", control="control")


@pytest.fixture(scope="module")
def analysis(consortium_of) -> Analysis:
    rows, arms = simulate_rows(4, 30, 5, within=-2.0)
    return Analysis(consortium_of(rows, arms), ESTIMAND, OneStage(modifiers=("z",)))


def test_leaving_a_trial_out_changes_its_data_and_nothing_else(analysis: Analysis) -> None:
    left = analysis.leave_out("trial_03")
    whole, without = (a.inputs.data.arrays for a in (analysis, left))
    assert left.inputs.key == analysis.inputs.key
    assert left.design is analysis.design
    changed = {name for name in whole if not np.array_equal(whole[name], without[name])}
    assert changed == {"n", "gram", "cross", "square", "sd_analyzed"}
    assert list(without["n"] > 0) == [True, True, False, True]
    assert analysis.without == ()


def test_an_unknown_trial_to_leave_out_is_named(analysis: Analysis) -> None:
    with pytest.raises(DesignError, match="no trial 'trial_3' to leave out, did you mean 'trial_03'"):
        analysis.leave_out("trial_3")


def test_leaving_all_trials_out_is_refused(analysis: Analysis) -> None:
    with pytest.raises(DesignError, match="no trial would be left"):
        _ = analysis.leave_out(*analysis.design.trials).inputs


def test_a_model_with_the_same_terms_reads_the_same_design(analysis: Analysis) -> None:
    design = analysis.design
    assert analysis.with_model(OneStage(modifiers=("z",), residual_sd="common")).design is design
    assert analysis.with_model(OneStage()).design is not design


def test_a_print_is_one_screen_with_question_model_data_and_priors(analysis: Analysis) -> None:
    lines = str(analysis.leave_out("trial_03")).splitlines()
    assert lines[:3] == [
        "Analysis: drug against control",
        "outcome     scale_a at post, metric raw",
        "model       plain: no curve, no term that compares trials",
    ]
    assert "data        4 trials, 119 participants analyzed" in lines
    assert "without     trial_03" in lines
    assert [line.split()[0] for line in lines[lines.index("priors") + 1 :]][:2] == ["effect", "tau"]
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100


def test_a_reference_is_printed_in_its_unit(analysis: Analysis) -> None:
    estimand = replace(analysis.estimand, reference={"number_of_doses": 11})
    curved = Analysis(analysis.consortium, estimand, OneStage(main=Plateau("number_of_doses")))
    assert "reference   number_of_doses 11" in str(curved).splitlines()


def test_a_print_of_what_the_tables_cannot_answer_says_why(analysis: Analysis) -> None:
    wrong = Analysis(analysis.consortium, replace(ESTIMAND, treatment="other"), OneStage())
    assert "refused: no arm has treatment 'other'. Treatments: control, drug." in str(wrong)
