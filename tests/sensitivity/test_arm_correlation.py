"""The correlation of a trial's active arms."""

from dataclasses import replace

import numpy as np

from ipdma.analysis import Analysis
from ipdma.sensitivity.arm_correlation import ArmCorrelation


def test_arms_are_uncorrelated_or_nearly_the_same(plain: Analysis) -> None:
    variants = dict(ArmCorrelation().variants(plain))
    assert list(variants) == ["correlation of a trial's arms 0", "correlation of a trial's arms 0.9"]
    for correlation, other in zip((0.0, 0.9), variants.values(), strict=True):
        root = other.inputs.data.arrays["root"]
        np.testing.assert_allclose(root @ root.T, [[1.0, correlation], [correlation, 1.0]], atol=1e-12)


def test_trials_with_one_active_arm_each_have_no_correlation(plain: Analysis) -> None:
    one = replace(plain, estimand=replace(plain.estimand, include="trial != 'trial_02'"))
    assert not one.design.arms["trial"].duplicated().any()
    assert list(ArmCorrelation().variants(one)) == []
