"""The marginal likelihood as the C function that models call, and as an operation."""

import numpy as np
import pytest

from ipdma.curves.plateau import Plateau
from ipdma.models.backend import pt, pytensor
from ipdma.models.build_inputs import build_inputs
from ipdma.models.columns import columns_of
from ipdma.models.elimination import marginal
from ipdma.models.inputs import Inputs
from ipdma.models.marginal import MarginalLikelihood, marginal_of, values_of
from ipdma.models.one_stage import OneStage
from ipdma.models.own_parts import numbers_in
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.simulated_design import simulated_design

TRIALS, TAU, KAPPA = 5, 1.3, 6.0
SD = np.linspace(8.0, 12.0, TRIALS)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    model = OneStage(main=Plateau("number_of_doses"), modifiers=("z",))
    return build_inputs(simulated_design(*simulate_rows(TRIALS, 20, 2, within=-1.0), model), model)


def moved_at(inputs: Inputs, kappa: float) -> np.ndarray:
    return np.ascontiguousarray(columns_of(inputs, {"kappa": np.array([kappa])})[0][:1])


def test_the_c_function_gives_what_the_elimination_does(inputs: Inputs) -> None:
    moved, data, first = moved_at(inputs, KAPPA), inputs.data.arrays, np.zeros(1, dtype=np.int64)
    (columns,) = columns_of(inputs, {"kappa": np.array([KAPPA])})
    wanted = marginal(columns, first, TAU, SD, numbers_in(data), data["root"].copy(), False, True)
    for found, other in zip(marginal_of(moved, TAU, SD, inputs.pack.vector), wanted, strict=True):
        np.testing.assert_allclose(found, other, rtol=1e-10)


def test_values_alone_are_those_of_every_point_and_tau(inputs: Inputs) -> None:
    moved = np.stack([moved_at(inputs, kappa) for kappa in (3.0, KAPPA, 20.0)])
    taus, vector = np.array([0.0, 0.5 * TAU, TAU]), inputs.pack.vector
    found = values_of(moved, taus, SD, vector)
    for i, point in enumerate(moved):
        np.testing.assert_allclose(found[i], [marginal_of(point, tau, SD, vector)[0] for tau in taus], rtol=1e-12)


def test_one_residual_sd_of_all_trials_has_the_sum_of_their_gradients(inputs: Inputs) -> None:
    moved, vector = moved_at(inputs, KAPPA), inputs.pack.vector
    one, each = (marginal_of(moved, TAU, sd, vector) for sd in (np.array([9.0]), np.full(TRIALS, 9.0)))
    assert one[0] == pytest.approx(each[0], rel=1e-12)
    assert one[3] == pytest.approx([each[3].sum()], rel=1e-12)


@pytest.mark.parametrize("mode", ["FAST_COMPILE", "NUMBA"])
def test_the_gradient_of_the_operation_is_that_of_finite_differences(inputs: Inputs, mode: str) -> None:
    moved, tau, sd, vector = pt.dtensor3("moved"), pt.dscalar("tau"), pt.dvector("sd"), pt.dvector("vector")
    value, *_ = MarginalLikelihood()(moved, tau, sd, vector)
    gradient = pytensor.grad(value, [moved, tau, sd])
    function = pytensor.function([moved, tau, sd, vector], [value, *gradient], mode=mode)
    at, data, h = moved_at(inputs, KAPPA), inputs.pack.vector, 1e-5
    _, d_moved, d_tau, d_sd = function(at, TAU, SD, data)

    def along(d_at: np.ndarray, d: float, e: np.ndarray) -> float:
        ends = [float(function(at + k * h * d_at, TAU + k * h * d, SD + k * h * e, data)[0]) for k in (1, -1)]
        return (ends[0] - ends[1]) / (2 * h)

    still, none = np.zeros_like(at), np.zeros(TRIALS)
    assert float(d_tau) == pytest.approx(along(still, 1.0, none), rel=1e-5, abs=1e-6)
    assert float(d_sd[2]) == pytest.approx(along(still, 0.0, np.eye(TRIALS)[2]), rel=1e-5, abs=1e-6)
    step = np.ones_like(at)
    assert float(d_moved.sum()) == pytest.approx(along(step, 0.0, none), rel=1e-5, abs=1e-6)
