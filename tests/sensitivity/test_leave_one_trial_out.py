"""Each trial left out in turn."""

from dataclasses import replace

from ipdma.analysis import Analysis
from ipdma.sensitivity.leave_one_trial_out import LeaveOneTrialOut


def test_each_trial_is_left_out_once_under_its_label(plain: Analysis) -> None:
    variants = dict(LeaveOneTrialOut().variants(plain))
    assert list(variants) == [f"without Trial {i:02d}" for i in range(1, 6)]
    assert [other.without for other in variants.values()] == [(trial,) for trial in plain.design.trials]


def test_one_trial_alone_cannot_be_left_out(plain: Analysis) -> None:
    alone = replace(plain, estimand=replace(plain.estimand, include="trial == 'trial_01'"))
    assert list(LeaveOneTrialOut().variants(alone)) == []
