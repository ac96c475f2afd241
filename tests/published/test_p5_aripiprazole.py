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
from ipdma.curves.curve import Place
from ipdma.curves.emax import Emax
from ipdma.curves.quadratic import Quadratic
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


def test_the_quadratic_agrees_with_the_fixed_effect_fit(arms: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    """Generalized least squares on the contrasts, with the quadratic's columns: as a model it has priors."""
    wanted = expected("P5")["quadratic"]
    place = Place(reference=20.0, largest=30.0)
    information, score = np.zeros((2, 2)), np.zeros(2)
    for _, trial in arms.groupby("id"):
        placebo, active = trial[trial["dose"] == 0].iloc[0], trial[trial["dose"] > 0]
        y = (active["y"] - placebo["y"]).to_numpy()
        covariance = placebo["pooled"] * (np.diag(1 / active["n"].to_numpy()) + 1 / placebo["n"])
        x = np.column_stack(Quadratic("dose").columns(active["dose"].to_numpy(dtype=float), place))
        information += x.T @ np.linalg.solve(covariance, x)
        score += x.T @ np.linalg.solve(covariance, y)
    effect, bend = np.linalg.solve(information, score)
    # effect x / 20 + bend x (x - 20) / 300 in powers of x; 300 = 30 (30 - 20)
    to_powers = np.array([[1 / 20, -20 / 300], [0.0, 1 / 300]])
    variance = to_powers @ np.linalg.inv(information) @ to_powers.T
    assert to_powers @ [effect, bend] == pytest.approx(wanted["FE_b"], rel=0.005)
    assert np.sqrt(np.diag(variance)) == pytest.approx(wanted["FE_se"], rel=0.005)


@pytest.mark.sampling
def test_the_sampled_emax_curve_agrees_with_exact_integration(
    arms: pd.DataFrame, consortium_of: Callable[..., Consortium], expected: Callable[[str], Any]
) -> None:
    from ipdma.fit import fit

    wanted = expected("P5")["emax"]
    rows = pd.concat([participants(arm) for arm in arms.itertuples()], ignore_index=True)
    table = arms[["trial", "arm"]].assign(
        treatment=np.where(arms["dose"] > 0, "drug", "placebo"), dose=arms["dose"].where(arms["dose"] > 0)
    )
    # The reference: (Emax + u_i) d / (ED50 + d), u_i ~ N(0, tau); Emax flat, ED50 ~ LogNormal(log 5, 1), tau ~
    # half-N(0, 3); other coefficients flat.
    flat = {"effect": Flat(), "trial_intercept": Flat(), "baseline_slope": Flat(), "residual_sd": LogFlat()}
    model = OneStage(
        main=Emax("dose"),
        baseline_slope="common",
        heterogeneity="proportional",
        priors={**flat, "ed50": LogNormal(5.0, 1.0), "tau": HalfNormal(3.0)},
    )
    estimand = Estimand(
        outcome="scale_a",
        visit="post",
        treatment="drug",
        control="placebo",
        metric="raw",
        reference={"dose": Quantity(NEARLY_INFINITE, "mg")},
    )
    found = fit(Analysis(consortium=consortium_of(rows, table), estimand=estimand, model=model), seed=1, draws=4000)
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
