"""Other priors of tau."""

from dataclasses import replace

from ipdma.analysis import Analysis
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import HalfNormal, Sd
from ipdma.sensitivity.tau_prior import TauPrior


def test_all_share_the_code_of_the_stated_prior(plain: Analysis) -> None:
    variants = dict(TauPrior().variants(plain))
    assert list(variants) == ["tau ~ half_normal(0.25 sd)", "tau ~ half_normal(1 sd)", "tau ~ half_cauchy(0.5 sd)"]
    assert all(other.inputs.key == plain.inputs.key for other in variants.values())
    s = plain.design.baseline_sd
    assert [float(other.inputs.priors.numbers["tau"][0]) / s for other in variants.values()] == [0.25, 1.0, 0.5]


def test_the_stated_prior_is_not_fitted_again_and_other_priors_stay(plain: Analysis) -> None:
    model = replace(plain.model, priors={"tau": HalfNormal(Sd(1.0)), "effect": HalfNormal(Sd(1.0))})
    model = replace(model, priors=model.priors | {"effect": plain.inputs.priors.described["effect"]})
    variants = dict(TauPrior().variants(plain.with_model(model)))
    assert list(variants) == ["tau ~ half_normal(0.25 sd)", "tau ~ half_cauchy(0.5 sd)"]
    assert all("effect" in other.model.priors for other in variants.values())


def test_without_tau_there_is_nothing_to_vary(plain: Analysis) -> None:
    assert list(TauPrior().variants(plain.with_model(OneStage(effect="common_effect")))) == []
