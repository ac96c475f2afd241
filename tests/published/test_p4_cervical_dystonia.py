"""Botulinum toxin for cervical dystonia (Brashear 1999), nine sites as trials, three dose arms, week 4.

The codebook's arm codes are reversed: 1 = 10000 U, 2 = 5000 U, 3 = placebo (see the README beside the data).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ipdma.analysis import Analysis
from ipdma.curves.linear import Linear
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.least_squares import least_squares
from ipdma.models.one_stage import OneStage
from ipdma.models.two_stage import fit_two_stage
from ipdma.priors.prior import Flat, HalfNormal, LogFlat
from ipdma.schemas.quantity import Quantity
from ipdma.summaries.quantiles import draws_of, quantiles

pytestmark = pytest.mark.published
ESTIMAND = Estimand(
    outcome="scale_a",
    visit="post",
    treatment="toxin",
    control="placebo",
    metric="raw",
    reference={"dose": Quantity(1000.0, "[U]")},
    missing_covariates="complete_case",
)
DOSES = {1: 10000.0, 2: 5000.0}
FLAT = {"effect": Flat(), "trial_intercept": Flat(), "baseline_slope": Flat(), "residual_sd": LogFlat()}


@pytest.fixture(scope="module")
def analysis(reference_data: Path, consortium_of: Callable[..., Consortium]) -> Analysis:
    data = pd.read_csv(reference_data / "cdystonia_9sites_3doses" / "cdystonia.csv")
    wide = data.pivot(index=["site", "id", "treat"], columns="week", values="twstrs").reset_index()
    rows = pd.DataFrame(
        {
            "trial": "site_" + wide["site"].astype(str),
            "participant_id": wide["id"].astype(str),
            "arm": wide["treat"].map({1: "u10000", 2: "u5000", 3: "placebo"}),
            "y": wide[4],
            "b": wide[0],
        }
    )
    arms = pd.DataFrame({"trial": wide["site"], "code": wide["treat"]}).drop_duplicates(ignore_index=True)
    arms = pd.DataFrame(
        {
            "trial": "site_" + arms["trial"].astype(str),
            "arm": arms["code"].map({1: "u10000", 2: "u5000", 3: "placebo"}),
            "treatment": arms["code"].map({1: "toxin", 2: "toxin", 3: "placebo"}),
            "dose": arms["code"].map(DOSES),
        }
    )
    # The reference: slope of dose by site (so deviations proportional to dose), everything else common and flat,
    # tau ~ HalfNormal(1) per 1000 U.
    model = OneStage(
        main=Linear("dose"),
        residual_sd="common",
        baseline_slope="common",
        heterogeneity="proportional",
        priors={**FLAT, "tau": HalfNormal(1.0)},
    )
    return Analysis(consortium=consortium_of(rows, arms, dose_unit="[U]"), estimand=ESTIMAND, model=model)


def test_each_dose_agrees_with_lm(analysis: Analysis, expected: Callable[[str], Any]) -> None:
    wanted = expected("P4")["wk4"]
    found = least_squares(analysis.design, levels="dose").coefficients.set_index("name")
    for name, row in (("d5000", "dose=5000"), ("d10000", "dose=10000")):
        numbers = found.loc[row, ["estimate", "se", "ci_low", "ci_high"]].tolist()
        assert numbers == pytest.approx(wanted[name], rel=1e-4)


def test_the_linear_dose_agrees_with_lm(analysis: Analysis, expected: Callable[[str], Any]) -> None:
    wanted = expected("P4")["wk4"]["linear_per_1000U"]
    found = least_squares(analysis.design, linear="dose")
    slope = found.coefficients.iloc[0]
    assert found.n == wanted["n"]
    assert found.sigma == pytest.approx(wanted["sigma"], rel=1e-4)
    assert 1000 * slope["estimate"] == pytest.approx(wanted["est"], rel=1e-4)
    assert 1000 * slope["se"] == pytest.approx(wanted["se"], rel=1e-4)
    assert 1000 * slope["ci_low"] == pytest.approx(wanted["ci_lb"], rel=1e-4)
    assert 1000 * slope["ci_high"] == pytest.approx(wanted["ci_ub"], rel=1e-4)


def test_any_dose_against_placebo_in_two_stages_agrees_with_metafor(
    reference_data: Path, analysis: Analysis, expected: Callable[[str], Any], reference: Callable[[str], Any]
) -> None:
    folder = "cdystonia_9sites_3doses"
    wanted, more = expected("P4")["two_stage_anydose"], reference(folder)["week4"]["two_stage_anydose"]
    given = pd.read_csv(reference_data / folder / "two_stage_week4.csv")
    fit = fit_two_stage(analysis.design)
    assert fit.estimates["n"].tolist() == given["n"].tolist()
    assert fit.estimates["estimate"].tolist() == pytest.approx(given["est"].tolist(), rel=1e-4)
    assert fit.estimates["se"].tolist() == pytest.approx(given["se"].tolist(), rel=1e-4)
    assert fit.reml.tau2 is not None
    assert (fit.reml.estimate, fit.reml.se) == pytest.approx((wanted["est"], wanted["se"]), rel=0.005)
    assert fit.reml.tau2**0.5 == pytest.approx(wanted["tau"], rel=0.005)
    assert fit.reml.i2 == pytest.approx(more["I2"], rel=0.005)


@pytest.mark.sampling
def test_the_sampled_dose_response_agrees_with_exact_integration(
    analysis: Analysis, expected: Callable[[str], Any], close_to: Callable[..., None]
) -> None:
    from ipdma.fit import fit

    wanted, found = expected("P4")["bayes"], fit(analysis, seed=1, draws=2500)
    assert min(found.diagnostics.ess_bulk_min, found.diagnostics.ess_tail_min) >= 4000
    close_to(quantiles(draws_of(found, "effect")), wanted["dose"])
    close_to(quantiles(draws_of(found, "tau")), wanted["tau"], median_only=True)
