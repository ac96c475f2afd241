"""Quadratic and linear plateau (SAS NLIN, "Segmented Model"): the functions of plateau and quadratic.

As models they are out of scope (no trials, no arms): the curves' functions are put into least squares and a grid.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import least_squares

from ipdma.curves.curve import Place
from ipdma.curves.plateau import Plateau
from ipdma.curves.quadratic import Quadratic

pytestmark = pytest.mark.published
SHARP = Plateau("x", corner=0.0)


@pytest.fixture(scope="module")
def data(reference_data: Path) -> tuple[np.ndarray, np.ndarray]:
    table = pd.read_csv(reference_data / "plateau_sas_nlin" / "plateau.csv")
    return table["x"].to_numpy(dtype=float), table["y"].to_numpy()


def test_the_quadratic_plateau_agrees_with_sas(
    data: tuple[np.ndarray, np.ndarray], expected: Callable[[str], Any]
) -> None:
    # y = a + b x + c x^2 up to its top x0 = -b / (2 c), and level after it
    wanted, (x, y) = expected("P7")["quadratic_plateau"], data
    place = Place(reference=1.0, largest=2.0)
    scale = 2.0  # largest (largest - reference): the bend's column is (x^2 - x) / 2

    def curve(theta: np.ndarray) -> np.ndarray:
        a, b, c = theta
        linear, bend = Quadratic("x").columns(SHARP.shape(x, -b / (2 * c)), place)
        return a + (b + c) * linear + c * scale * bend

    found = least_squares(lambda theta: curve(theta) - y, [0.4, 0.06, -0.002], xtol=1e-14, ftol=1e-14, x_scale="jac")
    a, b, c = found.x
    x0 = -b / (2 * c)
    assert (a, b, c) == pytest.approx([wanted["coef"][name] for name in "abc"], rel=1e-4)
    assert x0 == pytest.approx(12.7477, abs=5e-5)
    assert curve(found.x).max() == pytest.approx(0.7775, abs=5e-5)
    variance = np.linalg.inv(found.jac.T @ found.jac) * 2 * found.cost / (len(x) - 3)
    assert np.sqrt(np.diag(variance)) == pytest.approx([wanted["se"][name] for name in "abc"], rel=1e-3)


def linear_plateau(x: np.ndarray, y: np.ndarray, kappa: float) -> tuple[np.ndarray, float, float]:
    """Coefficients, residual sum of squares and the log marginal likelihood of a + b min(x, kappa)."""
    columns = np.column_stack([np.ones_like(x), SHARP.shape(x, kappa)])
    coefficients, *_ = np.linalg.lstsq(columns, y, rcond=None)
    rss = float(((y - columns @ coefficients) ** 2).sum())
    n, p = columns.shape
    return coefficients, rss, -0.5 * np.linalg.slogdet(columns.T @ columns)[1] - 0.5 * (n - p) * np.log(rss)


def test_the_linear_plateaus_posterior_agrees_with_exact_integration(
    data: tuple[np.ndarray, np.ndarray], expected: Callable[[str], Any]
) -> None:
    # kappa ~ Uniform(1.5, 15.9), flat a and b, p(sigma) ~ 1 / sigma
    wanted, best = expected("P7")["bayes_exact_linear_plateau"], expected("P7")["linear_plateau_ML"]
    grid = np.linspace(1.5, 15.9, 2881)
    fits = [linear_plateau(*data, kappa) for kappa in grid]
    value = np.array([logp for *_, logp in fits])
    weight = np.exp(value - value.max())
    weight /= weight.sum()
    mean = float(weight @ grid)
    assert mean == pytest.approx(wanted["kappa"]["mean"], abs=0.1 * wanted["kappa"]["sd"])
    assert np.sqrt(weight @ (grid - mean) ** 2) == pytest.approx(wanted["kappa"]["sd"], rel=0.02)
    for k, name in enumerate(("intercept", "slope")):
        found = weight @ np.array([coefficients[k] for coefficients, *_ in fits])
        assert found == pytest.approx(wanted["coef"][name]["mean"], abs=0.1 * wanted["coef"][name]["sd"])
    (intercept, slope), rss, _ = linear_plateau(*data, best["kappa"])
    assert (intercept, slope, rss) == pytest.approx((best["intercept"], best["slope"], best["rss"]), rel=1e-5)
    assert min(r for _, r, _ in fits) == pytest.approx(best["rss"], rel=1e-3)
