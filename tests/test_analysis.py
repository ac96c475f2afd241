"""An analysis is a value: other models, other trials and kept constants give other values."""

import numpy as np
import pytest

from ipdma.analysis import Analysis
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
    whole, without = (a.inputs.pack.unpack(a.inputs.pack.vector) for a in (analysis, left))
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
