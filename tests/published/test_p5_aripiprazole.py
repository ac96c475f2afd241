"""Aripiprazole in five dose-finding trials (Crippa & Orsini 2016): improvement in PANSS by dose, against placebo.

The data are means, SDs and sizes of arms. Participants with exactly these moments, and a baseline that tells nothing of
the outcome, give the one-stage model the same contrasts and covariances, residual SDs apart: these the reference takes
as known, pooled within each trial of 173 to 402 people; here they are estimated.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ipdma.analysis import Analysis
from ipdma.curves.curve import MainCurve, Place
from ipdma.curves.emax import Emax
from ipdma.curves.quadratic import Quadratic
from ipdma.curves.spline import Spline
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.one_stage import OneStage
from ipdma.priors.prior import Flat, HalfNormal, LogFlat, LogNormal
from ipdma.schemas.quantity import Quantity
from ipdma.summaries.profile_effect import main_effect
from ipdma.summaries.quantiles import draws_of, quantiles

pytestmark = pytest.mark.published
# So high a dose that the effect there is Emax itself, and the deviations' SD there that of Emax.
NEARLY_INFINITE = 1e6
AT_20 = Place(reference=20.0, largest=30.0)
SPLINE = Spline("dose", knots=(0.0, 10.0, 30.0))
# Effect x / 20 + bend (R(x) - R(20) x / 20) / w to the coefficients of x and R, R being (x^3 - 1.5 (x - 10)+^3) / 900:
# R(20) = 6500 / 900, R(30) = 15000 / 900, and w = R(30) - 1.5 R(20) = 5250 / 900, the largest from 0 to 30.
TO_HARRELL = np.array([[1 / 20, -6500 / 20 / 5250], [0.0, 900 / 5250]])
FLAT = {"effect": Flat(), "trial_intercept": Flat(), "baseline_slope": Flat(), "residual_sd": LogFlat()}


@pytest.fixture(scope="module")
def arms(reference_data: Path) -> pd.DataFrame:
    table = pd.read_csv(reference_data / "aripiprazole_5rct_dose" / "ari.csv")
    squares = (table["n"] - 1) * table["sd"] ** 2
    pooled = squares.groupby(table["id"]).transform("sum") / (table["n"] - 1).groupby(table["id"]).transform("sum")
    return table.assign(trial="trial_" + table["id"].astype(str), arm="d" + table["dose"].astype(str), pooled=pooled)


def participants(arm: Any) -> pd.DataFrame:
    """People whose outcome has the arm's mean and SD, uncorrelated with their baseline."""
    rng = np.random.default_rng(int(arm.id) * 100 + int(arm.dose))
    centred = rng.normal(size=(arm.n, 2))
    centred -= centred.mean(axis=0)
    b, y = np.linalg.qr(centred)[0].T * np.sqrt(arm.n - 1)
    names = [f"{arm.trial}_{arm.arm}_{i}" for i in range(arm.n)]
    return pd.DataFrame(
        {"trial": arm.trial, "participant_id": names, "arm": arm.arm, "y": arm.y + arm.sd * y, "b": 50.0 + 10.0 * b}
    )


def consortium(arms: pd.DataFrame, consortium_of: Callable[..., Consortium]) -> Consortium:
    rows = pd.concat([participants(arm) for arm in arms.itertuples()], ignore_index=True)
    table = arms[["trial", "arm"]].assign(
        treatment=np.where(arms["dose"] > 0, "drug", "placebo"), dose=arms["dose"].where(arms["dose"] > 0)
    )
    return consortium_of(rows, table)


def estimand(reference_mg: float) -> Estimand:
    return Estimand(
        outcome="scale_a",
        visit="post",
        treatment="drug",
        control="placebo",
        metric="raw",
        reference={"dose": Quantity(reference_mg, "mg")},
    )


def fixed_effect_fit(arms: pd.DataFrame, curve: MainCurve, place: Place) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the curve and their covariance by generalized least squares on the contrasts with placebo."""
    count = len(curve.coefficients(place))
    information, score = np.zeros((count, count)), np.zeros(count)
    for _, trial in arms.groupby("id"):
        placebo, active = trial[trial["dose"] == 0].iloc[0], trial[trial["dose"] > 0]
        y = (active["y"] - placebo["y"]).to_numpy()
        covariance = placebo["pooled"] * (np.diag(1 / active["n"].to_numpy()) + 1 / placebo["n"])
        x = np.column_stack(curve.columns(active["dose"].to_numpy(dtype=float), place))
        information += x.T @ np.linalg.solve(covariance, x)
        score += x.T @ np.linalg.solve(covariance, y)
    return np.linalg.solve(information, score), np.linalg.inv(information)


def test_the_quadratic_agrees_with_the_fixed_effect_fit(arms: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    """Generalized least squares on the contrasts, with the quadratic's columns: as a model it has priors."""
    wanted = expected("P5")["quadratic"]
    found, covariance = fixed_effect_fit(arms, Quadratic("dose"), AT_20)
    # effect x / 20 + bend x (x - 20) / 300 in powers of x; 300 = 30 (30 - 20)
    to_powers = np.array([[1 / 20, -20 / 300], [0.0, 1 / 300]])
    variance = to_powers @ covariance @ to_powers.T
    assert to_powers @ found == pytest.approx(wanted["FE_b"], rel=0.005)
    assert np.sqrt(np.diag(variance)) == pytest.approx(wanted["FE_se"], rel=0.005)


