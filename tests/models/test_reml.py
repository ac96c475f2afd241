import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from ipdma.errors import DesignError
from ipdma.models.reml import pool_reml, reml_tau2

# Effects and variances of a small meta-analysis whose REML solution metafor prints (dat.bcg as log risk ratios):
# tau2 0.3132, estimate -0.7145, se 0.1798, I2 92.22 %, Q 152.2330 (df 12), as in the metafor documentation of rma().
BCG = np.array(
    [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394, 0.4459, -0.0173]
)
BCG_VARIANCE = np.array(
    [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]
)


def test_reml_of_a_published_meta_analysis_agrees_with_metafor() -> None:
    found = pool_reml(BCG, np.sqrt(BCG_VARIANCE))
    assert found.tau2 == pytest.approx(0.3132, rel=0.005)
    assert found.estimate == pytest.approx(-0.7145, rel=0.005)
    assert found.se == pytest.approx(0.1798, rel=0.005)
    assert found.i2 == pytest.approx(92.22, rel=0.005)
    assert found.q == pytest.approx(152.2330, rel=0.005)
    assert found.df == 12
    # confint() of the same model prints 0.1197 to 1.1115 for tau2.
    assert found.tau2_ci == pytest.approx((0.1197, 1.1115), rel=0.005)


def restricted(tau2: float, y: np.ndarray, se: np.ndarray) -> float:
    """Minus twice the restricted log likelihood, from the multivariate normal density of contrasts."""
    k = len(y)
    contrasts = np.linalg.svd(np.ones((1, k)))[2][1:]
    covariance = contrasts @ np.diag(se**2 + tau2) @ contrasts.T
    return float(-2 * stats.multivariate_normal(np.zeros(k - 1), covariance).logpdf(contrasts @ y))


@pytest.mark.parametrize("seed", range(20))
def test_tau2_maximizes_the_likelihood_of_the_contrasts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 12))
    se = np.exp(rng.normal(0.0, 1.0, k))
    y = rng.normal(0.0, np.hypot(se, rng.choice([0.0, 0.5, 3.0])))
    found = reml_tau2(y, se)
    best = optimize.minimize_scalar(restricted, bounds=(0, 100 * y.var() + 1), args=(y, se), method="bounded")
    assert restricted(found, y, se) <= min(best.fun, restricted(0.0, y, se)) + 1e-8


def test_no_heterogeneity_beyond_chance_gives_exactly_zero() -> None:
    found = pool_reml([1.0, 1.1, 0.9, 1.05], [1.0, 0.8, 1.2, 0.9])
    assert found.tau2 == 0.0
    assert found.i2 == 0.0
    assert found.tau2_ci is not None
    assert found.tau2_ci[0] == 0.0


def test_equal_estimates_give_an_empty_q_profile_at_zero() -> None:
    found = pool_reml([2.0, 2.0, 2.0], [1.0, 2.0, 3.0])
    assert found.tau2 == 0.0
    assert found.tau2_ci == (0.0, 0.0)
    assert found.q == pytest.approx(0.0, abs=1e-20)


def test_the_ends_of_the_q_profile_interval_are_where_q_meets_the_chi_square_points() -> None:
    se = np.sqrt(BCG_VARIANCE)
    ends = pool_reml(BCG, se).tau2_ci
    assert ends is not None
    for tau2, level in zip(ends, (0.975, 0.025), strict=True):
        weight = 1 / (se**2 + tau2)
        q = (weight * (BCG - (weight * BCG).sum() / weight.sum()) ** 2).sum()
        assert q == pytest.approx(stats.chi2.ppf(level, 12), rel=1e-8)


numbers = st.floats(-50, 50).map(lambda x: round(x, 3))
errors = st.floats(0.05, 20).map(lambda x: round(x, 3))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(numbers, errors), min_size=2, max_size=10))
def test_knapp_hartung_is_never_narrower_than_the_common_effect_interval(pairs: list[tuple[float, float]]) -> None:
    y, se = np.array(pairs).T
    found = pool_reml(y, se)
    common = 2 * 1.959963984540054 / np.sqrt((1 / se**2).sum())
    assert found.ci_hartung_knapp is not None
    assert np.ptp(found.ci_hartung_knapp) >= np.ptp(found.ci_wald) >= common * (1 - 1e-12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(numbers, errors), min_size=3, max_size=8), st.sampled_from([1e-6, 1e-2, 1e5]))
def test_other_units_of_the_outcome_give_the_same_answer(pairs: list[tuple[float, float]], factor: float) -> None:
    y, se = np.array(pairs).T
    one, other = pool_reml(y, se), pool_reml(y * factor, se * factor)
    assert one.tau2 is not None
    assert other.tau2 is not None
    assert other.tau2 / factor**2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-8)
    assert other.estimate / factor == pytest.approx(one.estimate, rel=1e-6, abs=1e-6)
    assert other.prediction == pytest.approx(np.array(one.prediction) * factor, rel=1e-5, abs=1e-5 * factor)


def test_prediction_interval_is_t_with_two_df_less_than_trials() -> None:
    """By hand for two equal groups: estimates -3, 3, -3, 3 with se 1, so mean 0, tau2 = 12 - 1, se^2 = 3."""
    found = pool_reml([-3.0, 3.0, -3.0, 3.0], [1.0] * 4)
    assert found.tau2 == pytest.approx(11.0)
    assert found.se == pytest.approx(np.sqrt(3.0))
    assert found.prediction is not None
    assert found.prediction[1] == pytest.approx(4.302652729911275 * np.sqrt(14.0))  # t, 2 df, 97.5 %


def test_two_trials_have_no_prediction_interval_and_one_trial_has_no_heterogeneity() -> None:
    two = pool_reml([1.0, 2.0], [1.0, 1.0])
    assert two.prediction is None
    assert two.tau2 == 0.0
    one = pool_reml([1.0], [2.0])
    assert (one.tau2, one.q, one.ci_hartung_knapp, one.i2) == (None, None, None, None)
    assert one.ci_wald == pytest.approx((1 - 1.959963984540054 * 2, 1 + 1.959963984540054 * 2))


def test_a_single_trial_keeps_the_t_interval_of_its_own_analysis() -> None:
    found = pool_reml([1.0], [2.0], df=[10])
    assert found.ci_wald[1] == pytest.approx(1 + 2.2281388519649385 * 2)  # t, 10 df, 97.5 %


@pytest.mark.parametrize(
    ("estimate", "se", "match"),
    [([], [], "0 estimates"), ([1.0], [1.0, 2.0], "1 estimates and 2"), ([1.0, 2.0], [1.0, 0.0], "1 of 2 trials")],
)
def test_what_cannot_be_pooled_is_refused(estimate: list[float], se: list[float], match: str) -> None:
    with pytest.raises(DesignError, match=match):
        pool_reml(estimate, se)
    with pytest.raises(DesignError, match="1 of 1 trials"):
        pool_reml([float("nan")], [1.0])
