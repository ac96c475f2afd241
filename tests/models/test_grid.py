"""The grid against the elimination it stands on, with every trial's own parameters integrated again."""

import numpy as np
import pytest
from scipy.special import ndtr

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.levelling import Levelling
from ipdma.curves.linear import Linear
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.curves.quadratic import Quadratic
from ipdma.models.build_inputs import build_inputs
from ipdma.models.columns import columns_of
from ipdma.models.elimination import marginal
from ipdma.models.grid import grid_posterior
from ipdma.models.inputs import Inputs
from ipdma.models.one_stage import OneStage
from ipdma.models.own_parts import numbers_in
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design

LEVELLING = Levelling((1.0, 9.0), (9.0, 12.0))
MODEL = OneStage(main=Plateau("number_of_doses"), shifts=(LogLinear("dose"),), levelling=LEVELLING)


def inputs_of(model: OneStage, seed: int = 3) -> Inputs:
    return build_inputs(simulated_design(*simulate_rows(8, 30, seed), model), model)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return inputs_of(MODEL)


def test_weights_are_marginal_likelihoods_times_priors(inputs: Inputs) -> None:
    # The same from ``marginal``, which eliminates a trial's own parameters at every point anew.
    grid = grid_posterior(inputs, points=6, taus=4)
    data = inputs.data.arrays
    columns = columns_of(inputs, grid.parameters)
    numbers, sd = numbers_in(data), np.exp(data["log_sd_mean"])
    none = np.zeros(0, dtype=np.int64)
    fixed = numbers, data["root"], False, False
    value = np.array([[marginal(c, none, t, sd, *fixed)[0] for t in grid.tau] for c in columns])
    # Points of kappa have one prior weight, so along kappa only the likelihood differs.
    found = np.log(grid.weight) - np.log(grid.weight[:1])
    assert found == pytest.approx(value - value[:1], abs=1e-8)


def test_a_finer_grid_says_the_same(inputs: Inputs) -> None:
    usual, fine = grid_posterior(inputs), grid_posterior(inputs, points=400, taus=60)
    for name in ("mean", "sd", "q2.5", "q97.5"):
        assert usual.effect().summary()[name] == pytest.approx(fine.effect().summary()[name], abs=2e-3)
    assert usual.mean_sd("tau") == pytest.approx(fine.mean_sd("tau"), rel=1e-3)
    assert usual.mean_sd("kappa") == pytest.approx(fine.mean_sd("kappa"), rel=5e-3)
    assert usual.not_rising(LEVELLING) == pytest.approx(fine.not_rising(LEVELLING), abs=0.01)


def test_the_effect_at_any_value_is_read_off_the_curve(inputs: Inputs) -> None:
    grid = grid_posterior(inputs)
    assert grid.effect().summary() == pytest.approx(grid.linear("effect").summary())
    assert grid.effect(5.0).summary() == pytest.approx(grid.effect().summary())
    assert abs(grid.effect(12.0).summary()["mean"]) > abs(grid.effect(2.0).summary()["mean"])


def test_without_effect_the_claim_keeps_about_its_prior() -> None:
    # Nothing is learned about the shape where trials are tiny: P stays near the 1/2 the priors are set for.
    rows, arms = simulate_rows(3, 8, 1)
    inputs = build_inputs(simulated_design(rows, arms, MODEL), MODEL)
    assert grid_posterior(inputs).not_rising(LEVELLING) == pytest.approx(0.5, abs=0.1)


def test_not_rising_counts_the_likelier_sign_only(inputs: Inputs) -> None:
    grid = grid_posterior(inputs)
    kappa, effect = grid.parameters["kappa"], grid.linear("effect")
    below = (effect.weight * ndtr(-effect.mean / effect.sd)).reshape(grid.weight.shape).sum(axis=1)
    g = lambda x: Plateau("").relative(x, 5.0, kappa=kappa)  # noqa: E731
    told = (g(12.0) - g(9.0)) / 3 < 0.25 * (g(9.0) - g(1.0)) / 8
    assert below.sum() > 0.5
    assert grid.not_rising(LEVELLING) == pytest.approx(below[told].sum() / below.sum())


def test_a_line_rises_a_broken_line_may_fall_and_a_quadratic_is_not_told() -> None:
    linear = OneStage(main=Linear("number_of_doses"), levelling=LEVELLING)
    assert grid_posterior(inputs_of(linear)).not_rising(LEVELLING) == 0.0
    broken = OneStage(main=BrokenLine("number_of_doses"), levelling=LEVELLING)
    grid = grid_posterior(inputs_of(broken), points=300)
    assert 0.0 < grid.not_rising(LEVELLING) < 1.0
    assert grid.effect(5.0).summary() == pytest.approx(grid.effect().summary())
    quadratic = grid_posterior(inputs_of(OneStage(main=Quadratic("number_of_doses"))))
    assert quadratic.effect().summary()["sd"] > 0
    with pytest.raises(ValueError, match="one coefficient only"):
        quadratic.not_rising(LEVELLING)


def test_a_common_effect_has_no_tau() -> None:
    grid = grid_posterior(inputs_of(OneStage(effect="common_effect")))
    assert grid.tau.tolist() == [0.0]
    assert grid.weight.sum() == pytest.approx(1.0)
    assert grid.parameters == {}
