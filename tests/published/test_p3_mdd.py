"""Eight trials of magnetic stimulation for depression (pseudo individual data with the published arm moments)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ipdma.analysis import Analysis
from ipdma.design.design import Design
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage import fit_two_stage
from ipdma.models.two_stage_spec import Adjustment, TwoStage
from ipdma.priors.prior import Flat, HalfNormal, LogFlat
from ipdma.summaries.quantiles import draws_of, quantiles

pytestmark = pytest.mark.published
ESTIMAND = Estimand(outcome="scale_a", visit="post", treatment="stimulation", control="sham", metric="raw")
FLAT = {"effect": Flat(), "trial_intercept": Flat(), "baseline_slope": Flat(), "residual_sd": LogFlat()}


@pytest.fixture(scope="module")
def analysis(reference_data: Path, consortium_of: Callable[..., Consortium]) -> Analysis:
    data = pd.read_csv(reference_data / "pseudoipd_MDD" / "pseudo_ipd.csv")
    rows = pd.DataFrame(
        {
            "trial": "trial_" + data["study"].astype(str),
            "participant_id": data.index.astype(str),
            "arm": data["group"].map({0: "sham", 1: "stimulation"}),
            "y": data["y2"],
            "b": data["y1"],
        }
    )
    arms = rows[["trial", "arm"]].drop_duplicates(ignore_index=True).assign(treatment=lambda d: d["arm"])
    # The reference had one residual SD, one baseline slope, flat priors and tau ~ HalfNormal(10).
    model = OneStage(residual_sd="common", baseline_slope="common", priors={**FLAT, "tau": HalfNormal(10.0)})
    return Analysis(consortium=consortium_of(rows, arms), estimand=ESTIMAND, model=model)


@pytest.fixture(scope="module")
def design(analysis: Analysis) -> Design:
    return analysis.design


@pytest.mark.parametrize("adjustment", ["ancova", "final", "change"])
def test_each_trials_estimate_agrees_with_lm(
    design: Design, reference: Callable[[str], Any], adjustment: Adjustment
) -> None:
    found = fit_two_stage(design, TwoStage(adjustment=adjustment)).estimates
    wanted = pd.DataFrame(reference("pseudoipd_MDD")["two_stage_input"])
    assert found["n"].tolist() == wanted["n"].tolist()
    assert found["estimate"].tolist() == pytest.approx(wanted[adjustment].tolist(), rel=1e-4)
    assert found["se"].tolist() == pytest.approx(wanted[f"{adjustment}_se"].tolist(), rel=1e-4)


@pytest.mark.parametrize(("adjustment", "case"), [("ancova", "two_stage"), ("final", "final"), ("change", "change")])
def test_reml_agrees_with_metafor(
    design: Design,
    expected: Callable[[str], Any],
    reference: Callable[[str], Any],
    adjustment: Adjustment,
    case: str,
) -> None:
    wanted, more = expected("P3")[case], reference("pseudoipd_MDD")[f"two_stage_{adjustment}_REML"]
    reml = fit_two_stage(design, TwoStage(adjustment=adjustment)).reml
    assert reml.tau2 is not None
    assert (reml.estimate, reml.se) == pytest.approx((wanted["est"], wanted["se"]), rel=0.005)
    assert reml.tau2**0.5 == pytest.approx(wanted["tau"], rel=0.005)
    assert reml.i2 == pytest.approx(more["I2"], rel=0.005)
    assert reml.q == pytest.approx(more["QE"], rel=1e-4)
    assert reml.ci_wald == pytest.approx((more["ci_lb"], more["ci_ub"]), rel=0.005)


def test_exact_integration_agrees_with_the_reference(design: Design, reference: Callable[[str], Any]) -> None:
    wanted = reference("pseudoipd_MDD")["bayes_nn_ancova"]
    spec = TwoStage(priors={"effect": Flat(), "tau": HalfNormal(10.0)})
    bayes = fit_two_stage(design, spec).bayes
    assert bayes.tau is not None
    assert bayes.new_trial_effect is not None
    for found, name in ((bayes.pooled_effect, "mu"), (bayes.tau, "tau"), (bayes.new_trial_effect, "pred_new")):
        for number, value in wanted[name].items():
            assert found[number] == pytest.approx(value, rel=1e-3), (name, number)
    assert [part["mean"] for part in bayes.trial_effects] == pytest.approx(wanted["theta_mean"], rel=1e-3)


@pytest.mark.sampling
def test_the_sampled_one_stage_posterior_agrees_with_exact_integration(
    analysis: Analysis, expected: Callable[[str], Any], close_to: Callable[..., None]
) -> None:
    from ipdma.fit import fit

    wanted, found = expected("P3")["bayes"], fit(analysis, seed=1, draws=2500)
    assert min(found.diagnostics.ess_bulk_min, found.diagnostics.ess_tail_min) >= 4000
    close_to(quantiles(draws_of(found, "effect")), wanted["trt"])
    close_to(quantiles(draws_of(found, "tau")), wanted["tau"], median_only=True)
