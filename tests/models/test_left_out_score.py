"""The score of a left-out trial against brute-force integration of a tiny field."""

import numpy as np
import pytest
from scipy.stats import halfnorm, multivariate_normal, norm

from ipdma.models.left_out_score import Field, left_out_scores
from ipdma.models.quadrature import lattice, prior_quantiles, tau_points
from ipdma.priors.prior import HalfNormal, LogNormal, Normal, Uniform

EFFECT_SD, SHIFT_SD, TAU_SD, KAPPA_END = 3.0, 1.0, 1.0, 12.0
X = np.array([[2.0, 2.0], [5.0, 5.0], [9.0, 9.0]])
SHIFT = np.array([[0.0, 1.0], [0.5, 0.5], [-0.3, -0.3]])
PRESENT = np.array([[True, True], [True, False], [True, False]])
ESTIMATE = np.array([[-1.0, -2.2], [-3.0, 0.0], [-3.5, 0.0]])
COVARIANCE = np.array([[[0.8, 0.3], [0.3, 1.1]], [[0.5, 0.0], [0.0, 1.0]], [[1.5, 0.0], [0.0, 1.0]]])
CORRELATION = np.array([[1.0, 0.5], [0.5, 1.0]])


def g(kappa: np.ndarray) -> np.ndarray:
    """min(x, kappa) over min(5, kappa), shape (kappa, trial, arm)."""
    return np.minimum(X, kappa[:, None, None]) / np.minimum(5.0, kappa[:, None, None])


def density(trials: list[int]) -> float:
    """p(d of these trials), by even grids over kappa, tau, effect and shift: nothing is integrated analytically."""
    kappa = (np.arange(12) + 0.5) / 12 * KAPPA_END
    tau = (np.arange(40) + 0.5) / 40 * 5 * TAU_SD
    effect = np.linspace(-6, 6, 41) * EFFECT_SD
    shift = np.linspace(-6, 6, 41) * SHIFT_SD
    share, total = g(kappa), 0.0
    weights = norm.pdf(effect, 0, EFFECT_SD)[:, None] * norm.pdf(shift, 0, SHIFT_SD) * np.ptp(effect) / 40
    weights = weights * np.ptp(shift) / 40
    for t in tau:
        for k in range(len(kappa)):
            value = np.ones((41, 41))
            for j in trials:
                a = PRESENT[j]
                mean = effect[:, None, None] * share[k, j, a] + shift[None, :, None] * SHIFT[j, a]
                s = (COVARIANCE[j] + t**2 * CORRELATION)[np.ix_(a, a)]
                value = value * multivariate_normal(np.zeros(a.sum()), s).pdf(ESTIMATE[j, a] - mean)
            total += (weights * value).sum() * halfnorm.pdf(t, 0, TAU_SD)
    return total * (5 * TAU_SD / 40) / 12


def test_the_score_is_the_density_of_all_trials_over_that_of_the_others() -> None:
    tau, weight = tau_points(HalfNormal(TAU_SD), fine=0.5, wide=TAU_SD, s=1.0, points=20)
    field = Field(
        estimate=ESTIMATE, covariance=COVARIANCE, present=PRESENT, correlation=CORRELATION, tau=tau, tau_weight=weight
    )
    share = g(prior_quantiles(Uniform(0.0, KAPPA_END), lattice(12, 1)[0]))
    columns = np.stack([share, np.broadcast_to(SHIFT, share.shape)], axis=1)
    found = left_out_scores(field, columns, np.zeros(2), np.array([EFFECT_SD, SHIFT_SD]) ** -2.0)
    expected = np.log(density([0, 1, 2])) - np.log([density([1, 2]), density([0, 2]), density([0, 1])])
    assert found == pytest.approx(expected, abs=2e-3)


def test_points_of_tau_integrate_its_prior() -> None:
    tau, weight = tau_points(HalfNormal(2.0), fine=0.3, wide=2.0, s=1.0, points=20)
    assert weight.sum() == pytest.approx(1.0, abs=1e-5)
    assert weight @ tau**2 == pytest.approx(4.0, rel=1e-3)  # E tau^2 = sd^2
    uniform = tau_points(Uniform(0.0, 5.0), fine=0.3, wide=5.0, s=1.0, points=20)
    assert uniform[1] @ uniform[0] == pytest.approx(2.5, rel=1e-6)


def test_a_lattice_is_spread_evenly_and_quantiles_are_those_of_the_prior() -> None:
    points = lattice(200, 2)
    inside = (points[:, None] < np.array([0.3, 0.6])[:, None, None]).all(axis=0)
    assert inside.mean() == pytest.approx(0.18, abs=0.02)
    assert lattice(1, 0).shape == (0, 1)
    share = np.array([0.025, 0.5, 0.975])
    assert prior_quantiles(LogNormal(4.0, 0.5), share) == pytest.approx(4 * np.exp(0.5 * norm.ppf(share)), rel=0.02)
    assert prior_quantiles(Normal(1.0, 2.0), share) == pytest.approx(1 + 2 * norm.ppf(share), abs=0.05)
