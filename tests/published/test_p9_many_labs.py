"""Many Labs 1 (Klein 2014): REML on Hedges' g of 36 sites, against the heterogeneity table of its repository."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special

from ipdma.models.reml import pool_reml

pytestmark = pytest.mark.published
NAMES = {
    "Sunk Costs": "Sunk Costs",
    "Anchoring1": "Anchoring - Distance to NYC",
    "Anchoring2": "Anchoring - Chicago",
    "Anchoring3": "Anchoring - Mt. Everest",
    "Anchoring4": "Anchoring - Babies Born",
    "Gambler's Fallacy": "Retrospective gambler fallacy",
    "Quote Attribution": "Quote Attribution",
    "Flag Priming": "Flag Priming",
    "Money Priming": "Currency Priming",
    "Imagined Contact": "Imagined contact",
    "Math_Art Gender": "Sex differences in implicit math attitudes",
}


def hedges(sites: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Bias-corrected standardized mean difference and its SE, as metafor's escalc(measure = "SMD")."""
    df = sites["n1"] + sites["n2"] - 2
    pooled = ((sites["n1"] - 1) * sites["sd1"] ** 2 + (sites["n2"] - 1) * sites["sd2"] ** 2) / df
    correction = np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2) - 0.5 * np.log(df / 2))
    g = correction * (sites["m1"] - sites["m2"]) / pooled**0.5
    return g, (1 / sites["n1"] + 1 / sites["n2"] + g**2 / (2 * (sites["n1"] + sites["n2"]))) ** 0.5


@pytest.mark.parametrize("effect", NAMES)
def test_reml_of_the_sites_agrees_with_the_published_table(
    reference_data: Path, expected: Callable[[str], Any], reference: Callable[[str], Any], effect: str
) -> None:
    table = pd.read_csv(reference_data / "manylabs1_sites_agg" / "sites_long.csv")
    g, se = hedges(table[table["effect"] == effect].dropna(subset=["m1", "m2", "sd1", "sd2"]))
    found, wanted = pool_reml(g, se), expected("P9")[NAMES[effect]]
    exact = reference("manylabs1_sites_agg")[effect]
    assert found.tau2 is not None
    assert found.trials == wanted["k"]
    assert found.tau2**0.5 == pytest.approx(exact["tau"], rel=0.005, abs=1e-4)
    assert found.estimate == pytest.approx(exact["est"], rel=0.005)
    assert found.se == pytest.approx(exact["se"], rel=0.005)
    assert found.q == pytest.approx(exact["QE"], rel=0.005)
    # What the authors printed, with some leeway in the fourth digit.
    assert found.tau2 == pytest.approx(wanted["tau2"], abs=1.5e-4)
    assert found.i2 == pytest.approx(wanted["I2"], abs=0.05)
    assert abs(found.estimate) == pytest.approx(abs(wanted["est"]), abs=1.5e-4)
