"""Analyses to vary, and their fits, sampled once."""

import pytest

from ipdma.analysis import Analysis
from ipdma.curves.hinge import Hinge
from ipdma.curves.plateau import Plateau
from ipdma.estimand import Estimand
from ipdma.fit import Fit, fit
from ipdma.models.one_stage import OneStage
from ipdma.simulate.arrays import simulate_rows

ESTIMAND = Estimand(
    outcome="scale_a",
    visit="post",
    metric="raw",
    treatment="drug",
    control="control",
    reference={"number_of_doses": 5, "timing_min": "60 min"},
    moves={"timing_min": ("60 min", "120 min")},
)
CURVES = OneStage(main=Plateau("number_of_doses"), shifts=(Hinge("timing_min", at=60.0),), modifiers=("z",))


@pytest.fixture(scope="session")
def plain(consortium_of) -> Analysis:
    rows, arms = simulate_rows(5, 30, 5, within=-2.0)
    return Analysis(consortium_of(rows, arms), ESTIMAND, OneStage(modifiers=("z",)))


@pytest.fixture(scope="session")
def curved(plain: Analysis) -> Analysis:
    return plain.with_model(CURVES)


@pytest.fixture(scope="session")
def fitted(plain: Analysis) -> Fit:
    return fit(plain, seed=1, draws=300, tune=300)
