"""What was stated, in the form the report prints it."""

from types import SimpleNamespace
from typing import Any

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.plateau import Plateau
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import Normal, Prior, Sd, Uniform
from ipdma.project.settings import _priors

SHARED = {"effect": Normal(0.0, Sd(1.0)), "trial_intercept": Normal(0.0, Sd(2.0)), "baseline_slope": Normal(0.5, 0.5)}


def fit(model: OneStage, sampled: tuple[str, ...] = (), **priors: Prior) -> Any:
    inputs = SimpleNamespace(priors=SimpleNamespace(described={**SHARED, **priors}), sampled=sampled)
    design = SimpleNamespace(baseline_sd=20.0)
    return SimpleNamespace(analysis=SimpleNamespace(model=model), inputs=inputs, design=design, posterior={})


def told(*fits: Any) -> dict[str, dict[str, str]]:
    prepared = SimpleNamespace(design=SimpleNamespace(baseline_sd=20.0), file=SimpleNamespace(two_stage=TwoStage()))
    fitted: Any = SimpleNamespace(prepared=prepared, fits=fits)
    return _priors(fitted)


def test_priors_are_told_in_outcome_units_where_they_are_of_an_effect() -> None:
    curve = fit(OneStage(main=Plateau("number_of_doses")), ("kappa",), kappa=Uniform(0.0, 19.5))
    rows = told(fit(OneStage()), curve)
    assert rows["effect"] == {"prior": "normal(0, 1 sd)", "points": "normal(0, 20)"}
    assert rows["kappa"] == {"prior": "uniform(0, 19.5)", "points": ""}
    assert rows["baseline_slope"]["points"] == ""
    assert rows["trial_intercept"]["points"] == "normal(baseline mean of the trial, 40)"


def test_models_that_differ_in_a_prior_of_one_name_have_a_row_each() -> None:
    plateau = fit(OneStage(main=Plateau("number_of_doses")), ("kappa",), kappa=Uniform(0.0, 19.5))
    broken = fit(OneStage(main=BrokenLine("number_of_doses")), ("kappa",), kappa=Uniform(2.5, 12.0))
    rows = told(plateau, broken)
    assert rows["kappa (plateau over number_of_doses)"]["prior"] == "uniform(0, 19.5)"
    assert rows["kappa (broken_line over number_of_doses)"]["prior"] == "uniform(2.5, 12)"
    assert "kappa" not in rows


def test_a_two_stage_analysis_has_the_priors_of_its_second_stage() -> None:
    assert told()["tau"] == {"prior": "half_normal(0.5 sd)", "points": "half_normal(10)"}
