"""In the coordinates of the maps a posterior is close to standard normal, whatever its shape."""

import numpy as np
import pytest

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.models.build_inputs import build_inputs, without_trials
from ipdma.models.graph import build_model
from ipdma.models.inputs import Inputs
from ipdma.models.maps import ROWS
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import HalfCauchy, Prior, Uniform
from ipdma.simulate.arrays import simulate_rows
from ipdma.simulate.effects import TrueEffect
from ipdma.simulate.simulated_design import simulated_design

MODEL = OneStage(main=Plateau("number_of_doses"), shifts=(LogLinear("dose"),))


def inputs_of(model: OneStage, people: int = 2000) -> Inputs:
    """Six large trials without heterogeneity, levelling at four doses: a sharp peak where tau is small."""
    truth = TrueEffect(effect=-4.5, tau=0.0, kappa=4.0)
    rows, arms = simulate_rows(6, people, 1, truth=truth, residual_sd="equal")
    return build_inputs(simulated_design(rows, arms, model), model)


@pytest.mark.parametrize("tau", [None, Uniform(0.0, 10.0), HalfCauchy(3.0)])
def test_the_density_of_the_coordinates_is_close_to_standard_normal(tau: Prior | None) -> None:
    inputs = inputs_of(OneStage(main=MODEL.main, shifts=MODEL.shifts, priors={"tau": tau} if tau else {}))
    model = build_model(inputs)
    logp = model.compile_logp(sum=True)
    z = np.linspace(-2.5, 2.5, 11)
    at = {"residual_sd_": np.zeros(6)}
    found = np.array([[logp(at | {"tau_": np.array(a), "kappa_": np.array(b)}) for b in z] for a in z])
    departure = found + 0.5 * z[:, None] ** 2 + 0.5 * z[None, :] ** 2
    # Without maps it departs by more than a hundred; the largest departures are where the peak ends.
    assert np.median(np.abs(departure - np.median(departure))) < 0.1
    assert np.abs(departure - np.median(departure)).max() < 3.0


def test_far_out_no_wall_of_tau_stops_a_long_step() -> None:
    # Small trials leave much room near tau = 0. A wall there (slopes of 80 where the normal has 8) made a step diverge.
    inputs = inputs_of(MODEL, people=50)
    slope = build_model(inputs).compile_dlogp()
    at = {"kappa_": np.zeros(()), "residual_sd_": np.zeros(6)}
    for z in (-8.0, -6.0, -4.6, 4.6, 6.0, 8.0):
        assert abs(slope(at | {"tau_": np.array(z)})[0] + z) < 5.0


def test_a_left_out_trial_gets_maps_of_its_own() -> None:
    inputs = inputs_of(MODEL)
    full, left = (i.pack.arrays for i in (inputs, without_trials(inputs, [0])))
    assert without_trials(inputs, [0]).key == inputs.key
    assert not np.allclose(full["tau_controls"], left["tau_controls"])
    assert full["score_controls"].shape[0] == ROWS + 2


def test_several_parameters_keep_their_prior_scores() -> None:
    data = inputs_of(OneStage(main=BrokenLine("number_of_doses")), people=50)
    names = data.pack.shapes
    assert len(data.sampled) == 2
    assert "score_controls" not in names
    assert "tau_controls" in names
