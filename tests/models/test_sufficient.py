"""Cross-products of trials on the layout of a model's coefficients."""

from dataclasses import replace

import numpy as np
import pytest

from ipdma.design.design import Design
from ipdma.estimand import Coding
from ipdma.models.build_inputs import build_inputs
from ipdma.models.default_priors import default_priors
from ipdma.models.one_stage import OneStage
from ipdma.models.sufficient import Layout, sufficient
from ipdma.priors.prior import Normal, Sd
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import ESTIMAND, simulated_design

MODEL = OneStage(modifiers=("z", "baseline_severity"), interaction_across=True)
STEPS = {"z": 10.0, "baseline_severity": 5.0}


@pytest.fixture(scope="module")
def designs() -> tuple[Design, Design]:
    """A simulated design, and the same told per step of its modifiers."""
    rows, arms = simulate_rows(3, 20, 1, within=-2.0)
    per = {name: Coding(per=step) for name, step in STEPS.items()}
    plain, stepped = (
        simulated_design(rows, arms, MODEL, estimand) for estimand in (ESTIMAND, replace(ESTIMAND, coding=per))
    )
    return plain, stepped


def test_an_interaction_per_ten_units_has_a_tenth_of_its_column(designs: tuple[Design, Design]) -> None:
    layout = Layout.of(designs[0], MODEL)
    plain, stepped = (sufficient(design, layout) for design in designs)
    # The last coefficients of a trial are the interactions, baseline severity (column b) first.
    scale = np.ones(plain.gram.shape[-1])
    scale[-2:] = [STEPS["baseline_severity"], STEPS["z"]]
    np.testing.assert_allclose(stepped.gram * scale * scale[:, None], plain.gram, rtol=1e-12)
    np.testing.assert_allclose(stepped.cross * scale, plain.cross, rtol=1e-12)


def test_a_step_changes_units_and_no_prior_belief(designs: tuple[Design, Design]) -> None:
    plain, stepped = (default_priors(design, MODEL) for design in designs)
    for kind in ("within", "across"):
        for name, step in STEPS.items():
            before, now = plain[f"{kind}.{name}"], stepped[f"{kind}.{name}"]
            assert isinstance(before, Normal)
            assert isinstance(now, Normal)
            assert isinstance(before.sd, Sd)
            assert isinstance(now.sd, Sd)
            assert now.sd.times == pytest.approx(step * before.sd.times)
    unchanged = [name for name in plain if not name.startswith(("within", "across"))]
    assert {name: plain[name] for name in unchanged} == {name: stepped[name] for name in unchanged}


def test_deviations_across_trials_are_told_per_step_too(designs: tuple[Design, Design]) -> None:
    plain, stepped = (build_inputs(design, MODEL).data for design in designs)
    before, now = (pack.arrays["columns"][1:] for pack in (plain, stepped))
    np.testing.assert_allclose(now * np.array([5.0, 10.0])[:, None, None], before, rtol=1e-12)
