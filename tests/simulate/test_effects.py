import numpy as np
import pandas as pd
import pytest

from ipdma.curves.plateau import Plateau
from ipdma.simulate.effects import TrueEffect, arm_effects, main_curve, mean_effect, plateau


def profiles(number_of_doses: list[float], dose: float = 50.0, timing_min: float = 60.0) -> pd.DataFrame:
    return pd.DataFrame({"number_of_doses": number_of_doses, "dose": dose, "timing_min": timing_min})


def test_the_plateau_is_zero_without_a_dose_rises_by_one_a_dose_and_stays() -> None:
    h = plateau(np.array([0.0, 1.0, 2.0, 15.0, 16.0]), kappa=9.0)
    assert h[0] == 0.0
    assert h[2] - h[1] == pytest.approx(1.0, abs=0.01)  # far below the corner the slope is 1
    assert h[4] - h[3] == pytest.approx(0.0, abs=0.01)  # far above it, 0


@pytest.mark.parametrize("kappa", [4.0, 9.0, None])
def test_the_main_curve_is_one_at_its_reference(kappa: float | None) -> None:
    assert main_curve(TrueEffect(effect=-1, tau=0, kappa=kappa), np.array([0.0, 5.0])).tolist() == [0.0, 1.0]


def test_shifts_are_their_stated_moves() -> None:
    truth = TrueEffect(effect=-4.0, tau=0.0, kappa=9.0, dose_effect=1.5, timing_effect=-2.0)
    at = float(mean_effect(truth, profiles([5.0]))[0])
    assert at == -4.0
    assert mean_effect(truth, profiles([5.0], dose=250.0))[0] - at == pytest.approx(1.5)
    assert mean_effect(truth, profiles([5.0], timing_min=120.0))[0] - at == pytest.approx(-2.0)
    assert mean_effect(truth, profiles([5.0], timing_min=-30.0))[0] == at  # before the hinge, no difference


def test_deviations_have_sd_tau_and_the_stated_correlation() -> None:
    n = 20_000
    arms = pd.DataFrame({"trial": np.repeat(np.arange(n), 2), "active": True}).join(profiles([5.0] * 2 * n))
    effects = arm_effects(TrueEffect(effect=-4.0, tau=2.0), arms, np.random.default_rng(1)).reshape(n, 2)
    assert effects.mean() == pytest.approx(-4.0, abs=0.05)  # 3 Monte Carlo SE
    assert effects.std() == pytest.approx(2.0, abs=0.05)
    assert np.corrcoef(effects.T)[0, 1] == pytest.approx(0.5, abs=0.02)


def test_proportional_deviations_grow_with_the_curve() -> None:
    n = 20_000
    arms = pd.DataFrame({"trial": np.arange(n), "active": True}).join(profiles([2.0] * n))
    truth = TrueEffect(effect=-4.0, tau=2.0, heterogeneity="proportional")
    assert arm_effects(truth, arms, np.random.default_rng(1)).std() == pytest.approx(2.0 * 2 / 5, rel=0.02)


def test_the_simulator_and_the_model_mean_the_same_curve() -> None:
    n = np.arange(0.0, 13.0)
    for kappa in (4.0, 9.0):
        model = Plateau("number_of_doses").relative(n, 5.0, kappa=kappa)
        np.testing.assert_allclose(main_curve(TrueEffect(effect=-1, tau=0, kappa=kappa), n), model, rtol=1e-12)
