"""The priors of curves half and twice as wide."""

from ipdma.analysis import Analysis
from ipdma.curves.linear import Linear
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Normal, Sd, Uniform
from ipdma.sensitivity.curve_priors import CurvePriors


def test_moves_together_and_each_parameter_alone(curved: Analysis) -> None:
    variants = dict(CurvePriors().variants(curved))
    kappa = curved.inputs.priors.described["kappa"]
    assert isinstance(kappa, Uniform)
    half, twice = (Uniform(0.0, factor * kappa.numbers(1.0)[1]) for factor in (0.5, 2.0))
    assert list(variants) == [
        "moves' priors 0.5 times as wide",
        f"kappa ~ {half}",
        "moves' priors 2 times as wide",
        f"kappa ~ {twice}",
    ]
    described = [other.inputs.priors.described for other in variants.values()]
    assert [each["curves.timing_min"] for each in described[::2]] == [Normal(0.0, Sd(0.125)), Normal(0.0, Sd(0.5))]
    assert [each["kappa"] for each in described[1::2]] == [half, twice]
    assert {other.inputs.key for other in variants.values()} == {curved.inputs.key}


def test_a_plain_model_and_a_curve_without_parameters_have_none(plain: Analysis) -> None:
    assert list(CurvePriors().variants(plain)) == []
    assert list(CurvePriors().variants(plain.with_model(OneStage(main=Linear("number_of_doses"))))) == []
