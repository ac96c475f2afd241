"""Every sensitivity analysis of the registry keeps the rules of one."""

import numpy as np
import pytest

from ipdma.analysis import Analysis
from ipdma.errors import AnalysisError, DesignError
from ipdma.sensitivity.registry import SENSITIVITY_ANALYSES, named


@pytest.mark.parametrize("name", SENSITIVITY_ANALYSES)
def test_its_variants_have_labels_of_their_own_and_leave_the_analysis_alone(
    name: str, plain: Analysis, curved: Analysis
) -> None:
    (sensitivity,) = named([name])
    assert sensitivity.name == name
    assert sensitivity.question
    for analysis in (plain, curved):
        model, vector = analysis.model, analysis.inputs.data.vector.copy()
        variants = list(sensitivity.variants(analysis))
        labels = [label for label, _ in variants]
        assert len(set(labels)) == len(labels)
        assert all(other is not analysis for _, other in variants)
        assert analysis.model == model
        np.testing.assert_array_equal(analysis.inputs.data.vector, vector)


@pytest.mark.parametrize("name", SENSITIVITY_ANALYSES)
def test_its_variants_keep_the_constants_taken_from_the_data(name: str, plain: Analysis, curved: Analysis) -> None:
    for analysis in (plain, curved):
        for label, other in named([name])[0].variants(analysis):
            try:
                design = other.design
            except DesignError:
                continue
            assert dict(design.reference).items() <= dict(analysis.design.reference).items(), label
            if design.metric == analysis.design.metric:
                assert design.baseline_sd == analysis.design.baseline_sd, label


SHARED = ("leave_one_trial_out", "effect_prior", "interaction_priors", "arm_correlation")


@pytest.mark.parametrize("name", SHARED)
def test_these_share_the_compiled_code_of_the_stated_analysis(name: str, plain: Analysis, curved: Analysis) -> None:
    for analysis in (plain, curved):
        keys = {other.inputs.key for _, other in named([name])[0].variants(analysis)}
        assert keys == {analysis.inputs.key}


def test_an_unknown_name_is_an_error_that_names_the_nearest_one() -> None:
    with pytest.raises(AnalysisError, match="no sensitivity analysis 'tau_priors', did you mean 'tau_prior'"):
        named(["tau_priors"])
