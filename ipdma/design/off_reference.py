"""How many trials and participants tell of each term that compares trials: those off its reference."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ipdma.design.covariates import BASELINE
from ipdma.design.design import Design

COLUMNS = (
    "term", "kind", "trials_at", "participants_at", "trials_off", "participants_off"
)  # fmt: skip


def off_reference(design: Design) -> pd.DataFrame:
    """Return for each term across trials who stands at its reference and who off it.

    Where nearly all trials stand at the reference, a term is learned from the few that do not: from one trial it is
    that trial's deviation, whatever caused it.

    Parameters
    ----------
    design
        The design of a model with its curves, and with modifiers whose trial means differ.

    Returns
    -------
    DataFrame
        term (a curve's variable, or the modifier's name), kind (main, shift, across), and numbers of trials and of
        analyzed participants at and off the reference. A curve's participants are those of the active arms at that
        value; a trial with arms on both sides counts on both. A modifier's reference is its mean over all participants:
        a trial stands off it if its mean differs by more than a tenth of the SD within trials, and all its participants
        count.
    """
    return pd.DataFrame([*_curves(design), *_across(design)], columns=list(COLUMNS))


def _curves(design: Design) -> Iterator[dict[str, Any]]:
    arms = design.arms
    for variable, reference in design.reference.items():
        x = arms[variable].to_numpy(dtype="float64")
        at = np.isclose(x, reference, rtol=1e-9, atol=1e-12)
        kind = "main" if variable == design.terms.main else "shift"
        yield {"term": variable, "kind": kind, **_counts(arms["trial"], arms["n"], at)}


def _across(design: Design) -> Iterator[dict[str, Any]]:
    sizes = design.rows.groupby("trial", sort=False).size().reindex(list(design.trials))
    for column in design.across:
        q = design.covariates.index(column)
        spread = 0.1 * _sd_within(design, column)
        at = np.abs(design.means[:, q] - design.center[q]) <= spread
        name = BASELINE if column == "b" else column
        yield {"term": name, "kind": "across", **_counts(pd.Series(design.trials), sizes, at)}


def _sd_within(design: Design, column: str) -> float:
    values = design.rows[column]
    centered = values - values.groupby(design.rows["trial"]).transform("mean")
    return float(np.sqrt((centered**2).sum() / (len(values) - len(design.trials))))


def _counts(trial: pd.Series, n: pd.Series, at: np.ndarray) -> dict[str, int]:
    names, sizes = trial.to_numpy(), n.to_numpy(dtype="int64")
    sides = {"at": at, "off": ~at}
    trials = {f"trials_{side}": len(set(names[where])) for side, where in sides.items()}
    return trials | {f"participants_{side}": int(sizes[where].sum()) for side, where in sides.items()}
