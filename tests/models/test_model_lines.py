"""A model in a few lines."""

from ipdma.curves.hinge import Hinge
from ipdma.curves.plateau import Plateau
from ipdma.models.model_lines import model_lines, prior_lines
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import HalfNormal, Normal, Sd


def test_the_plain_model_is_one_line() -> None:
    assert list(model_lines(OneStage())) == ["model       plain: no curve, no term that compares trials"]


def test_curves_covariates_and_options_that_are_not_the_default_are_named() -> None:
    model = OneStage(
        main=Plateau("number_of_doses"),
        shifts=(Hinge("timing_min", at=60.0),),
        modifiers=("age_years",),
        prognostic_factors=("sex",),
        residual_sd="common",
        interaction_across=True,
    )
    assert list(model_lines(model)) == [
        "model       plateau over number_of_doses, hinge (at 60) over timing_min",
        "modifiers   age_years, also across trials",
        "prognostic  sex",
        "options     residual_sd common",
    ]


def test_stated_priors_have_a_star() -> None:
    stated = OneStage(priors={"tau": HalfNormal(Sd(1.0))})
    lines = list(prior_lines({"effect": Normal(0.0, Sd(1.0)), "tau": HalfNormal(Sd(1.0))}, stated))
    assert [line.split() for line in lines] == [
        ["effect", "normal(0,", "1", "sd)"],
        ["*", "tau", "half_normal(1", "sd)"],
    ]


def test_priors_of_interactions_across_trials_are_listed_only_where_the_model_has_them() -> None:
    priors = {"effect": Normal(0.0, Sd(1.0)), "across.age_years": Normal(0.0, Sd(0.25))}
    plain = list(prior_lines(priors, OneStage(modifiers=("age_years",))))
    across = list(prior_lines(priors, OneStage(modifiers=("age_years",), interaction_across=True)))
    assert [len(plain), len(across)] == [1, 2]
