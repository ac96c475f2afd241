import pytest

from ipdma.errors import AnalysisError, PriorError
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogFlat, Normal, Prior, Sd, Uniform


def test_defaults_are_in_units_of_the_baseline_sd() -> None:
    spec = TwoStage()
    assert spec.prior("effect") == Normal(0.0, Sd(1.0))
    assert spec.prior("tau") == HalfNormal(Sd(0.5))


def test_a_given_prior_replaces_the_default_of_its_name_only() -> None:
    spec = TwoStage(priors={"tau": HalfCauchy(5.0)})
    assert spec.prior("tau") == HalfCauchy(5.0)
    assert spec.prior("effect") == Normal(0.0, Sd(1.0))


def test_an_unknown_adjustment_or_parameter_is_refused() -> None:
    with pytest.raises(AnalysisError, match="Known: ancova, final, change"):
        TwoStage(adjustment="anova")  # type: ignore[arg-type]
    with pytest.raises(AnalysisError, match="no parameter 'kappa'"):
        TwoStage(priors={"kappa": Flat()})


@pytest.mark.parametrize("prior", [Normal(0.0, 1.0), Uniform(-1.0, 1.0)])
def test_a_prior_of_tau_that_reaches_below_zero_is_refused(prior: Prior) -> None:
    with pytest.raises(PriorError, match="reaches below zero"):
        TwoStage(priors={"tau": prior})


def test_priors_without_an_exact_or_proper_posterior_are_refused() -> None:
    with pytest.raises(PriorError, match="must be normal or flat"):
        TwoStage(priors={"effect": HalfCauchy(1.0)})
    with pytest.raises(PriorError, match="no proper posterior"):
        TwoStage(priors={"tau": LogFlat()})
