from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ipdma.design.design import Design, build_design
from ipdma.errors import DesignError, PriorError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.models.normal_normal import pool_bayes
from ipdma.models.reml import pool_reml
from ipdma.models.trial_ancova import trial_estimates
from ipdma.models.two_stage import fit_estimates, fit_two_stage
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import HalfNormal, Normal, Sd
from ipdma.simulate.arrays import simulate_rows

ESTIMAND = Estimand(outcome="scale_a", visit="post", treatment="drug", control="control", metric="raw")
PLAIN_PRIORS = {"effect": Normal(0.0, 10.0), "tau": HalfNormal(5.0)}


@pytest.fixture(scope="module")
def design(consortium_of: Callable[..., Consortium]) -> Design:
    return build_design(consortium_of(*simulate_rows(6, 30, seed=4)), ESTIMAND)


def given(estimates: dict[str, object], **trials: object) -> Consortium:
    table = pd.DataFrame(estimates).astype({"trial": "string"})
    names = pd.DataFrame({"trial": table["trial"], **trials})
    return Consortium(tables={"trials": names, "estimates": table}, scales={}, schema="ipd 1.0.0")


def test_it_is_the_ancova_of_each_trial_and_the_two_poolings(design: Design) -> None:
    fit = fit_two_stage(design)
    raw = trial_estimates(design.rows)
    pd.testing.assert_series_equal(fit.estimates["estimate"], raw["estimate"])
    assert fit.estimates["label"].tolist()[0] == "Trial 01"
    assert fit.reml == pool_reml(raw["estimate"], raw["se"])
    priors = {"effect_prior": Normal(0.0, Sd(1.0)), "tau_prior": HalfNormal(Sd(0.5))}
    exact = pool_bayes(raw["estimate"], raw["se"], **priors, baseline_sd=design.baseline_sd)
    assert fit.bayes.pooled_effect == exact.pooled_effect
    assert fit.left_out == ()


def test_adjustment_reaches_the_first_stage(design: Design) -> None:
    change = fit_two_stage(design, TwoStage(adjustment="change"))
    np.testing.assert_allclose(change.estimates["estimate"], trial_estimates(design.rows, "change")["estimate"])


def test_a_trial_without_an_estimate_of_its_own_is_named_and_left_out(design: Design) -> None:
    rows = design.rows
    first = rows["trial"] == "trial_01"
    kept = rows[first].groupby("active").head(1).index.union(rows[~first].index)
    fit = fit_two_stage(replace(design, rows=rows.loc[kept]))
    assert fit.left_out == ("trial_01",)
    assert "trial_01" not in fit.estimates["trial"].tolist()
    only = replace(design, rows=rows.loc[rows[first].groupby("active").head(1).index], trials=("trial_01",))
    with pytest.raises(DesignError, match="none of 1 trial"):
        fit_two_stage(only)


def test_given_estimates_are_pooled_with_their_labels() -> None:
    consortium = given(
        {"trial": ["a", "b", "c"], "estimate": [1.0, 2.0, 6.0], "se": [1.0, 1.0, 2.0], "n": [10, pd.NA, 30]},
        label=["A 2001", pd.NA, "C 2003"],
    )
    fit = fit_estimates(consortium, TwoStage(priors=PLAIN_PRIORS))
    assert fit.estimates["label"].tolist() == ["A 2001", "b", "C 2003"]
    assert fit.estimates["n"].isna().tolist() == [False, True, False]
    assert fit.reml == pool_reml([1.0, 2.0, 6.0], [1.0, 1.0, 2.0])


def test_an_excluded_trial_is_not_pooled_and_without_any_there_is_an_error() -> None:
    estimates = {"trial": ["a", "b"], "estimate": [1.0, 2.0], "se": [1.0, 1.0]}
    fit = fit_estimates(given(estimates, exclude_why=["wrong dose", pd.NA]), TwoStage(priors=PLAIN_PRIORS))
    assert fit.estimates["trial"].tolist() == ["b"]
    assert fit.reml.trials == 1
    with pytest.raises(DesignError, match="no trial to pool"):
        fit_estimates(given(estimates, exclude_why=["x", "y"]), TwoStage(priors=PLAIN_PRIORS))


def test_default_priors_in_baseline_sds_are_refused_for_given_estimates() -> None:
    with pytest.raises(PriorError, match="in baseline SDs, which given estimates do not have"):
        fit_estimates(given({"trial": ["a", "b"], "estimate": [1.0, 2.0], "se": [1.0, 1.0]}))
