"""How the effect changes with each modifier, within and across trials."""

from typing import TYPE_CHECKING

import pandas as pd

from ipdma.summaries.quantiles import QUANTITIES, quantiles

if TYPE_CHECKING:
    from ipdma.fit import Fit

WITHIN, ACROSS = "interaction_within", "interaction_across"


def interactions(fit: "Fit") -> pd.DataFrame:
    """Return interactions within trials, across trials, and their difference (across minus within).

    Within trials is the headline; across trials is an observational comparison of trials (Hua et al. 2017, Riley et
    al. 2020), so the two are never pooled. The difference is what a model that does not split them would hide.

    Returns
    -------
    DataFrame
        modifier, term (within, across, difference), mean, sd, q2.5, median, q97.5: change of the effect in outcome
        units per unit of the modifier. No row where there is no modifier; no across where trial means are equal.
    """
    rows: list[dict[str, object]] = []
    posterior = fit.posterior
    names = list(posterior[WITHIN]["modifier"].to_numpy()) if WITHIN in posterior else []
    split = set(posterior[ACROSS]["modifier_across"].to_numpy()) if ACROSS in posterior else set()
    for name in names:
        within = posterior[WITHIN].sel(modifier=name).to_numpy()
        rows.append({"modifier": str(name), "term": "within", **quantiles(within)})
        if name in split:
            across = posterior[ACROSS].sel(modifier_across=name).to_numpy()
            rows.append({"modifier": str(name), "term": "across", **quantiles(across)})
            rows.append({"modifier": str(name), "term": "difference", **quantiles(across - within)})
    return pd.DataFrame(rows, columns=["modifier", "term", *QUANTITIES])
