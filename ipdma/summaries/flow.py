"""Participants by trial and step, from randomized to analyzed."""

import pandas as pd

from ipdma.design.design import Design
from ipdma.design.population import STEPS

COUNTS = ("randomized", *STEPS)


def flow(design: Design) -> pd.DataFrame:
    """Return for each trial how many participants were randomized, left at each step, and are analyzed.

    Returns
    -------
    DataFrame
        trial, label, randomized, other_arm, not_included, outcome_missing, covariate_missing, analyzed.

    Raises
    ------
    AssertionError
        If the steps of a trial do not add up to those randomized.
    """
    table = design.flow[["trial", "label", *COUNTS]].astype(dict.fromkeys(COUNTS, "int64")).reset_index(drop=True)
    assert (table[list(STEPS)].sum(axis=1) == table["randomized"]).all(), "the steps of a trial do not add up"
    return table
