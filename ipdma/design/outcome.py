"""One outcome and one baseline value for each participant, on one metric."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ipdma.errors import DesignError
from ipdma.estimand import Estimand
from ipdma.harmonize.consortium import Consortium
from ipdma.schemas.scale import Direction, Scale, Score

RANK_UNIT = "rank points (0 to 100 within trial and visit)"
_KEY = ["trial", "participant_id"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """Outcome and baseline of the participants who have them, and what one unit of them is.

    ``y`` and ``b`` are indexed by (trial, participant_id); ``instruments`` names the instrument of each trial.
    """

    y: pd.Series
    b: pd.Series
    instruments: Mapping[str, str]
    unit: str
    direction: Direction


def select_outcome(consortium: Consortium, estimand: Estimand, trials: tuple[str, ...]) -> Outcome:
    """Return the outcome the estimand asks for.

    Raises
    ------
    DesignError
        If no instrument measures it, several values per participant are left, a trial has no baseline, a phase holds
        several visits without a primary one, or the raw metric meets several instruments.
    """
    scales = _candidate_scales(consortium, estimand)
    values = _values(consortium, estimand, scales, trials)
    outcome = _at_visit(consortium, values, estimand.visit)
    if outcome.empty:
        raise DesignError(_nothing_found(consortium, estimand, scales, trials))
    instruments = _one_instrument_each(outcome, estimand)
    baseline = _at_visit(consortium, values, "baseline")
    outcome, baseline = (f[f["instrument"] == f["trial"].map(instruments)] for f in (outcome, baseline))
    y, b = _one_value_each(outcome, estimand), _one_value_each(baseline, estimand)
    without = sorted(set(instruments) - set(b.index.get_level_values("trial")))
    if without:
        raise DesignError(
            f"no baseline of {estimand.outcome!r} in {', '.join(without)}: the effect is adjusted for baseline. "
            "Leave these trials out (exclude_why in trials.csv) or map their baseline visit."
        )
    return _on_metric(y, b, instruments, scales, estimand)


def _candidate_scales(consortium: Consortium, estimand: Estimand) -> dict[str, Scale]:
    scales = consortium.scales
    if estimand.outcome in scales:
        return {estimand.outcome: scales[estimand.outcome]}
    found = {code: scale for code, scale in scales.items() if estimand.outcome in scale.constructs}
    if not found:
        constructs = sorted({construct for scale in scales.values() for construct in scale.constructs})
        raise DesignError(
            f"outcome {estimand.outcome!r} is neither an instrument nor a construct of one. "
            f"Constructs: {', '.join(constructs)}; instruments: {', '.join(sorted(scales))}."
        )
    return found


def _nothing_found(
    consortium: Consortium, estimand: Estimand, scales: Mapping[str, Scale], trials: tuple[str, ...]
) -> str:
    visits = consortium.tables["visits"]
    visits = visits[visits["trial"].isin(trials)]
    values = consortium.tables["assessments"]
    values = values[values["instrument"].isin(list(scales)) & values["trial"].isin(trials)]
    places = {
        "Visits": visits["visit"],
        "phases": visits["phase"],
        "scores": values["score"],
        "raters": values["rater"],
    }
    known = "; ".join(
        f"{name}: {', '.join(dict.fromkeys(column.dropna())) or 'none'}" for name, column in places.items()
    )
    asked = "".join(
        f", {key} {value!r}" for key, value in (("score", estimand.score), ("rater", estimand.rater)) if value
    )
    return f"no trial has a value of {estimand.outcome!r} at {estimand.visit!r}{asked}: nothing to analyze. {known}."


def _values(
    consortium: Consortium, estimand: Estimand, scales: Mapping[str, Scale], trials: tuple[str, ...]
) -> pd.DataFrame:
    table = consortium.tables["assessments"]
    table = table[table["instrument"].isin(list(scales)) & table["trial"].isin(trials) & table["value"].notna()]
    wanted = {code: estimand.score or scale.primary for code, scale in scales.items()}
    table = table[table["score"] == table["instrument"].map(wanted)]
    return table[table["rater"] == estimand.rater] if estimand.rater else table


def _at_visit(consortium: Consortium, values: pd.DataFrame, visit: str) -> pd.DataFrame:
    """Return the rows at the visit of that name, or at the one visit that stands for the phase."""
    visits = consortium.tables["visits"]
    chosen = {}
    for trial, rows in visits[visits["trial"].isin(values["trial"].unique())].groupby("trial", sort=False):
        named = rows[rows["visit"] == visit]
        phase = named if len(named) else rows[rows["phase"] == visit]
        if len(phase) > 1:
            phase = phase[phase["primary"].fillna("no") == "yes"]
            if len(phase) != 1:
                several = ", ".join(rows.loc[rows["phase"] == visit, "visit"])
                raise DesignError(
                    f"phase {visit!r} holds several visits in {trial}: {several}. "
                    "Write `primary: yes` on one of them in its recipe, or name a visit in the analysis."
                )
        if len(phase):
            chosen[trial] = phase["visit"].iloc[0]
    return values[values["visit"] == values["trial"].map(chosen)]


def _one_instrument_each(outcome: pd.DataFrame, estimand: Estimand) -> dict[str, str]:
    instruments: dict[str, str] = {}
    for trial, found in outcome.groupby("trial", sort=False)["instrument"].unique().items():
        preferred = [code for code in estimand.prefer if code in found]
        if len(found) > 1 and not preferred:
            raise DesignError(
                f"{trial} measured {estimand.outcome!r} with several instruments: {', '.join(sorted(found))}. "
                "Name them in the order of preference in outcome.prefer."
            )
        instruments[str(trial)] = str(preferred[0] if preferred else found[0])
    used = sorted(set(instruments.values()))
    if estimand.metric == "raw" and len(used) > 1:
        raise DesignError(
            f"metric raw needs one instrument, but the trials used {', '.join(used)}: their points differ. "
            "Use metric pomp or baseline_sd, or name one instrument."
        )
    return instruments


def _one_value_each(rows: pd.DataFrame, estimand: Estimand) -> pd.Series:
    twice = rows[rows.duplicated(_KEY, keep=False)]
    if len(twice):
        trials = twice["trial"].nunique()
        what = "; ".join(f"{name}: {', '.join(sorted(twice[name].unique()))}" for name in ("rater", "score", "visit"))
        raise DesignError(
            f"{estimand.outcome!r} has more than one value for a participant in {trials} trial(s) ({what}). "
            "Name outcome.rater, outcome.score or a visit."
        )
    return rows.set_index(_KEY)["value"].astype("float64")


def _on_metric(
    y: pd.Series, b: pd.Series, instruments: Mapping[str, str], scales: Mapping[str, Scale], estimand: Estimand
) -> Outcome:
    used = {code: scales[code] for code in dict.fromkeys(instruments.values())}
    if estimand.metric == "raw":
        scale = next(iter(used.values()))
        return Outcome(y=y, b=b, instruments=instruments, unit=_score(scale, estimand).unit, direction=scale.direction)
    if estimand.metric == "rank":
        y, b = (ranked(series, {t: used[code] for t, code in instruments.items()}) for series in (y, b))
        return Outcome(y=y, b=b, instruments=instruments, unit=RANK_UNIT, direction="higher_is_worse")
    if estimand.metric == "pomp":
        maps = {code: _pomp(scale, estimand) for code, scale in used.items()}
        unit = "percent of maximum possible"
    else:
        maps = {code: _per_sd(b, code, instruments, scale) for code, scale in used.items()}
        unit = "baseline SD"
    y, b = (_mapped(series, maps, instruments) for series in (y, b))
    return Outcome(y=y, b=b, instruments=instruments, unit=unit, direction="higher_is_worse")


def ranked(values: pd.Series, scales: Mapping[str, Scale]) -> pd.Series:
    """Return the order of each value among all of its trial and visit, 0 to 100, higher being worse.

    The reference set is every randomized participant of the trial, of all its arms, who has a value of the instrument
    at that visit. The k-th of n values becomes 100 (k - 1/2) / n, equal ones the mean of their places (ridits, Bross
    1958), so that every trial's mean is 50.

    Parameters
    ----------
    values
        Scores by (trial, participant_id).
    scales
        The instrument of each trial.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> index = pd.MultiIndex.from_product([["t"], ["a", "b", "c", "d"]], names=["trial", "participant_id"])
    >>> scale = SimpleNamespace(direction="higher_is_better")
    >>> ranked(pd.Series([9.0, 1.0, 5.0, 5.0], index=index), {"t": scale}).tolist()
    [12.5, 87.5, 50.0, 50.0]
    """
    trial = values.index.get_level_values("trial")
    worse = trial.map({name: 1.0 if s.direction == "higher_is_worse" else -1.0 for name, s in scales.items()})
    places = (values * worse.to_numpy(dtype="float64")).groupby(trial)
    found: pd.Series = 100.0 * (places.rank(method="average") - 0.5) / places.transform("size")
    return found


def _score(scale: Scale, estimand: Estimand) -> Score:
    return scale.scores[estimand.score or scale.primary]


def _pomp(scale: Scale, estimand: Estimand) -> tuple[float, float]:
    """Return (shift, factor) of percent of maximum possible (Cohen 1999), reversed where higher is better."""
    score = _score(scale, estimand)
    factor = 100.0 / (score.maximum - score.minimum)
    return (score.minimum, factor) if scale.direction == "higher_is_worse" else (score.maximum, -factor)


def _per_sd(b: pd.Series, code: str, instruments: Mapping[str, str], scale: Scale) -> tuple[float, float]:
    trials = [trial for trial, instrument in instruments.items() if instrument == code]
    own = b[b.index.get_level_values("trial").isin(trials)]
    sd = pooled_sd(own.to_numpy(), own.index.get_level_values("trial").to_numpy())
    return (0.0, 1.0 / sd if scale.direction == "higher_is_worse" else -1.0 / sd)


def _mapped(series: pd.Series, maps: Mapping[str, tuple[float, float]], instruments: Mapping[str, str]) -> pd.Series:
    codes = series.index.get_level_values("trial").map(instruments)
    shift = codes.map({code: pair[0] for code, pair in maps.items()}).to_numpy(dtype="float64")
    factor = codes.map({code: pair[1] for code, pair in maps.items()}).to_numpy(dtype="float64")
    return pd.Series((series.to_numpy() - shift) * factor, index=series.index)


def pooled_sd(values: np.ndarray, groups: np.ndarray) -> float:
    """Return the SD within groups, pooled over them by degrees of freedom.

    Raises
    ------
    DesignError
        If the values do not vary within any group.
    """
    frame = pd.DataFrame({"value": values, "group": groups}).dropna()
    squares = ((frame["value"] - frame.groupby("group")["value"].transform("mean")) ** 2).sum()
    df = len(frame) - frame["group"].nunique()
    if df < 1 or not squares > 0:
        raise DesignError("the baseline does not vary within any trial, so outcome units have no scale for the priors.")
    return float(np.sqrt(squares / df))
