"""The constants an analysis takes from its data once, kept when a sensitivity analysis changes the data."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ipdma.design.design import Design


def with_constants_of(design: Design, stated: Design) -> Design:
    """Return a design with the constants of another one, the analysis as stated.

    The reference profile is kept unless another is stated, the centers and the scale of the priors (``baseline_sd``)
    too where the metric is the same: else a sensitivity analysis would move the question, or the priors, beside what it
    is about. On another metric the outcome's unit is another, so what is measured in it is taken anew. Moves are always
    stated.
    """
    same_unit = design.metric == stated.metric and design.unit == stated.unit
    kept = [column for column in design.covariates if same_unit or column != "b"]
    return replace(
        design,
        baseline_sd=stated.baseline_sd if same_unit else design.baseline_sd,
        center=_kept(design.center, design.covariates, stated.center, stated.covariates, kept),
        covariate_sd=_kept(design.covariate_sd, design.covariates, stated.covariate_sd, stated.covariates, kept),
        reference={
            name: stated.reference[name] if _unchanged(name, design, stated) else value
            for name, value in design.reference.items()
        },
    )


def _unchanged(variable: str, design: Design, stated: Design) -> bool:
    """Whether nothing new is said of a variable's reference; its data may have another median."""
    said = [each.estimand.reference.get(variable) for each in (design, stated)]
    same_unit = design.units[variable] == stated.units.get(variable)
    return variable in stated.reference and said[0] == said[1] and same_unit


def _kept(
    values: np.ndarray, columns: Sequence[str], stated: np.ndarray, stated_columns: Sequence[str], kept: Sequence[str]
) -> np.ndarray:
    known = dict(zip(stated_columns, stated, strict=True))
    pairs = zip(columns, values, strict=True)
    return np.array([known[column] if column in known and column in kept else value for column, value in pairs])
