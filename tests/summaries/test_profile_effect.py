from typing import Any

import numpy as np
import pandas as pd
import pytest

from ipdma.curves.plateau import Plateau
from ipdma.summaries.profile_effect import arms_at, behind, effects_along, main_effect, profile_effect


def test_at_the_reference_it_is_the_effect(curved: Any) -> None:
    effect = curved.posterior["effect"].to_numpy().ravel()
    np.testing.assert_allclose(profile_effect(curved, {}), effect)
    np.testing.assert_allclose(profile_effect(curved, {"dose": 50.0, "number_of_doses": 5.0}), effect)


def test_no_dose_no_effect_whatever_the_shifts(curved: Any) -> None:
    assert (profile_effect(curved, {"number_of_doses": 0.0, "dose": 500.0}) == 0).all()


def test_main_curve_and_shifts_add_up(curved: Any) -> None:
    posterior = {name: curved.posterior[name].to_numpy().ravel() for name in ("effect", "kappa", "dose", "timing_min")}
    share = Plateau("number_of_doses").relative(3.0, 5.0, kappa=posterior["kappa"])
    wanted = posterior["effect"] * share + posterior["dose"] * np.log(500 / 50) / np.log(250 / 50)
    wanted = wanted + posterior["timing_min"] * (90 - 60) / 60
    found = profile_effect(curved, {"number_of_doses": 3.0, "dose": 500.0, "timing_min": 90.0})
    np.testing.assert_allclose(found, wanted)


@pytest.mark.parametrize(
    ("variable", "values"),
    [("number_of_doses", [0.0, 1.0, 5.0, 12.0]), ("timing_min", [30.0, 60.0, 90.0]), ("dose", [50.0, 500.0])],
)
def test_effects_along_a_variable_are_those_of_each_profile(curved: Any, variable: str, values: list[float]) -> None:
    found = effects_along(curved, variable, np.array(values))
    np.testing.assert_array_equal(found, [profile_effect(curved, {variable: value}) for value in values])


def test_effects_along_a_variable_without_a_curve_are_the_same_everywhere(curved: Any) -> None:
    found = effects_along(curved, "age", np.array([20.0, 60.0]))
    np.testing.assert_array_equal(found, [profile_effect(curved, {})] * 2)


def test_behind_a_profile_stand_the_arms_equal_on_all_its_variables() -> None:
    arms = pd.DataFrame(
        {
            "trial": ["a", "a", "b", "c"],
            "n": [10, 20, 5, 7],
            "dose": [50, 500, 50, pd.NA],
            "timing_min": [60, 60, 0, 60],
        }
    ).astype({"dose": "Float64"})
    assert behind(arms, {"dose": 50.0}) == (2, 15)
    assert behind(arms, {"dose": 50.0, "timing_min": 60.0}) == (1, 10)
    assert behind(arms, {"dose": 75.0}) == (0, 0)
    assert arms_at(arms, {"timing_min": 60.0})["trial"].tolist() == ["a", "a", "c"]


def test_an_additive_curve_adds_up_its_coefficients(bent: Any) -> None:
    # number of doses at most 12 in these trials, reference 5: bend's column x (x - 5) / 84
    posterior = {name: bent.posterior[name].to_numpy().ravel() for name in ("effect", "bend", "timing_min[size]")}
    found = main_effect(bent, np.array([0.0, 5.0, 10.0]))
    np.testing.assert_array_equal(found[0], 0.0)
    np.testing.assert_allclose(found[1], posterior["effect"])
    np.testing.assert_allclose(found[2], 2 * posterior["effect"] + 50 / 84 * posterior["bend"])
    np.testing.assert_allclose(profile_effect(bent, {"number_of_doses": 10.0}), found[2])


def test_a_window_adds_the_difference_of_its_heights(bent: Any) -> None:
    # peak 90, width 30 at every draw: exp(0) at 90 less exp(-1/2) at the reference 60
    size = bent.posterior["timing_min[size]"].to_numpy().ravel()
    found = profile_effect(bent, {"timing_min": 90.0}) - profile_effect(bent, {})
    np.testing.assert_allclose(found, size * (1 - np.exp(-0.5)))


def test_without_a_main_curve_the_effect_is_the_same_at_every_value(plain: Any) -> None:
    effect = plain.posterior["effect"].to_numpy().ravel()
    np.testing.assert_array_equal(main_effect(plain, np.array([1.0, 9.0])), np.stack([effect, effect]))
