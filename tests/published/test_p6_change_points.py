"""Change points with an exact posterior (stagnant band height, Nile): the broken line's and the step's functions.

As models they are out of scope (no trials, no arms): the curves' functions are put into a grid over the change point
with flat coefficients and p(sigma) ~ 1 / sigma, integrated out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

from ipdma.curves.broken_line import BrokenLine
from ipdma.curves.pre_post import PrePost

pytestmark = pytest.mark.published


def least_squares(columns: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Coefficients, residual sum of squares and the log marginal likelihood up to a constant."""
    coefficients, *_ = np.linalg.lstsq(columns, y, rcond=None)
    rss = float(((y - columns @ coefficients) ** 2).sum())
    n, p = columns.shape
    return coefficients, rss, -0.5 * np.linalg.slogdet(columns.T @ columns)[1] - 0.5 * (n - p) * np.log(rss)


def two_slopes(x: np.ndarray, kappa: float) -> np.ndarray:
    """Constant, and x up to kappa and beyond it: the broken line with second slopes of 0 and 1 times the first."""
    line = BrokenLine("x", corner=0.0)
    first = line.shape(x, kappa, 0.0)
    return np.column_stack([np.ones_like(x), first, line.shape(x, kappa, 1.0) - first])


@pytest.fixture(scope="module")
def stagnant(reference_data: Path) -> pd.DataFrame:
    return pd.read_csv(reference_data / "changepoint_stagnant_nile" / "stagnant.csv")


def test_the_best_broken_line_agrees_with_segmented(stagnant: pd.DataFrame, expected: Callable[[str], Any]) -> None:
    wanted = expected("P6")["stagnant"]["segmented"]
    x, y = stagnant["x"].to_numpy(), stagnant["y"].to_numpy()
    best = minimize_scalar(lambda k: least_squares(two_slopes(x, k), y)[1], bounds=(0.02, 0.1), method="bounded")
    (_, first, second), rss, _ = least_squares(two_slopes(x, best.x), y)
    assert best.x == pytest.approx(wanted["psi"], abs=0.01 * wanted["se"])
    assert (first, second) == pytest.approx((wanted["slopes"][0][0], wanted["slopes"][1][0]), rel=1e-3)
    assert np.sqrt(rss / (len(x) - 4)) == pytest.approx(wanted["sigma"], rel=1e-3)


def test_the_posterior_of_the_corner_agrees_with_exact_integration(
    stagnant: pd.DataFrame, expected: Callable[[str], Any]
) -> None:
    # kappa ~ Uniform(-1.3, 1.1), flat coefficients, p(sigma) ~ 1 / sigma
    wanted = expected("P6")["stagnant"]["bayes_exact"]
    x, y = stagnant["x"].to_numpy(), stagnant["y"].to_numpy()
    grid = np.linspace(-1.3, 1.1, 4801)
    fits = [least_squares(two_slopes(x, kappa), y) for kappa in grid]
    weight = np.exp([value for *_, value in fits] - max(value for *_, value in fits))
    weight /= weight.sum()
    mean = float(weight @ grid)
    assert mean == pytest.approx(wanted["kappa"]["mean"], abs=0.1 * wanted["kappa"]["sd"])
    assert np.sqrt(weight @ (grid - mean) ** 2) == pytest.approx(wanted["kappa"]["sd"], rel=0.02)
    for k, name in ((1, "beta1"), (2, "beta2")):
        found = weight @ np.array([coefficients[k] for coefficients, *_ in fits])
        assert found == pytest.approx(wanted["coef"][name]["mean"], abs=0.1 * wanted["coef"][name]["sd"])


def test_the_year_of_the_niles_shift_agrees_with_exact_integration(
    reference_data: Path, expected: Callable[[str], Any]
) -> None:
    # A mean before and one after year k, uniform over 1871 to 1969, flat means, p(sigma) ~ 1 / sigma
    wanted = expected("P6")["nile"]
    nile = pd.read_csv(reference_data / "changepoint_stagnant_nile" / "nile.csv")
    year, flow = nile["year"].to_numpy(dtype=float), nile["flow"].to_numpy(dtype=float)
    years = np.arange(1871, 1970)
    after = [PrePost("year", at=k + 0.5).shape(year) for k in years]
    value = np.array([least_squares(np.column_stack([1 - step, step]), flow)[2] for step in after])
    weight = np.exp(value - value.max())
    weight /= weight.sum()
    mean = float(weight @ years)
    assert years[weight.argmax()] == wanted["kappa"]["mode"]
    assert weight.max() == pytest.approx(wanted["p_mode_1898"], rel=1e-6)
    assert mean == pytest.approx(wanted["kappa"]["mean"], abs=0.1 * wanted["kappa"]["sd"])
