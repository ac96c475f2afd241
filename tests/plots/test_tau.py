"""Prior and posterior of tau."""

import numpy as np
import pandas as pd

from ipdma.plots.tau import tau


def test_both_densities_are_drawn_and_differ_in_their_dashes(density: pd.DataFrame) -> None:
    posterior, prior = tau(density).lines
    np.testing.assert_allclose(posterior.get_ydata(), density["posterior"])
    np.testing.assert_allclose(prior.get_ydata(), density["prior"])
    assert posterior.get_linestyle() != prior.get_linestyle()


def test_an_improper_prior_is_not_drawn(density: pd.DataFrame) -> None:
    assert len(tau(density.drop(columns="prior")).lines) == 1
