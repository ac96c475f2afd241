"""Each curve of a model alone."""

from dataclasses import replace

from ipdma.analysis import Analysis
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Normal, Sd, Uniform
from ipdma.sensitivity.one_curve import OneCurve


def test_each_curve_alone_with_its_own_priors(curved: Analysis) -> None:
    stated = {"kappa": Uniform(0.0, 20.0), "curves.timing_min": Normal(0.0, Sd(0.1)), "effect": Normal(0.0, Sd(2.0))}
    analysis = curved.with_model(replace(curved.model, priors=stated))
    variants = dict(OneCurve().variants(analysis))
    assert list(variants) == ["only plateau over number_of_doses", "only hinge (at 60) over timing_min"]
    main, shift = (other.model for other in variants.values())
    assert (main.main, main.shifts, set(main.priors)) == (curved.model.main, (), {"kappa", "effect"})
    assert (shift.main, shift.shifts, set(shift.priors)) == (None, curved.model.shifts, {"curves.timing_min", "effect"})
    assert all(other.inputs.levels[0] == "effect" for other in variants.values())


def test_a_single_curve_is_alone_already(plain: Analysis, curved: Analysis) -> None:
    assert list(OneCurve().variants(plain)) == []
    assert list(OneCurve().variants(curved.with_model(OneStage(main=curved.model.main)))) == []
