"""The two-stage analysis: each trial's effect first, then their pooling by REML and by exact Bayesian integration."""

from dataclasses import dataclass

import pandas as pd

from ipdma.design.design import Design
from ipdma.errors import DesignError, PriorError
from ipdma.harmonize.consortium import Consortium
from ipdma.models.normal_normal import BayesTwoStage, pool_bayes
from ipdma.models.reml import TwoStageResult, pool_reml
from ipdma.models.trial_ancova import trial_estimates
from ipdma.models.two_stage_spec import TwoStage
from ipdma.priors.prior import Sd


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoStageFit:
    """Trial estimates and their pooling.

    Parameters
    ----------
    spec
        What was assumed.
    estimates
        One row a trial: trial, label, n, estimate, se, df; n and df are missing where given estimates do not say them.
    reml, bayes
        The two poolings.
    left_out
        Trials that give no estimate of their own (see :func:`ipdma.models.trial_ancova.trial_estimates`).
    """

    spec: TwoStage
    estimates: pd.DataFrame
    reml: TwoStageResult
    bayes: BayesTwoStage
    left_out: tuple[str, ...] = ()


def fit_two_stage(design: Design, spec: TwoStage | None = None) -> TwoStageFit:
    """Return the two-stage analysis of the analyzed participants.

    Raises
    ------
    DesignError
        If no trial gives an estimate of its own.
    PriorError
        If a prior leaves the posterior of tau without a standard deviation.
    """
    spec = spec or TwoStage()
    found = trial_estimates(design.rows, spec.adjustment)
    found.insert(1, "label", found["trial"].map(dict(design.labels)).astype("string"))
    missing = tuple(trial for trial in design.trials if trial not in set(found["trial"]))
    if found.empty:
        raise DesignError(
            f"none of {len(design.trials)} trial(s) has enough participants in both arms for an estimate of its own: "
            "a two-stage analysis has nothing to pool."
        )
    return _pool(found, spec, baseline_sd=design.baseline_sd, left_out=missing)


def fit_estimates(consortium: Consortium, spec: TwoStage | None = None) -> TwoStageFit:
    """Return the pooling of the estimates that the ``estimates`` table gives, without any participant.

    Raises
    ------
    DesignError
        If the table is empty or a standard error is not above zero.
    PriorError
        If a prior is stated in baseline SDs, which estimates do not have, or leaves tau without a standard deviation.
    """
    spec = spec or TwoStage()
    trials = consortium.tables["trials"].set_index("trial")
    excluded = set(trials.index[trials["exclude_why"].fillna("") != ""]) if "exclude_why" in trials else set()
    table = consortium.tables["estimates"]
    table = table[~table["trial"].isin(excluded)].reset_index(drop=True)
    if table.empty:
        raise DesignError("the estimates table has no trial to pool. Fill trial, estimate and se from a recipe.")
    labels = trials["label"].reindex(table["trial"]).reset_index(drop=True) if "label" in trials else table["trial"]
    found = pd.DataFrame(
        {
            "trial": table["trial"].astype("string"),
            "label": labels.fillna(table["trial"]).astype("string"),
            "n": table["n"].astype("Int64") if "n" in table else pd.array([pd.NA] * len(table), dtype="Int64"),
            "estimate": table["estimate"].astype("float64"),
            "se": table["se"].astype("float64"),
            "df": pd.array([pd.NA] * len(table), dtype="Int64"),
        }
    )
    _refuse_baseline_sd(spec)
    return _pool(found, spec, baseline_sd=1.0)


def _pool(found: pd.DataFrame, spec: TwoStage, *, baseline_sd: float, left_out: tuple[str, ...] = ()) -> TwoStageFit:
    estimate, se = found["estimate"].to_numpy(), found["se"].to_numpy()
    df = None if found["df"].isna().any() else found["df"].to_numpy(dtype="float64")
    bayes = pool_bayes(
        estimate, se, effect_prior=spec.prior("effect"), tau_prior=spec.prior("tau"), baseline_sd=baseline_sd
    )
    return TwoStageFit(spec=spec, estimates=found, reml=pool_reml(estimate, se, df=df), bayes=bayes, left_out=left_out)


def _refuse_baseline_sd(spec: TwoStage) -> None:
    for name in ("effect", "tau"):
        prior = spec.prior(name)
        if any(isinstance(number, Sd) for number in vars(prior).values()):
            raise PriorError(
                f"the prior {prior} of {name} is in baseline SDs, which given estimates do not have. "
                "State both in outcome units, for example priors: {effect: {normal: [0, 10]}, tau: {half_normal: 5}}."
            )
