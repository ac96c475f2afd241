"""Each trial's own estimate beside its effect in the model, with its share of the pooled effect."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ipdma.models.normal_normal import trial_weights
from ipdma.models.trial_ancova import trial_estimates
from ipdma.models.two_stage import TwoStageFit
from ipdma.summaries.quantiles import QUANTITIES, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit

COLUMNS = ("trial", "label", "n", "raw", "raw_se", *QUANTITIES, "weight")


def trial_effects(fit: "Fit") -> pd.DataFrame:
    """Return raw and shrunken trial effects of a one-stage fit; ready for :func:`ipdma.plots.forest.forest`.

    Parameters
    ----------
    fit
        The plain model, for the headline's forest.

    Returns
    -------
    DataFrame
        One row a trial, in the design's order:
        trial, label, n (analyzed participants);
        raw, raw_se: least squares of the outcome on arm and baseline, the active arms of a trial taken together;
        missing where the trial alone gives no estimate;
        mean, sd, q2.5, median, q97.5: its effect in the model, at its own mean of the covariates; of a trial with
        several active arms the mean of theirs, weighted by participants;
        weight: the posterior mean of 100 w_j / sum(w) with w_j = 1 / (raw_se_j^2 + tau^2), percent. This is the share
        a trial's estimate has in the pooled effect of a normal-normal model with this tau; the one-stage model has no
        weights of its own.
    """
    design = fit.design
    table = pd.DataFrame({"trial": list(design.trials)})
    table["label"] = [design.labels[trial] for trial in design.trials]
    table["n"] = design.rows.groupby("trial", sort=False).size().reindex(list(design.trials)).to_numpy(dtype=np.int64)
    raw = trial_estimates(design.rows).set_index("trial").reindex(list(design.trials))
    table["raw"], table["raw_se"] = raw["estimate"].to_numpy(), raw["se"].to_numpy()
    shrunken = pd.DataFrame([_shrunken(fit, trial) for trial in design.trials])
    weight = _weights(fit, table["raw_se"].to_numpy())
    return pd.concat([table, shrunken, weight], axis=1)[list(COLUMNS)]


def _shrunken(fit: "Fit", trial: str) -> dict[str, float]:
    arms = fit.design.arms
    own = np.flatnonzero((arms["trial"] == trial).to_numpy())
    share = arms["n"].to_numpy(dtype=np.float64)[own]
    draws = fit.posterior["trial_effect"].isel(trial_arm=own).transpose(..., "trial_arm").to_numpy()
    return quantiles(draws @ (share / share.sum()))


def _weights(fit: "Fit", se: np.ndarray) -> pd.Series:
    known = np.isfinite(se)
    tau = fit.posterior["tau"].to_numpy().ravel() if "tau" in fit.posterior else np.zeros(1)
    weight = np.full(len(se), np.nan)
    if known.any():
        weight[known] = trial_weights(se[known], tau).mean(axis=0)
    return pd.Series(weight, name="weight")


def trial_effects_two_stage(fit: TwoStageFit) -> pd.DataFrame:
    """Return the same table from a two-stage analysis: shrunken effects and weights of the Bayesian pooling.

    ``n`` is missing where given estimates do not say it.
    """
    known = fit.estimates
    table = pd.DataFrame(
        {
            "trial": known["trial"],
            "label": known["label"],
            "n": known["n"].astype("Int64"),
            "raw": known["estimate"],
            "raw_se": known["se"],
        }
    )
    shrunken = pd.DataFrame(list(fit.bayes.trial_effects), columns=list(QUANTITIES))
    return pd.concat([table, shrunken, pd.Series(fit.bayes.weights, name="weight")], axis=1)[list(COLUMNS)]
