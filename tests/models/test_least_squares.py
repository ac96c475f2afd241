from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from ipdma.design.design import Design, Terms, build_design
from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.least_squares import least_squares
from ipdma.simulate.arrays import simulate_rows

ESTIMAND = Estimand(outcome="scale_a", visit="post", treatment="drug", control="control", metric="raw")


@pytest.fixture(scope="module")
def design(consortium_of: Callable[..., Consortium]) -> Design:
    rows, arms = simulate_rows(6, 30, seed=4, within=2.0)
    terms = Terms(prognostic_factors=("z",))
    return build_design(consortium_of(rows, arms), ESTIMAND, terms)


def by_hand(design: Design, treatment: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Normal equations of the rows themselves, dummy variables for trials."""
    rows = design.rows
    trials = pd.get_dummies(rows["trial"]).to_numpy(dtype=float)
    x = np.column_stack([treatment, trials, rows[["b", "z"]].to_numpy(dtype=float)])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ rows["y"].to_numpy()
    residual = rows["y"].to_numpy() - x @ beta
    sigma = np.sqrt(residual @ residual / (len(rows) - x.shape[1]))
    return beta, sigma * np.sqrt(np.diag(inverse)), float(sigma)


def doses(design: Design) -> np.ndarray:
    merged = design.rows.merge(design.arms[["trial", "arm", "dose"]], on=["trial", "arm"], how="left")
    return merged["dose"].astype("float64").fillna(0.0).to_numpy()


def test_factors_give_the_least_squares_of_the_rows(design: Design) -> None:
    beta, se, sigma = by_hand(design, design.rows["active"].to_numpy(dtype=float)[:, None])
    found = least_squares(design)
    assert found.coefficients["name"].tolist() == ["effect"]
    assert found.coefficients["estimate"][0] == pytest.approx(beta[0], rel=1e-9)
    assert found.coefficients["se"][0] == pytest.approx(se[0], rel=1e-9)
    assert found.sigma == pytest.approx(sigma, rel=1e-9)
    assert found.df == len(design.rows) - 6 - 3
    assert found.n == len(design.rows)


def test_a_linear_dose_has_a_slope_per_unit(design: Design) -> None:
    beta, se, _ = by_hand(design, doses(design)[:, None])
    found = least_squares(design, linear="dose").coefficients.iloc[0]
    assert found["name"] == "dose"
    assert found["estimate"] == pytest.approx(beta[0], rel=1e-8)
    assert found["se"] == pytest.approx(se[0], rel=1e-8)


def test_each_level_of_dose_has_an_effect_of_its_own(design: Design) -> None:
    dose = doses(design)
    levels = np.unique(dose[dose > 0])
    beta, se, _ = by_hand(design, (dose[:, None] == levels).astype(float))
    found = least_squares(design, levels="dose").coefficients
    assert found["name"].tolist() == [f"dose={level:g}" for level in levels]
    np.testing.assert_allclose(found["estimate"], beta[: len(levels)], rtol=1e-8)
    np.testing.assert_allclose(found["se"], se[: len(levels)], rtol=1e-8)
    np.testing.assert_allclose((found["ci_high"] + found["ci_low"]) / 2, found["estimate"])


def test_what_least_squares_cannot_answer_is_refused(design: Design) -> None:
    with pytest.raises(DesignError, match="or one whose levels"):
        least_squares(design, linear="dose", levels="dose")
    with pytest.raises(DesignError, match="'weight' is not a numeric column"):
        least_squares(design, linear="weight")
    with pytest.raises(DesignError, match="'treatment' is not a numeric column"):
        least_squares(design, levels="treatment")
