from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ipdma.curves.linear import Linear
from ipdma.priors.prior import Flat
from ipdma.summaries.curve_numbers import HEIGHT_LIMIT, main_curve_numbers, shift_curve_numbers


def changed(fit: Any, **model: Any) -> Any:
    new = replace(fit.analysis.model, **model)
    return SimpleNamespace(**{**vars(fit), "analysis": SimpleNamespace(**{**vars(fit.analysis), "model": new})})


def test_height_is_the_effect_at_the_largest_observed_of_a_rising_curve(curved: Any) -> None:
    found, posterior = main_curve_numbers(curved), curved.posterior
    assert found["effect_at_reference"]["mean"] == pytest.approx(float(posterior["effect"].mean()))
    largest = float(curved.design.arms["number_of_doses"].max())
    share = curved.analysis.model.main.relative(largest, 5.0, kappa=posterior["kappa"])
    assert found["height"]["mean"] == pytest.approx(float((posterior["effect"] * share).mean()))


def test_prior_and_contraction_are_those_of_the_default_priors(curved: Any) -> None:
    """kappa ~ Uniform(0, 2 x 12): SD 24 / sqrt(12); posterior SD 0.5. Effect at 5 has SD s, so the height has more."""
    found = main_curve_numbers(curved)
    largest = float(curved.design.arms["number_of_doses"].max())
    assert found["contraction"]["kappa"] == pytest.approx(1 - 0.25 / ((2 * largest) ** 2 / 12), abs=0.01)
    assert found["prior_height"]["sd"] > curved.design.baseline_sd
    assert found["prior_height"]["mean"] == pytest.approx(0.0, abs=0.05 * found["prior_height"]["sd"])
    assert 0.9 < found["contraction"]["height"] < 1


def test_n95_is_the_smallest_x_that_reaches_95_percent_of_the_largest_share(curved: Any) -> None:
    found = main_curve_numbers(curved)["n95"]
    main, largest = curved.analysis.model.main, float(curved.design.arms["number_of_doses"].max())
    kappa = float(curved.posterior["kappa"].median())
    fine = np.linspace(0, largest, 100_001)
    share = main.relative(fine, 5.0, kappa=kappa)
    assert found["median"] == pytest.approx(fine[np.argmax(share >= 0.95 * share.max())], abs=0.01)


def test_a_linear_curve_has_no_parameters_to_report(curved: Any) -> None:
    found = main_curve_numbers(changed(curved, main=Linear("number_of_doses")))
    assert "parameters" not in found
    assert "n95" not in found
    assert found["contraction"].keys() == {"height"}


def test_an_improper_prior_leaves_prior_height_and_contraction_out(curved: Any) -> None:
    found = main_curve_numbers(changed(curved, priors={"effect": Flat()}))
    assert "prior_height" not in found
    assert found["contraction"].keys() == {"kappa"}
    shift = curved.analysis.model.shifts[0]
    assert shift_curve_numbers(changed(curved, priors={"curves.dose": Flat()}), shift)["contraction"] == {}


def test_a_shift_reports_the_effect_of_its_stated_move(curved: Any) -> None:
    """Posterior SD 0.4 against a prior of 0.25 s."""
    found = shift_curve_numbers(curved, curved.analysis.model.shifts[0])
    assert (found["move"]["from"], found["move"]["to"]) == (50.0, 250.0)
    assert found["move"]["effect"]["mean"] == pytest.approx(float(curved.posterior["dose"].mean()))
    wanted = 1 - 0.4**2 / (0.25 * curved.design.baseline_sd) ** 2
    assert found["contraction"]["dose"] == pytest.approx(wanted, abs=0.005)


def test_the_height_of_a_curve_that_turns_is_its_top_in_the_direction_of_the_effect(bent: Any) -> None:
    """Effect -5 at 5 and a bend of 12 at most: D(x) = -x + 12 x (x - 5) / 84, top between 0 and 12 by a fine grid."""
    found = main_curve_numbers(bent)
    x = np.linspace(0, 12, 12_001)
    effect, bend = (float(bent.posterior[name].mean()) for name in ("effect", "bend"))
    along = effect * x / 5 + bend * x * (x - 5) / 84
    assert found["height"]["median"] == pytest.approx(along.min(), rel=0.05)
    assert found["n95"]["median"] == pytest.approx(x[np.argmax(along <= 0.95 * along.min())], abs=0.3)
    assert list(found["parameters"]) == ["bend"]
    assert set(found["contraction"]) == {"bend", "height"}


def test_a_window_reports_its_move_and_its_parameters(bent: Any) -> None:
    """Width 30 and peak 90: 60 and 120 are as high, so that the stated move does nothing."""
    found = shift_curve_numbers(bent, bent.analysis.model.shifts[0])
    assert found["move"]["effect"]["mean"] == 0.0
    assert list(found["parameters"]) == ["timing_min[size]", "timing_min[peak]", "timing_min[width]"]
    assert set(found["contraction"]) == {"timing_min", *found["parameters"]}


def test_the_prior_height_of_a_proportional_curve_is_known(curved: Any) -> None:
    """D(12) under effect ~ Normal(0, s) is 12 / 5 of it at the reference 5, and 12 at the reference 1: too much."""
    s, largest = curved.design.baseline_sd, float(curved.design.arms["number_of_doses"].max())
    linear = changed(curved, main=Linear("number_of_doses"))
    assert main_curve_numbers(linear)["prior_height"]["sd"] == pytest.approx(largest / 5 * s, rel=0.03)
    assert largest / 5 < HEIGHT_LIMIT < largest / 1
