"""Gains, P(falls) and what n95 is not, from draws made for the purpose."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.levelling import Levelling
from ipdma.curves.linear import Linear
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Uniform
from ipdma.summaries.gains import beyond_observed, falls, gains, n95_caution

LEVELLING = Levelling((1.0, 9.0), (9.0, 12.0))


def test_gains_are_differences_of_the_curve_in_outcome_units(claiming: Any) -> None:
    first, second = gains(claiming)
    assert [(g["from"], g["to"]) for g in (first, second)] == [(5.0, 9.0), (9.0, 12.0)]
    h = lambda n, k: (n + np.hypot(k, 0.5) - np.hypot(n - k, 0.5)) / 2  # noqa: E731
    effect, kappa = (claiming.posterior[name].to_numpy().ravel() for name in ("effect", "kappa"))
    expected = effect * (h(9.0, kappa) - h(5.0, kappa)) / h(5.0, kappa)
    assert first["effect"]["mean"] == pytest.approx(expected.mean())
    assert second["effect"]["mean"] > first["effect"]["mean"]  # levels off at nine: the benefit gains little more


def test_without_landmarks_there_are_no_gains(curved: Any, plain: Any) -> None:
    assert gains(curved) == []
    assert gains(plain) == []


def test_a_late_landmark_at_the_reference_gives_the_late_gain_alone(claiming: Any) -> None:
    model = replace(claiming.analysis.model, levelling=Levelling((1.0, 5.0), (5.0, 9.0)))
    other = SimpleNamespace(**{**vars(claiming), "analysis": claiming.analysis.with_model(model)})
    assert [(g["from"], g["to"]) for g in gains(other)] == [(5.0, 9.0)]


def test_kappa_beyond_the_range_is_counted(claiming: Any) -> None:
    largest = float(claiming.design.arms["number_of_doses"].max())
    share = float((claiming.posterior["kappa"] > largest).mean())
    assert beyond_observed(claiming) == pytest.approx(share)
    within = claiming.analysis.with_model(replace(claiming.analysis.model, priors={"kappa": Uniform(0.0, largest)}))
    assert beyond_observed(SimpleNamespace(**{**vars(claiming), "analysis": within})) is None  # 0 whatever the data say
    linear = claiming.analysis.with_model(OneStage(main=Linear("number_of_doses"), levelling=LEVELLING))
    assert beyond_observed(SimpleNamespace(**{**vars(claiming), "analysis": linear})) is None


def test_a_broken_line_that_falls_in_a_third_of_the_draws_says_so(claiming: Any) -> None:
    draws = np.full((4, 300), -5.0)
    ratio = np.tile([-0.5, 0.3, 0.6], (4, 100))
    posterior = xr.Dataset(
        {
            "effect": (("chain", "draw"), draws),
            "size": (("chain", "draw"), draws),
            "kappa": (("chain", "draw"), np.full((4, 300), 8.0)),
            "ratio": (("chain", "draw"), ratio),
        }
    )
    model = OneStage(main=BrokenLine("number_of_doses"), levelling=LEVELLING)
    fit = SimpleNamespace(**{**vars(claiming), "analysis": claiming.analysis.with_model(model), "posterior": posterior})
    assert falls(fit) == pytest.approx(1 / 3)
    assert falls(claiming) is None


def probability_in(text: str) -> float:
    found = re.search(r"had a probability of (\d\.\d\d)\. Observational, 8 trials\.$", text)
    assert found
    return float(found[1])


def test_n95_comes_with_what_the_prior_gave_its_interval(claiming: Any) -> None:
    text = n95_caution(claiming)
    assert text is not None
    assert text.startswith("n95 is no evidence of a plateau by itself")
    # kappa between about 8 and 10 of Uniform(0, 19.5), n95 a little below it.
    share = probability_in(text)
    assert share == pytest.approx(2.0 / 19.5, abs=0.02)
    flat = replace(claiming.analysis.model, priors={"kappa": Uniform(8.0, 10.0)})
    sure = n95_caution(SimpleNamespace(**{**vars(claiming), "analysis": claiming.analysis.with_model(flat)}))
    assert sure is not None
    assert probability_in(sure) > 0.85
    linear = claiming.analysis.with_model(OneStage(main=Linear("number_of_doses")))
    assert n95_caution(SimpleNamespace(**{**vars(claiming), "analysis": linear})) is None
