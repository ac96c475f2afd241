"""Consortium and estimand to the arrays a model reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ipdma.curves.curve import ShiftCurve
from ipdma.design.cells import Cells, build_cells
from ipdma.design.covariates import BASELINE, covariate_columns, refused_across, units_of
from ipdma.design.levels import with_codes
from ipdma.design.outcome import Outcome, pooled_sd, select_outcome
from ipdma.design.population import (
    complete_case_note,
    flow_table,
    individual_trials,
    randomized,
    refuse_missing,
    refuse_one_arm,
    step_of,
)
from ipdma.design.profile import (
    arms_with_trials,
    check_complete,
    check_contrasts,
    dose_unit_of,
    harmonized_profiles,
    reference_profile,
    refuse_flat,
    refuse_zero,
    stated_moves,
    unit_of,
)
from ipdma.errors import DesignError
from ipdma.estimand import Coding, Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.scale import Direction


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Which columns a model needs: curve variables, covariates that modify, covariates that only predict.

    ``above_zero`` names the shift variables whose curve has no value at zero or below; ``curves`` are the curves of
    the shifts, whose moves must not be flat.
    """

    main: str | None = None
    shifts: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    prognostic_factors: tuple[str, ...] = ()
    above_zero: tuple[str, ...] = ()
    curves: tuple[ShiftCurve, ...] = ()
    categorical: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """Everything a model reads of the data; constants taken from the data are fixed here once.

    Parameters
    ----------
    estimand, unit, direction
        The question; the outcome's unit on its metric; whether a higher outcome is worse.
    trials, labels, groups
        Trials in order, shape (trial,), and what figures call them.
    arms
        Active arms with analyzed participants: trial, arm, treatment, n, and the profile; of the variables that have a
        curve in one unit each.
    controls
        Analyzed control participants by trial.
    rows
        Analyzed participants: trial, participant_id, arm, active, y, b and covariates as measured. Never written.
    flow
        Participants by trial and step.
    covariates
        Columns of the cells after the constant, ``b`` first.
    modifiers
        The modifier columns, a subset of ``covariates`` (``b`` stands for baseline_severity).
    means, center
        Trial means of the covariates, shape (trial, covariate), and their participant-weighted mean. With interactions
        across trials, effects are read at ``center``; without them, the effect is the average over trials of the
        effect at each trial's own means.
    y_mean
        Trial means of the outcome, subtracted in the cells so that no digits are lost.
    baseline_sd
        s, the pooled within-trial SD of the baseline: what priors are scaled by.
    covariate_sd
        The pooled within-trial SD of each covariate; 1 for columns of zeros and ones.
    reference, moves, units
        Of the variables that have a curve.
    dose_unit
        The unit of the doses in ``arms``; empty where no curve runs over the dose and each keeps its own.
    levels
        The categories of each variable that holds some and has a curve: its column of ``arms``, its reference and its
        move are places in this order.
    modifier_units
        What one unit of each modifier is, by its name (``baseline_severity``, ``sex[male]``): ``10 years``, ``male
        against female``.
    notes
        What must be said before any number: who is left out, and terms the metric does not allow.
    """

    estimand: Estimand
    terms: Terms
    unit: str
    direction: Direction
    instruments: Mapping[str, str]
    trials: tuple[str, ...]
    labels: Mapping[str, str]
    groups: Mapping[str, str]
    arms: pd.DataFrame
    controls: pd.Series
    rows: pd.DataFrame
    flow: pd.DataFrame
    covariates: tuple[str, ...]
    modifiers: tuple[str, ...]
    means: np.ndarray
    center: np.ndarray
    y_mean: np.ndarray
    cells: Cells
    baseline_sd: float
    covariate_sd: np.ndarray
    reference: Mapping[str, float]
    moves: Mapping[str, tuple[float, float]]
    units: Mapping[str, str]
    dose_unit: str
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    modifier_units: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def metric(self) -> str:
        """The metric of the outcome."""
        return self.estimand.metric

    @property
    def arm_names(self) -> tuple[str, ...]:
        """Names of the active arms: the trial's code, with the arm's where a trial has several."""
        several = self.arms["trial"].duplicated(keep=False)
        pairs = zip(self.arms["trial"], self.arms["arm"], several, strict=True)
        return tuple(f"{trial} {arm}" if more else str(trial) for trial, arm, more in pairs)

    def per(self, column: str) -> float:
        """Return the step of a modifier column that its interaction is told for; 1 where the estimand states none."""
        return self.estimand.coding.get(BASELINE if column == "b" else column, Coding()).per

    def level_name(self, variable: str, x: float) -> str:
        """Return a value of a curve's variable as it is written: a category by its name, a number as it is."""
        return self.levels[variable][round(x)] if variable in self.levels else f"{x:g}"

    @property
    def across(self) -> tuple[str, ...]:
        """The modifier columns that can have an interaction across trials: their trial means differ.

        With equal means or one trial there is none, nor where the metric makes the differences.
        """
        refused = refused_across(self.estimand, self.terms.modifiers)
        differ = np.ptp(self.means, axis=0) > 1e-9 * self.baseline_sd
        asked = [column for column, more in zip(self.covariates, differ, strict=True) if more]
        return tuple(m for m in self.modifiers if m in asked and not (m == "b" and BASELINE in refused))


