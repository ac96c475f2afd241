"""A stated change of the analysis."""

from dataclasses import replace

import pytest

from ipdma.analysis import Analysis
from ipdma.errors import DesignError
from ipdma.models.one_stage import OneStage
from ipdma.sensitivity.patch import Patch, beside, kind_of


def with_include(analysis: Analysis, include: str) -> Analysis:
    return Analysis(analysis.consortium, replace(analysis.estimand, include=include), analysis.model)


def test_a_change_meets_the_stated_analysis_of_its_kind(plain: Analysis, curved: Analysis) -> None:
    across = plain.with_model(replace(plain.model, interaction_across=True))
    assert [kind_of(each.model) for each in (plain, across, curved)] == ["plain", "interactions", "curve"]
    changed = tuple(with_include(each, "trial != 'trial_03'") for each in (plain, across, curved))
    patch = Patch(label="fewer", analyses=changed)
    for stated in (plain, across, curved):
        ((label, other),) = patch.variants(stated)
        assert (label, other.model) == ("fewer", stated.model)
    assert list(Patch(label="fewer", analyses=changed[:1]).variants(curved)) == []


def test_a_change_that_leaves_trials_out_needs_no_other_code(plain: Analysis) -> None:
    other = beside(plain, with_include(plain, "trial != 'trial_01' and trial != 'trial_04'"))
    assert other.without == ("trial_01", "trial_04")
    assert other.inputs.key == plain.inputs.key


def test_a_change_of_the_people_keeps_scale_reference_and_the_prior_of_kappa(curved: Analysis) -> None:
    other = beside(curved, with_include(curved, "trial != 'trial_05' and (trial != 'trial_01' or z < 1)"))
    assert other.without == ()
    assert len(other.design.rows) < len(curved.design.rows)
    assert other.design.baseline_sd == curved.design.baseline_sd
    assert other.inputs.priors.described["kappa"] == curved.inputs.priors.described["kappa"]


def test_another_reference_is_that_of_the_change(curved: Analysis) -> None:
    reference = dict(curved.estimand.reference) | {"number_of_doses": 7}
    changed = Analysis(curved.consortium, replace(curved.estimand, reference=reference), curved.model)
    assert beside(curved, changed).design.reference["number_of_doses"] == 7.0


def test_a_change_the_data_do_not_allow_is_yielded_and_refused_when_it_is_built(plain: Analysis) -> None:
    changed = with_include(plain, "z > 1000000")
    ((_, other),) = Patch(label="nobody", analyses=(changed,)).variants(plain)
    with pytest.raises(DesignError, match="."):
        _ = other.inputs


def test_another_model_is_fitted_as_it_stands(plain: Analysis) -> None:
    changed = Analysis(plain.consortium, plain.estimand, OneStage())
    assert beside(plain, changed).model == OneStage()
