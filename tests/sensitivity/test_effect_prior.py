"""The prior of the effect half and twice as wide."""

from dataclasses import replace

from ipdma.analysis import Analysis
from ipdma.priors.prior import Flat
from ipdma.sensitivity.effect_prior import EffectPrior


def test_half_and_twice_the_sd_of_the_prior(plain: Analysis) -> None:
    variants = dict(EffectPrior().variants(plain))
    assert list(variants) == ["effect ~ normal(0, 0.5 sd)", "effect ~ normal(0, 2 sd)"]
    s = plain.design.baseline_sd
    assert [float(v.inputs.priors.numbers["effect"][1]) / s for v in variants.values()] == [0.5, 2.0]


def test_a_flat_prior_has_no_width(plain: Analysis) -> None:
    flat = plain.with_model(replace(plain.model, priors={"effect": Flat()}))
    assert list(EffectPrior().variants(flat)) == []
