import numpy as np
import pytest
from scipy import stats

from ipdma.models.mixture import NormalMixture


def test_one_component_is_the_normal_distribution() -> None:
    one = NormalMixture(weight=np.ones(1), mean=np.array([2.0]), sd=np.array([3.0]))
    expected = stats.norm(2, 3)
    assert one.summary() == pytest.approx(
        {"mean": 2.0, "sd": 3.0, "q2.5": expected.ppf(0.025), "median": 2.0, "q97.5": expected.ppf(0.975)}
    )
    assert one.below(2.0) == pytest.approx(0.5)


def test_quantiles_are_exact_and_moments_follow_the_law_of_total_variance() -> None:
    two = NormalMixture(weight=np.array([0.3, 0.7]), mean=np.array([-5.0, 5.0]), sd=np.array([1.0, 0.1]))
    found = two.summary()
    assert found["mean"] == pytest.approx(2.0)
    assert found["sd"] == pytest.approx(np.sqrt(0.3 * 1 + 0.7 * 0.01 + 0.3 * 49 + 0.7 * 9))
    for name, level in (("q2.5", 0.025), ("median", 0.5), ("q97.5", 0.975)):
        assert two.below(found[name]) == pytest.approx(level, abs=1e-12)


def test_components_that_differ_in_their_far_tails_only_do_not_break_the_root_search() -> None:
    mixed = NormalMixture(weight=np.array([1.0, 1e-300]), mean=np.array([0.0, 1e6]), sd=np.array([1.0, 1.0]))
    assert mixed.quantile(0.5) == pytest.approx(0.0, abs=1e-9)