def build_design(consortium: Consortium, estimand: Estimand, terms: Terms | None = None) -> Design:
    """Return the design of an analysis.

    Raises
    ------
    DesignError
        If the tables cannot answer the question; the message says where and what to do.
    """
    terms = terms or Terms()
    trials = individual_trials(consortium)
    if not trials:
        raise DesignError("no trial has individual data, so no one-stage model can be fitted.")
    outcome = select_outcome(consortium, estimand, trials)
    measured = _measured(randomized(consortium, estimand, trials), outcome)
    people, names = _with_covariates(consortium, measured, estimand, terms)
    step = step_of(people, names)
    if estimand.missing_covariates == "error":
        refuse_missing(people, step, names)
    refuse_one_arm(people, step)
    labels = {trial: text or trial for trial, text in _texts(consortium, trials, "label").items()}
    rows = people.loc[step == "analyzed", ["trial", "participant_id", "arm", "active", "y", "b", *names]]
    return design_of_rows(
        rows.reset_index(drop=True),
        arms_with_trials(consortium),
        flow=flow_table(step, people["trial"], labels),
        columns=("b", *names),
        base={
            "estimand": estimand,
            "terms": terms,
            "unit": outcome.unit,
            "direction": outcome.direction,
            "instruments": outcome.instruments,
            "labels": labels,
            "groups": _texts(consortium, trials, "group"),
            "modifier_units": _units(consortium, measured, outcome.unit, estimand, terms),
            "notes": _notes(people, step, names, estimand, terms),
        },
    )


