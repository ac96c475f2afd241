"""Acupuncture for chronic headache (Vickers 2004, BMJ 328:744): one trial, analysis of covariance at 12 months."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ipdma.analysis import Analysis
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.least_squares import least_squares
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage import fit_two_stage
from ipdma.priors.prior import Flat, LogFlat
from ipdma.summaries.quantiles import draws_of, quantiles

pytestmark = pytest.mark.published
ESTIMAND = Estimand(outcome="scale_a", visit="post", treatment="acupuncture", control="usual_care", metric="raw")
FLAT = {"effect": Flat(), "trial_intercept": Flat(), "baseline_slope": Flat(), "residual_sd": LogFlat()}


@pytest.fixture(scope="module")
def analysis(reference_data: Path, consortium_of: Callable[..., Consortium]) -> Analysis:
    data = pd.read_csv(reference_data / "acupuncture_vickers2004" / "acupuncture_long.csv")
    data = data[data["time"] == 12]
    rows = pd.DataFrame(
        {
            "trial": "vickers2004",
            "participant_id": data["id"].astype(str),
            "arm": data["treat"].map({1: "usual_care", 2: "acupuncture"}),
            "y": data["head"],
            "b": data["head_base"],
        }
    ).reset_index(drop=True)
    arms = pd.DataFrame({"trial": "vickers2004", "arm": ["acupuncture", "usual_care"]}).assign(
        treatment=["acupuncture", "usual_care"]
    )
    return Analysis(consortium=consortium_of(rows, arms), estimand=ESTIMAND, model=OneStage(priors=FLAT))


def test_least_squares_and_the_two_stage_analysis_give_the_ancova(
    analysis: Analysis, expected: Callable[[str], Any]
) -> None:
    wanted = expected("P2")["baseline_only"]
    ols = least_squares(analysis.design)
    effect = ols.coefficients.iloc[0]
    assert (ols.n, analysis.design.flow["randomized"].sum()) == (wanted["n"], 401)
    assert ols.sigma == pytest.approx(wanted["sigma"], rel=1e-4)
    assert effect["estimate"] == pytest.approx(wanted["est"], rel=1e-4)
    assert effect["se"] == pytest.approx(wanted["se"], rel=1e-4)
    assert (effect["ci_low"], effect["ci_high"]) == pytest.approx((wanted["ci_lb"], wanted["ci_ub"]), rel=1e-4)
    reml = fit_two_stage(analysis.design).reml
    assert (reml.estimate, reml.se) == pytest.approx((wanted["est"], wanted["se"]), rel=1e-4)
    assert reml.ci_wald == pytest.approx((wanted["ci_lb"], wanted["ci_ub"]), rel=1e-4)
    assert reml.tau2 is None


def test_it_rounds_to_what_the_paper_prints(analysis: Analysis, expected: Callable[[str], Any]) -> None:
    """Vickers 2004: 4.6 points fewer (2.2 to 7.0); the paper adjusted for more covariates than baseline."""
    wanted = expected("P2")["published"]
    reml = fit_two_stage(analysis.design).reml
    assert round(-reml.estimate, 1) == wanted["adj_diff"]
    assert sorted(-end for end in reml.ci_wald) == pytest.approx(wanted["ci"], abs=0.1)
    by_arm = analysis.design.rows.groupby("active")["y"]
    assert by_arm.size().tolist() == wanted["n"][::-1]
    assert by_arm.mean().round(1).tolist() == wanted["arm_means"][::-1]


@pytest.mark.sampling
def test_the_sampled_posterior_agrees_with_exact_integration(
    analysis: Analysis, expected: Callable[[str], Any], close_to: Callable[..., None]
) -> None:
    """Flat priors, as the reference had them; its intercepts by practice add nothing to the difference of arms."""
    from ipdma.fit import fit

    found = fit(analysis, seed=1, draws=3000)
    assert min(found.diagnostics.ess_bulk_min, found.diagnostics.ess_tail_min) >= 4000
    assert "tau" not in found.posterior
    close_to(quantiles(draws_of(found, "effect")), expected("P2")["bayes"]["acu"])
