"""Constants taken from the data are those of the analysis as stated."""

from dataclasses import replace

import numpy as np
import pytest

from ipdma.design.design import Design, Terms, build_design
from ipdma.design.kept import with_constants_of
from ipdma.estimand import Estimand
from ipdma.simulate.arrays import simulate_rows

ESTIMAND = Estimand(outcome="scale_a", visit="post", metric="raw", treatment="drug", control="control")
TERMS = Terms(main="number_of_doses", modifiers=("z", "baseline_severity"))


@pytest.fixture(scope="module")
def designs(consortium_of) -> tuple[Design, Design, Design]:
    rows, arms = simulate_rows(6, 30, 5, within=-2.0)
    consortium = consortium_of(rows, arms)
    fewer = replace(ESTIMAND, include="trial != 'trial_05'")
    pomp = replace(ESTIMAND, metric="baseline_sd")
    no_baseline = replace(TERMS, modifiers=("z",))
    return (
        build_design(consortium, ESTIMAND, TERMS),
        build_design(consortium, fewer, TERMS),
        build_design(consortium, pomp, no_baseline),
    )


def test_fewer_trials_keep_scale_centers_and_reference(designs: tuple[Design, ...]) -> None:
    stated, fewer, _ = designs
    assert fewer.baseline_sd != stated.baseline_sd
    kept = with_constants_of(fewer, stated)
    assert kept.baseline_sd == stated.baseline_sd
    assert kept.reference == stated.reference
    np.testing.assert_array_equal(kept.center, stated.center)
    np.testing.assert_array_equal(kept.covariate_sd, stated.covariate_sd)
    assert kept.trials == fewer.trials
    assert kept.cells is fewer.cells


def test_another_metric_keeps_what_does_not_depend_on_the_unit(designs: tuple[Design, ...]) -> None:
    stated, _, other = designs
    kept = with_constants_of(other, stated)
    assert kept.baseline_sd == other.baseline_sd
    assert kept.reference == stated.reference
    b, z = other.covariates.index("b"), other.covariates.index("z")
    assert kept.center[b] == other.center[b]
    assert kept.center[z] == stated.center[stated.covariates.index("z")]