def _measured(people: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(people[["trial", "participant_id"]])
    return people.assign(y=outcome.y.reindex(keys).to_numpy(), b=outcome.b.reindex(keys).to_numpy())


def _asked(people: pd.DataFrame) -> pd.DataFrame:
    """Return those who are analyzed if they have the covariates."""
    return people[people["active"].notna() & people["included"] & people["y"].notna()]


def _units(consortium: Consortium, people: pd.DataFrame, unit: str, estimand: Estimand, terms: Terms) -> dict[str, str]:
    return units_of(consortium, _asked(people), terms.modifiers, estimand.coding, unit)


def _notes(
    people: pd.DataFrame, step: pd.Series, names: list[str], estimand: Estimand, terms: Terms
) -> tuple[str, ...]:
    left_out = complete_case_note(people, step, names)
    refused = refused_across(estimand, terms.modifiers).items()
    terms_refused = [
        f"No interaction of {name} across trials is estimated on metric {estimand.metric}: {reason}."
        for name, reason in refused
    ]
    return (*((left_out,) if left_out else ()), *terms_refused)


def _with_covariates(
    consortium: Consortium, people: pd.DataFrame, estimand: Estimand, terms: Terms
) -> tuple[pd.DataFrame, list[str]]:
    """Return the people with covariates as numbers, and the names of these columns."""
    # Coded on those who are analyzed if they have them: else a category that nobody there has would get a column.
    asked, wanted = _asked(people), [*terms.modifiers, *terms.prognostic_factors]
    coded = covariate_columns(consortium, asked, wanted, estimand.coding).reindex(people.index)
    names = [str(column) for column in coded.columns]
    return pd.concat([people.drop(columns=[c for c in names if c in people.columns]), coded], axis=1), names


def _texts(consortium: Consortium, trials: Sequence[str], column: str) -> dict[str, str]:
    """Return what the trials table says of each trial; empty where it says nothing."""
    table = consortium.tables["trials"].set_index("trial")
    if column not in table.columns:
        return dict.fromkeys(trials, "")
    return dict(zip(trials, table.loc[list(trials), column].fillna("").astype(str), strict=True))


def design_of_rows(
    rows: pd.DataFrame, arm_table: pd.DataFrame, *, flow: pd.DataFrame, columns: Sequence[str], base: Mapping[str, Any]
) -> Design:
    """Return the design of analyzed participants; ``base`` holds the fields of Design that rows do not tell.

    Raises
    ------
    DesignError
        If no trial has participants in both arms, or a curve's variable, reference or move is missing.
    """
    rows, trials = _of_both_arms(rows)
    profile = _profile(_active_arms(arm_table, rows), base["estimand"], base["terms"])
    means = _trial_means(rows, trials, [*columns, "y"])
    centred = rows.copy()
    centred[[*columns, "y"]] -= means[pd.Index(trials).get_indexer(pd.Index(rows["trial"]))]
    return Design(
        **base,
        **profile,
        trials=trials,
        controls=rows[rows["active"] == 0].groupby("trial", sort=False).size().reindex(list(trials)),
        rows=rows,
        flow=flow,
        covariates=tuple(columns),
        modifiers=_modifier_columns(columns, base["terms"]),
        means=means[:, :-1],
        center=rows[list(columns)].to_numpy().mean(axis=0),
        y_mean=means[:, -1],
        cells=build_cells(centred, columns, trials, profile["arms"]),
        baseline_sd=pooled_sd(rows["b"].to_numpy(), rows["trial"].to_numpy()),
        covariate_sd=np.array([_spread(rows, column) for column in columns]),
    )


def _of_both_arms(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    arms = rows.groupby("trial", sort=False)["active"].nunique()
    trials = tuple(str(trial) for trial in dict.fromkeys(rows["trial"]) if arms[trial] == 2)
    if not trials:
        raise DesignError("no trial has analyzed participants in both arms: nothing is left to estimate.")
    return rows[rows["trial"].isin(trials)].reset_index(drop=True), trials


def _trial_means(rows: pd.DataFrame, trials: Sequence[str], columns: Sequence[str]) -> np.ndarray:
    return rows.groupby("trial", sort=False)[list(columns)].mean().reindex(list(trials)).to_numpy(dtype="float64")


def _profile(active: pd.DataFrame, estimand: Estimand, terms: Terms) -> dict[str, Any]:
    """Return the fields of Design that the active arms tell. The control's profile is never read."""
    variables = [v for v in (terms.main, *terms.shifts) if v]
    # Trials may dose in units that cannot be converted; that matters only where a curve runs over the dose.
    dose_unit = dose_unit_of(active, estimand) if "dose" in variables else ""
    arms = harmonized_profiles(active, dose_unit=dose_unit) if "dose" in variables else active
    arms, levels = with_codes(arms, variables, terms.categorical)
    check_complete(arms, variables)
    people, categorical = arms["n"].to_numpy(), terms.categorical
    reference = reference_profile(arms, people, estimand, variables, dose_unit, levels=levels, categorical=categorical)
    moves = stated_moves(arms, estimand, terms.shifts, dose_unit, levels)
    refuse_zero(arms, reference, moves, main=terms.main, above_zero=terms.above_zero)
    refuse_flat(terms.curves, moves)
    check_contrasts(
        estimand, variables, main=terms.main, above_zero=terms.above_zero, dose_unit=dose_unit, levels=levels
    )
    return {
        "arms": arms,
        "reference": reference,
        "moves": moves,
        "units": {variable: unit_of(variable, dose_unit) for variable in variables},
        "dose_unit": dose_unit,
        "levels": levels,
    }


def _active_arms(arms: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    sizes = rows[rows["active"] == 1].groupby(["trial", "arm"], sort=False).size().rename("n").reset_index()
    order = {trial: i for i, trial in enumerate(dict.fromkeys(rows["trial"]))}
    found = arms.merge(sizes, on=["trial", "arm"], how="inner", validate="one_to_one")
    return found.sort_values("trial", key=lambda s: s.map(order), kind="stable").reset_index(drop=True)


def _modifier_columns(columns: Sequence[str], terms: Terms) -> tuple[str, ...]:
    names = [column.split("[")[0] for column in columns]
    wanted = {"b" if name == BASELINE else name for name in terms.modifiers}
    return tuple(column for column, name in zip(columns, names, strict=True) if name in wanted)


def _spread(rows: pd.DataFrame, column: str) -> float:
    if rows.groupby("trial")[column].nunique().max() < 2:
        raise DesignError(
            f"'{column}' is the same for everybody within each trial: it cannot enter the model. Leave it out. What "
            "differs between trials only is a column of trials.csv and has a curve: `curves: {group: categorical}`."
        )
    values = rows[column].to_numpy()
    return 1.0 if set(np.unique(values)) <= {0.0, 1.0} else pooled_sd(values, rows["trial"].to_numpy())
