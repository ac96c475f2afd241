from typing import Any

import numpy as np
import pandas as pd

from ipdma.curves.plateau import Plateau
from ipdma.summaries.profile_effect import arms_at, behind, profile_effect


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
