"""Guards of terms that compare trials."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ipdma.curves.hinge import Hinge
from ipdma.curves.log_linear import LogLinear
from ipdma.curves.plateau import Plateau
from ipdma.summaries.curve_numbers import main_curve_numbers, shift_curve_numbers
from ipdma.summaries.guards import across_guards, curve_guards


def test_trials_and_people_off_the_reference_are_counted(curved: Any) -> None:
    arms = curved.design.arms
    found = curve_guards(curved, Plateau("number_of_doses"), main_curve_numbers(curved))
    off = arms["number_of_doses"] != 5
    assert found["trials_off_reference"] == arms.loc[off, "trial"].nunique()
    assert found["participants_off_reference"] == arms.loc[off, "n"].sum()
    assert found["sentence"].endswith("Observational, 8 trials.")


def test_a_hinge_counts_only_what_lies_beyond_it(curved: Any) -> None:
    curve = Hinge("timing_min", at=60.0)
    found = curve_guards(curved, curve, shift_curve_numbers(curved, curve))
    beyond = curved.design.arms["timing_min"] > 60
    assert found["trials_off_reference"] == curved.design.arms.loc[beyond, "trial"].nunique()


def test_correlations_are_those_of_the_arms_columns(curved: Any) -> None:
    curve = LogLinear("dose")
    found = curve_guards(curved, curve, shift_curve_numbers(curved, curve))
    arms = curved.design.arms.astype(dict.fromkeys(("dose", "number_of_doses", "timing_min"), "float64"))
    expected = {
        "number_of_doses": np.corrcoef(np.log(arms["dose"]), arms["number_of_doses"])[0, 1],
        "timing_min": np.corrcoef(np.log(arms["dose"]), np.maximum(arms["timing_min"] - 60, 0))[0, 1],
    }
    assert {row["term"]: row["r"] for row in found["correlations"]} == pytest.approx(expected)


def test_little_contraction_is_told_and_the_smallest_counts(curved: Any) -> None:
    numbers = main_curve_numbers(curved)
    assert curve_guards(curved, Plateau("number_of_doses"), numbers)["contraction"] == numbers["contraction"]["kappa"]
    weak = {**numbers, "contraction": {"kappa": 0.29, "height": 0.8}}
    found = curve_guards(curved, Plateau("number_of_doses"), weak)
    assert found["prior_dominated"]
    assert "dominated by its prior" in found["sentence"]


def test_a_prior_that_expects_effects_of_any_size_is_warned_of(curved: Any) -> None:
    numbers, s = main_curve_numbers(curved), curved.design.baseline_sd
    assert "height_warning" not in curve_guards(curved, Plateau("number_of_doses"), numbers)
    wide = {**numbers, "prior_height": {"sd": 3.5 * s}}
    found = curve_guards(curved, Plateau("number_of_doses"), wide)
    assert "an SD of 3.5 baseline SDs, more than 3" in found["height_warning"]


def test_an_interaction_across_trials_has_guards_too(plain: Any) -> None:
    model = replace(plain.analysis.model, interaction_across=True)
    fit = SimpleNamespace(**{**vars(plain), "analysis": plain.analysis.with_model(model)})
    found = across_guards(fit, "z")
    assert found["trials_off_reference"] == 8  # every trial has a mean of its own
    prior_sd = 0.25 * fit.design.baseline_sd
    draws = fit.posterior["interaction_across"].to_numpy()
    assert found["contraction"] == pytest.approx(1 - draws.var(ddof=1) / prior_sd**2)
    assert found["correlations"] == []


def test_a_stated_move_beyond_the_values_observed_is_noticed(curved: Any) -> None:
    curve = LogLinear("dose")
    numbers = shift_curve_numbers(curved, curve)
    assert "reaches beyond" not in curve_guards(curved, curve, numbers)["sentence"]
    largest = float(curved.design.arms["dose"].max())
    design = replace(curved.design, moves={**curved.design.moves, "dose": (50.0, 4.0 * largest)})
    fit = SimpleNamespace(**{**vars(curved), "design": design})
    assert f"to {4.0 * largest:g}, reaches beyond the values observed" in curve_guards(fit, curve, numbers)["sentence"]
