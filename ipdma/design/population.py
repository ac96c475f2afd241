"""Who is analyzed: arms of the contrast, the include rule, outcome and covariates; everybody else is counted."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.expression import evaluate_filter

STEPS = ("other_arm", "not_included", "outcome_missing", "covariate_missing", "analyzed")


def individual_trials(consortium: Consortium) -> tuple[str, ...]:
    """Return the trials with participants that no reason excludes."""
    trials = consortium.tables["trials"]
    excluded = set(trials.loc[trials["exclude_why"].fillna("") != "", "trial"]) if "exclude_why" in trials else set()
    have = set(consortium.tables["participants"]["trial"])
    return tuple(str(trial) for trial in trials["trial"] if trial in have and trial not in excluded)


def randomized(consortium: Consortium, estimand: Estimand, trials: tuple[str, ...]) -> pd.DataFrame:
    """Return all randomized participants with ``active`` (treatment 1, control 0, another arm NaN) and ``included``.

    Raises
    ------
    DesignError
        If treatment or control is no treatment of any arm, or a trial has only one of them.
    """
    arms = consortium.tables["arms"]
    known = sorted(arms["treatment"].dropna().unique())
    for role in (estimand.treatment, estimand.control):
        if role not in known:
            raise DesignError(f"no arm has treatment {role!r}. Treatments: {', '.join(known)}.")
    people = consortium.tables["participants"].drop(columns="treatment", errors="ignore")
    people = people[people["trial"].isin(trials)].merge(
        arms[["trial", "arm", "treatment"]], on=["trial", "arm"], how="left", validate="many_to_one"
    )
    active = people["treatment"].map({estimand.treatment: 1.0, estimand.control: 0.0}).astype("float64")
    people = people.assign(active=active, included=_included(consortium, people, estimand.include))
    _both_arms(people, estimand)
    return people


def _included(consortium: Consortium, people: pd.DataFrame, include: str | None) -> np.ndarray:
    if not include:
        return np.ones(len(people), dtype=bool)
    trials = consortium.tables["trials"]
    extra = [column for column in trials.columns if column == "trial" or column not in people.columns]
    mask, _ = evaluate_filter(include, people.merge(trials[extra], on="trial", how="left", validate="many_to_one"))
    return np.asarray(mask, dtype=bool)


def _both_arms(people: pd.DataFrame, estimand: Estimand) -> None:
    arms = people.dropna(subset=["active"]).groupby("trial")["active"].nunique()
    lone = [str(trial) for trial in people["trial"].unique() if arms.get(trial, 0) < 2]
    if lone:
        raise DesignError(
            f"{', '.join(lone)} did not randomize to both {estimand.treatment!r} and {estimand.control!r}, "
            "so no contrast within the trial exists. Leave these trials out (exclude_why in trials.csv)."
        )


def step_of(people: pd.DataFrame, covariates: list[str]) -> pd.Series:
    """Return for each randomized participant the step at which they left, or ``analyzed``.

    ``people`` has columns active, included, y, b and the covariates.
    """
    missing = people[["b", *covariates]].isna().any(axis=1)
    step = pd.Series("analyzed", index=people.index)
    step[missing] = "covariate_missing"
    step[people["y"].isna()] = "outcome_missing"
    step[~people["included"]] = "not_included"
    step[people["active"].isna()] = "other_arm"
    return step


def refuse_missing(people: pd.DataFrame, step: pd.Series, covariates: list[str]) -> None:
    """Refuse participants who have an outcome but lack a covariate.

    Raises
    ------
    DesignError
        Naming covariates, trials and counts.
    """
    asked = people[step.isin(["covariate_missing", "analyzed"])]
    lost = _missing(people[step == "covariate_missing"], covariates)
    if not lost:
        return
    _refuse_absent(lost, asked["trial"].value_counts())
    parts = [f"'{label}' is missing for {n.sum()} participants with an outcome: {_by_trial(n)}" for label, n in lost]
    raise DesignError(
        f"{'; '.join(parts)}. The trial mean would be taken over other people than the model is fitted to. "
        "Complete them, or say `missing_covariates: complete_case` to leave these people out (it is printed)."
    )


def _missing(lost: pd.DataFrame, covariates: Iterable[str]) -> list[tuple[str, pd.Series]]:
    """Return how many lack each covariate, by trial; the k - 1 columns of a category are one covariate."""
    columns = {"baseline": "b", **{column.split("[")[0]: column for column in covariates}}
    counts = [(label, lost.loc[lost[c].isna(), "trial"].value_counts(sort=False)) for label, c in columns.items()]
    return [(label, found) for label, found in counts if len(found)]


def _by_trial(counts: pd.Series) -> str:
    return ", ".join(f"{trial} ({n})" for trial, n in counts.items())


def _refuse_absent(lost: list[tuple[str, pd.Series]], asked: pd.Series) -> None:
    """Refuse a covariate that everybody of a trial lacks: nothing in that trial tells of it."""
    for label, counts in lost:
        absent = [str(trial) for trial, n in counts.items() if n == asked[str(trial)]]
        if absent and label != "baseline":
            raise DesignError(
                f"'{label}' is missing for everybody in {', '.join(absent)}: a model with it cannot use "
                f"{'this trial' if len(absent) == 1 else 'these trials'}. Fill it in the recipe if the raw files have "
                f"it; else take '{label}' out of modifiers or prognostic_factors, or say "
                "`missing_covariates: complete_case` to leave these participants out (it is printed)."
            )


def complete_case_note(people: pd.DataFrame, step: pd.Series, covariates: list[str]) -> str:
    """Return the sentence that says who is left out of a complete-case analysis and why; empty if nobody is."""
    left = step == "covariate_missing"
    if not left.any():
        return ""
    asked = people.loc[step.isin(["covariate_missing", "analyzed"]), "trial"].value_counts()
    analyzed = set(people.loc[step == "analyzed", "trial"])
    parts = [f"'{label}' for {n.sum()} ({_by_trial(n)})" for label, n in _missing(people[left], covariates)]
    whole = [trial for trial in dict.fromkeys(people.loc[left, "trial"]) if trial not in analyzed]
    trials = f" No participant of {', '.join(whole)} is left." if whole else ""
    return (
        f"Complete cases only: {left.sum()} of {asked.sum()} participants with an outcome are left out, because "
        f"covariates are missing: {'; '.join(parts)}.{trials} The estimates are of the others."
    )


def refuse_one_arm(people: pd.DataFrame, step: pd.Series) -> None:
    """Refuse trials of which one arm only is analyzed: they would be counted, yet tell nothing.

    Raises
    ------
    DesignError
        Naming trials and counts.
    """
    analyzed = people[step == "analyzed"].groupby("trial", sort=False)["active"].agg(["size", "nunique"])
    lone = analyzed.loc[analyzed["nunique"] == 1, "size"]
    if len(lone):
        where = ", ".join(f"{trial} ({n})" for trial, n in lone.items())
        raise DesignError(
            f"everybody left to analyze is in one arm: {where} participants. No contrast within the trial exists. "
            "Leave these trials out (exclude_why in trials.csv), or widen the include rule."
        )


def flow_table(step: pd.Series, trial: pd.Series, labels: dict[str, str]) -> pd.DataFrame:
    """Return participants by trial and step, ``randomized`` first."""
    counts = pd.crosstab(trial, step).reindex(columns=list(STEPS), fill_value=0).reindex(list(labels), fill_value=0)
    counts.insert(0, "randomized", counts.sum(axis=1))
    counts.insert(0, "label", [labels[str(code)] for code in counts.index])
    return counts.rename_axis("trial").rename_axis(None, axis=1).reset_index()
