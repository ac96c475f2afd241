"""Priors made wider."""

import pytest

from ipdma.priors.prior import Flat, HalfCauchy, HalfNormal, LogNormal, Normal, Prior, Sd, Uniform
from ipdma.priors.scaled import scaled


@pytest.mark.parametrize(
    ("prior", "twice"),
    [
        (Normal(1.0, Sd(0.5)), Normal(1.0, Sd(1.0))),
        (Normal(0.0, 3.0), Normal(0.0, 6.0)),
        (HalfNormal(Sd(0.5)), HalfNormal(Sd(1.0))),
        (HalfCauchy(2.0), HalfCauchy(4.0)),
        (LogNormal(Sd(0.7), 0.5), LogNormal(Sd(0.7), 1.0)),
        (Flat(), None),
        (Uniform(0.0, 1.0), None),
    ],
)
def test_the_scale_is_twice_as_large_and_the_center_stays(prior: Prior, twice: Prior | None) -> None:
    assert scaled(prior, 2.0) == twice
