"""Eight schools (Rubin 1981): posteriordb, the bayesmeta vignette, metafor."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ipdma.harmonize.consortium import Consortium
from ipdma.models.two_stage import TwoStageFit, fit_estimates
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import HalfCauchy, Normal

pytestmark = pytest.mark.published
POSTERIORDB = TwoStage(priors={"effect": Normal(0.0, 5.0), "tau": HalfCauchy(5.0)})
VIGNETTE = TwoStage(priors={"effect": Normal(0.0, 50.0), "tau": HalfCauchy(25.0)})


def pooled(folder: Path, spec: TwoStage, suffix: str = "") -> TwoStageFit:
    data = pd.read_csv(folder / "eight_schools" / "eight_schools.csv")
    trials = pd.DataFrame({"trial": data["school"].astype("string")})
    estimates = trials.assign(estimate=data[f"y{suffix}"], se=data[f"se{suffix}"])
    return fit_estimates(Consortium(tables={"trials": trials, "estimates": estimates}, scales={}, schema=""), spec)


def test_exact_integration_agrees_with_the_reference_under_the_same_prior(
    reference_data: Path, expected: Callable[[str], Any]
) -> None:
    """The reference integrates on a grid that is coarse near tau = 0, so each number may differ by 0.001 of its SD."""
    wanted = expected("P1")["exact_same_prior"]
    bayes = pooled(reference_data, POSTERIORDB).bayes
    assert bayes.tau is not None
    assert bayes.new_trial_effect is not None
    for found, name in ((bayes.pooled_effect, "mu"), (bayes.tau, "tau")):
        for number, value in wanted[name].items():
            assert found[number] == pytest.approx(value, abs=1e-3 * wanted[name]["sd"]), (name, number)
            if number != "q2.5":
                assert found[number] == pytest.approx(value, rel=1e-3), (name, number)
    for number, value in wanted["pred_new"].items():
        assert bayes.new_trial_effect[number] == pytest.approx(value, rel=1e-3)
    assert [part["mean"] for part in bayes.trial_effects] == pytest.approx(wanted["theta_mean"], rel=1e-3)


def test_exact_integration_agrees_with_the_draws_of_posteriordb(
    reference_data: Path, expected: Callable[[str], Any], close_to: Callable[..., None]
) -> None:
    wanted, bayes = expected("P1")["posteriordb_draws"], pooled(reference_data, POSTERIORDB).bayes
    close_to(bayes.pooled_effect, wanted["mu"])
    close_to(bayes.tau, wanted["tau"])
    close_to(bayes.tau, wanted["tau"], median_only=True)


def test_every_digit_that_the_bayesmeta_vignette_prints_is_met(
    reference_data: Path, expected: Callable[[str], Any]
) -> None:
    wanted, bayes = expected("P1")["bayesmeta"], pooled(reference_data, VIGNETTE, "_2dp").bayes
    assert bayes.tau is not None
    for name in ("mean", "median", "sd"):
        assert bayes.tau[name] == pytest.approx(wanted["tau"][name], abs=1e-6)
    # The vignette's own numbers for mu are coarser than those for tau: it approximates that mixture.
    for name in ("mean", "median", "sd"):
        assert bayes.pooled_effect[name] == pytest.approx(wanted["mu"][name], rel=1e-3)


def test_reml_agrees_with_metafor(reference_data: Path, expected: Callable[[str], Any]) -> None:
    wanted, reml = expected("P1")["REML"], pooled(reference_data, POSTERIORDB).reml
    assert reml.tau2 == wanted["tau2"] == 0
    assert reml.i2 == wanted["I2"] == 0
    assert reml.estimate == pytest.approx(wanted["est"], rel=1e-6)
    assert reml.se == pytest.approx(wanted["se"], rel=1e-6)
    assert reml.q == pytest.approx(wanted["QE"], rel=1e-6)
    assert reml.ci_wald == pytest.approx((wanted["ci_lb"], wanted["ci_ub"]), rel=1e-6)


def test_plain_knapp_hartung_would_be_narrower_here_and_the_modified_one_is_not(
    reference_data: Path, reference: Callable[[str], Any]
) -> None:
    """metafor's unmodified Knapp-Hartung SE is 3.339, below the common-effect SE of 4.072 (q < 1)."""
    plain, reml = reference("eight_schools")["metafor_REML_HKSJ"], pooled(reference_data, POSTERIORDB).reml
    assert plain["se"] < reml.se
    assert reml.ci_hartung_knapp is not None
    assert reml.ci_hartung_knapp[1] - reml.estimate == pytest.approx(2.3646242510102993 * reml.se)  # t, 7 df