def test_the_spline_agrees_with_the_fixed_effect_fit(arms: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    """Generalized least squares on the contrasts, with the spline's columns, in the terms of Harrell's basis."""
    wanted = expected("P5")["rcs_0_10_30"]
    found, covariance = fixed_effect_fit(arms, SPLINE, AT_20)
    variance = TO_HARRELL @ covariance @ TO_HARRELL.T
    assert TO_HARRELL @ found == pytest.approx(wanted["FE_b"], rel=0.005)
    assert np.sqrt(np.diag(variance)) == pytest.approx(wanted["FE_se"], rel=0.005)
    assert variance == pytest.approx(np.array(wanted["FE_vcov"]), rel=0.005)


@pytest.mark.sampling
def test_the_sampled_spline_agrees_with_the_fixed_effect_fit(
    arms: pd.DataFrame, consortium_of: Callable[..., Consortium], expected: Callable[[str], Any]
) -> None:
    from ipdma.fit import fit

    wanted = expected("P5")["rcs_0_10_30"]
    # The reference: one curve for all trials, everything flat.
    model = OneStage(
        main=SPLINE,
        effect="common_effect",
        baseline_slope="common",
        priors={**FLAT, "bend[10]": Flat()},
    )
    analysis = Analysis(consortium=consortium(arms, consortium_of), estimand=estimand(20.0), model=model)
    found = fit(analysis, seed=1, draws=4000)
    assert found.diagnostics.divergences == 0
    assert min(found.diagnostics.ess_bulk_min, found.diagnostics.ess_tail_min) >= 4000
    draws = TO_HARRELL @ [draws_of(found, "effect"), draws_of(found, "bend[10]")]
    se = np.array(wanted["FE_se"])
    assert np.all(np.abs(draws.mean(axis=1) - wanted["FE_b"]) < 0.05 * se)
    assert draws.std(axis=1, ddof=1) == pytest.approx(se, rel=0.03)
    correlation = wanted["FE_vcov"][0][1] / (se[0] * se[1])
    assert np.corrcoef(draws)[0, 1] == pytest.approx(correlation, abs=0.01)


@pytest.mark.sampling
def test_the_sampled_emax_curve_agrees_with_exact_integration(
    arms: pd.DataFrame, consortium_of: Callable[..., Consortium], expected: Callable[[str], Any]
) -> None:
    from ipdma.fit import fit

    wanted = expected("P5")["emax"]
    # The reference: (Emax + u_i) d / (ED50 + d), u_i ~ N(0, tau); Emax flat, ED50 ~ LogNormal(log 5, 1), tau ~
    # half-N(0, 3); other coefficients flat.
    model = OneStage(
        main=Emax("dose"),
        baseline_slope="common",
        heterogeneity="proportional",
        priors={**FLAT, "ed50": LogNormal(5.0, 1.0), "tau": HalfNormal(3.0)},
    )
    analysis = Analysis(consortium=consortium(arms, consortium_of), estimand=estimand(NEARLY_INFINITE), model=model)
    found = fit(analysis, seed=1, draws=4000)
    assert found.diagnostics.divergences == 0
    assert min(found.diagnostics.ess_bulk_min, found.diagnostics.ess_tail_min) >= 4000
    along = main_effect(found, np.array([10.0, 20.0, 30.0]))
    rows_to_check = [("emax", draws_of(found, "effect")), *((f"pred{d}", along[k]) for k, d in enumerate((10, 20, 30)))]
    for name, draws in rows_to_check:
        five = quantiles(draws)
        assert abs(five["mean"] - wanted[name]["mean"]) < 0.10 * wanted[name]["sd"], name
        assert five["sd"] == pytest.approx(wanted[name]["sd"], rel=0.06), name
    ed50 = quantiles(draws_of(found, "ed50"))
    assert abs(ed50["mean"] - wanted["ed50"]["mean"]) < 0.10 * ed50["sd"]
    assert ed50["median"] == pytest.approx(wanted["ed50"]["median"], rel=0.06)
    assert quantiles(draws_of(found, "tau"))["median"] == pytest.approx(wanted["tau"]["median"], rel=0.10)
