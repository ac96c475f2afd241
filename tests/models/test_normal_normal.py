import numpy as np
import pytest
from scipy import integrate, optimize, stats

from ipdma.errors import DesignError, PriorError
from ipdma.models.normal_normal import BayesTwoStage, pool_bayes
from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogNormal, Normal, Prior, Sd, Uniform

Y = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]
SE = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]
PRIORS = [
    HalfNormal(5.0),
    HalfNormal(1e-4),
    HalfNormal(1e4),
    HalfCauchy(5.0),
    HalfCauchy(1e-3),
    Uniform(0.0, 30.0),
    Uniform(3.0, 3.001),
    LogNormal(2.0, 0.01),
    LogNormal(0.01, 2.0),
    Flat(),
]


def tables(found: BayesTwoStage) -> np.ndarray:
    assert found.tau is not None
    assert found.new_trial_effect is not None
    parts = [found.pooled_effect, found.tau, found.new_trial_effect, *found.trial_effects]
    return np.array([list(part.values()) for part in parts])


@pytest.mark.parametrize("prior", PRIORS, ids=str)
@pytest.mark.parametrize("effect", [Flat(), Normal(0.0, 5.0)], ids=str)
def test_a_grid_ten_times_finer_gives_the_same_numbers(prior: Prior, effect: Prior) -> None:
    coarse = pool_bayes(Y, SE, effect_prior=effect, tau_prior=prior)
    fine = pool_bayes(Y, SE, effect_prior=effect, tau_prior=prior, panels=640)
    np.testing.assert_allclose(tables(coarse), tables(fine), rtol=1e-7)


def test_tau_agrees_with_adaptive_quadrature_of_the_multivariate_normal_likelihood() -> None:
    """Another route: the estimates are jointly normal with covariance se^2 + tau^2 and the effect's prior variance."""

    def density(tau: float) -> float:
        covariance = np.diag(np.array(SE) ** 2 + tau**2) + 5.0**2
        return float(stats.multivariate_normal(np.zeros(8), covariance).pdf(Y) * stats.halfcauchy(scale=5).pdf(tau))

    def mass(upper: float) -> float:
        return float(integrate.quad(density, 0, upper, epsabs=0, epsrel=1e-10, limit=500)[0])

    total = mass(np.inf)
    mean = integrate.quad(lambda t: t * density(t), 0, np.inf, epsabs=0, epsrel=1e-10, limit=500)[0] / total
    found = pool_bayes(Y, SE, effect_prior=Normal(0.0, 5.0), tau_prior=HalfCauchy(5.0)).tau
    assert found is not None
    assert found["mean"] == pytest.approx(mean, rel=1e-6)
    for name, level in (("q2.5", 0.025), ("median", 0.5), ("q97.5", 0.975)):
        expected = optimize.brentq(lambda t, p=level: mass(t) / total - p, 1e-6, 100)
        assert found[name] == pytest.approx(expected, rel=1e-6)


def test_nearly_known_tau_gives_the_closed_form() -> None:
    found = pool_bayes(Y, SE, effect_prior=Flat(), tau_prior=Uniform(6.0, 6.0 + 1e-9))
    weight = 1 / (np.array(SE) ** 2 + 36.0)
    mean, sd = weight @ Y / weight.sum(), weight.sum() ** -0.5
    assert found.pooled_effect["mean"] == pytest.approx(mean)
    assert found.pooled_effect["q97.5"] == pytest.approx(mean + 1.959963984540054 * sd)
    assert found.new_trial_effect is not None
    assert found.new_trial_effect["sd"] == pytest.approx(np.hypot(sd, 6.0))
    pull = 15.0**2 / (15.0**2 + 36.0)
    assert found.trial_effects[0]["mean"] == pytest.approx(pull * mean + (1 - pull) * 28.0)
    assert found.trial_effects[0]["sd"] == pytest.approx(np.sqrt((1 - pull) * 225 + (pull * sd) ** 2))
    np.testing.assert_allclose(found.weights, 100 * weight / weight.sum())


def test_priors_in_baseline_sds_are_scaled_by_s() -> None:
    scaled = pool_bayes(Y, SE, effect_prior=Normal(0.0, Sd(0.5)), tau_prior=HalfNormal(Sd(0.25)), baseline_sd=10.0)
    plain = pool_bayes(Y, SE, effect_prior=Normal(0.0, 5.0), tau_prior=HalfNormal(2.5))
    np.testing.assert_allclose(tables(scaled), tables(plain))


def test_many_sharp_trials_leave_the_answer_of_maximum_likelihood() -> None:
    rng = np.random.default_rng(1)
    theta = rng.normal(3.0, 2.0, 2000)
    found = pool_bayes(rng.normal(theta, 0.1), np.full(2000, 0.1), effect_prior=Flat(), tau_prior=Flat())
    assert found.tau is not None
    assert found.tau["mean"] == pytest.approx(theta.std(), rel=0.01)
    assert found.tau["sd"] == pytest.approx(theta.std() / np.sqrt(2 * 2000), rel=0.05)


def test_one_trial_has_neither_tau_nor_a_new_trial() -> None:
    found = pool_bayes([4.0], [2.0], effect_prior=Normal(0.0, 2.0), tau_prior=HalfNormal(1.0))
    assert found.tau is None
    assert found.new_trial_effect is None
    assert found.pooled_effect["mean"] == pytest.approx(2.0)  # equal precisions: half way
    assert found.pooled_effect["sd"] == pytest.approx(np.sqrt(2.0))
    assert found.trial_effects == (found.pooled_effect,)
    assert found.weights == (100.0,)


@pytest.mark.parametrize(
    ("k", "effect", "tau", "match"),
    [
        (2, Flat(), Flat(), "is improper"),
        (4, Flat(), Flat(), "has no standard deviation"),
        (2, Flat(), HalfCauchy(1.0), "has no standard deviation"),
    ],
)
def test_a_posterior_of_tau_without_a_standard_deviation_is_refused(
    k: int, effect: Prior, tau: Prior, match: str
) -> None:
    with pytest.raises(PriorError, match=match):
        pool_bayes(Y[:k], SE[:k], effect_prior=effect, tau_prior=tau)


def test_a_half_cauchy_prior_with_three_trials_or_a_normal_effect_is_kept() -> None:
    assert pool_bayes(Y[:3], SE[:3], effect_prior=Flat(), tau_prior=HalfCauchy(5.0)).tau
    assert pool_bayes(Y[:2], SE[:2], effect_prior=Normal(0.0, 9.0), tau_prior=HalfCauchy(5.0)).tau


def test_what_cannot_be_pooled_is_refused() -> None:
    with pytest.raises(DesignError, match="not above zero"):
        pool_bayes([1.0, 2.0], [1.0, 0.0], effect_prior=Flat(), tau_prior=HalfNormal(1.0))
    with pytest.raises(PriorError, match="must be normal or flat"):
        pool_bayes([1.0, 2.0], [1.0, 1.0], effect_prior=HalfCauchy(1.0), tau_prior=HalfNormal(1.0))
