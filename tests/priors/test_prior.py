from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from scipy import stats

from ipdma.errors import PriorError
from ipdma.priors.prior import (
    KINDS,
    Flat,
    HalfCauchy,
    HalfNormal,
    LogFlat,
    LogNormal,
    Normal,
    Prior,
    Sd,
    Uniform,
    parse_prior,
)

S = 12.0  # pooled baseline SD
# SciPy's own densities are the reference.
PROPER = [
    (Normal(1.0, Sd(0.5)), stats.norm(1.0, 6.0)),
    (HalfNormal(Sd(0.5)), stats.halfnorm(scale=6.0)),
    (HalfCauchy(3.0), stats.halfcauchy(scale=3.0)),
    (Uniform(0.0, Sd(2.0)), stats.uniform(0.0, 24.0)),
    (LogNormal(Sd(0.7), 0.5), stats.lognorm(0.5, scale=8.4)),
]


def test_a_number_in_baseline_sds_is_multiplied_by_s_and_a_plain_one_is_not() -> None:
    assert Normal(1.0, Sd(0.5)).numbers(S) == (1.0, 6.0)
    assert Flat().numbers(S) == ()


@pytest.mark.parametrize(("prior", "reference"), PROPER, ids=lambda p: getattr(p, "kind", ""))
def test_the_log_density_leaves_no_constant_out(prior: Prior, reference: stats.rv_continuous) -> None:
    x = np.array([0.3, 1.0, 5.5, 20.0])
    np.testing.assert_allclose(prior.logp(x, *prior.numbers(S)), reference.logpdf(x), rtol=1e-12)


@pytest.mark.parametrize(("prior", "reference"), PROPER, ids=lambda p: getattr(p, "kind", ""))
def test_draws_have_the_distribution(prior: Prior, reference: stats.rv_continuous) -> None:
    draws = prior.draw(np.random.default_rng(1), 4000, s=S)
    assert stats.kstest(draws, reference.cdf).pvalue > 0.001
    np.testing.assert_array_equal(draws, prior.draw(np.random.default_rng(1), 4000, s=S))
    assert not prior.positive or draws.min() > 0


def test_improper_priors_are_flat_on_the_line_or_in_the_logarithm_and_cannot_be_drawn() -> None:
    x = np.array([0.5, 2.0])
    np.testing.assert_array_equal(Flat.logp(x), [0.0, 0.0])
    np.testing.assert_allclose(LogFlat.logp(x), [np.log(2.0), -np.log(2.0)])
    for prior in (Flat(), LogFlat()):
        with pytest.raises(PriorError, match=f"'{prior.kind}' is improper: no value can be drawn"):
            prior.draw(np.random.default_rng(1), 3, s=S)


@pytest.mark.parametrize(
    ("node", "prior"),
    [
        ("flat", Flat()),
        ("log_flat", LogFlat()),
        ({"flat": []}, Flat()),
        ({"half_normal": "0.5 sd"}, HalfNormal(Sd(0.5))),
        ({"half_normal": "0.5sd"}, HalfNormal(Sd(0.5))),
        ({"half_cauchy": 5}, HalfCauchy(5.0)),
        ({"normal": [0, "1 sd"]}, Normal(0.0, Sd(1.0))),
        ({"uniform": [-1, 19.5]}, Uniform(-1.0, 19.5)),
        ({"log_normal": ["0.7 sd", 0.5]}, LogNormal(Sd(0.7), 0.5)),
    ],
)
def test_a_prior_is_read_as_an_analysis_file_writes_it(node: object, prior: Prior) -> None:
    assert parse_prior(node) == prior


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (3, "one kind with its numbers"),
        ({"normal": [0, 1], "flat": []}, "one kind with its numbers"),
        ("gamma", "prior 'gamma' is unknown. Known: normal, half_normal"),
        ({"normal": 1}, "takes mean, sd: 1 given"),
        ({"flat": 1}, "takes no number: 1 given"),
        ({"half_normal": "wide"}, "'wide' in prior 'half_normal' is not a number; write 2, or '0.5 sd'"),
        ({"half_normal": "sd"}, "'sd' in prior 'half_normal' is not a number"),
        ({"half_normal": True}, "'True' in prior 'half_normal' is not a number"),
        ({"half_normal": 0}, r"the numbers of half_normal\(0\) must be above zero"),
        ({"half_normal": "-0.5 sd"}, r"the numbers of half_normal\(-0.5 sd\) must be above zero"),
        ({"log_normal": [0, 1]}, "must be above zero"),
        ({"log_normal": [1, "0.5 sd"]}, "sigma of .* is on the log scale: write a number without sd"),
        ({"normal": ["nan", 1]}, "must be finite"),
        ({"half_cauchy": "inf"}, "must be finite"),
        ({"uniform": [2, 2]}, "must be in ascending order"),
    ],
)
def test_a_prior_that_cannot_be_is_refused(node: object, message: str) -> None:
    with pytest.raises(PriorError, match=message):
        parse_prior(node)


def test_impossible_numbers_are_refused_in_python_too() -> None:
    with pytest.raises(PriorError, match="must be above zero"):
        HalfNormal(-1.0)


def test_a_prior_is_a_frozen_value_that_prints_as_it_reads() -> None:
    prior = Normal(0.0, Sd(1.0))
    assert str(prior) == "normal(0, 1 sd)"
    assert prior == Normal(0.0, Sd(1.0))
    with pytest.raises(FrozenInstanceError, match="cannot assign"):
        prior.mean = 1.0  # type: ignore[misc]


def test_every_kind_is_known_by_its_own_name_and_the_base_is_none() -> None:
    assert all(kind == prior.kind for kind, prior in KINDS.items())
    assert set(KINDS.values()) == set(Prior.__subclasses__())
    with pytest.raises(TypeError, match="one of the kinds below"):
        Prior.logp(1.0)
