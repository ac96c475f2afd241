"""The cells of one raw column, from what is true of a simulated trial."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.errors import SimulationError
from ipdma.simulate.design import ColumnLayout, FileLayout
from ipdma.simulate.trial import SimulatedTrial


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """Which cells of a column are meant: for each row the participant's row, visit and session; and the item."""

    row: NDArray[np.int64]
    visit: NDArray[Any] | None
    session: NDArray[Any] | None
    item: int


def column_cells(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    """Return the cells of one raw column (float64, NaN is empty; or object, None is empty).

    Raises
    ------
    SimulationError
        If the column is said to hold something a trial does not have.
    """
    if column.holds in trial.people.columns:
        cells = _of_people(trial, layout, column, place)
    elif column.holds in _HOLDS:
        cells = _HOLDS[column.holds](trial, layout, column, place)
    else:
        raise SimulationError(
            f"{trial.design.trial}: column '{column.name}' holds '{column.holds}', which no simulated trial has."
        )
    if column.only_at and place.visit is not None:
        cells = cells.mask(place.visit != column.only_at, np.nan if cells.dtype == float else None)
    return cells


def _of_people(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    values = list(trial.people[column.holds].iloc[place.row])
    if column.format:
        return pd.Series([value.strftime(column.format) for value in values], dtype=object)
    return _coded(values, column.codes)


def _coded(plain: Sequence[object], codes: Mapping[str, str | int]) -> pd.Series:
    values = [codes[str(value)] for value in plain] if codes else plain
    numbers = all(isinstance(value, int | float) for value in values)
    return pd.Series(values, dtype=float if numbers else object)


def _trial(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    return _coded([trial.design.trial] * len(place.row), column.codes)


def _visit(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    return _coded(_visits(place), layout.visits)


def _session(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    return pd.Series(place.session, dtype=float)


def _text(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    return pd.Series([column.text] * len(place.row), dtype=object)


def _visit_date(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    """Return the days of the visits that took place, as text."""
    first = list(trial.people["randomized_on"])
    after = {visit: trial.days[visit].to_numpy(dtype=np.int64) for visit in trial.days}
    seen = {visit: trial.scores[visit].notna().to_numpy(dtype=bool) for visit in trial.scores}
    days = [
        (first[row] + datetime.timedelta(days=int(after[visit][row]))).strftime(column.format)
        if seen[visit][row]
        else None
        for row, visit in zip(place.row, _visits(place), strict=True)
    ]
    return pd.Series(days, dtype=object)


def _total(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    scores = {visit: trial.scores[visit].to_numpy(dtype=float, na_value=np.nan) for visit in trial.scores}
    totals = np.array([scores[visit][row] for row, visit in zip(place.row, _visits(place), strict=True)], dtype=float)
    out = np.round(totals / column.divide_by, 2)
    return pd.Series(out if layout.missed is None else np.where(np.isnan(out), float(layout.missed), out))


def _subtotal(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    chosen = trial.items[trial.items["set"] == column.set]
    sums = chosen.groupby(["row", "visit"])["answer"].sum(min_count=1)
    keys = zip(place.row, _visits(place), strict=True)
    return pd.Series([sums.get(key, np.nan) for key in keys], dtype=float)


def _answers(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    position = {str(visit): k for k, visit in enumerate(trial.scores)}
    visits = [position[visit] for visit in _visits(place)]
    cells = trial.answers[column.set, place.item][place.row, visits]
    left_out = np.nan if layout.not_answered is None else float(layout.not_answered)
    return pd.Series(np.where(cells == -np.inf, left_out, cells), dtype=float)


def _clock_times(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    assert place.session is not None
    held = trial.sessions.set_index(["row", "session"])[column.holds]
    minutes = held.reindex(pd.MultiIndex.from_arrays([place.row, place.session])).to_numpy(dtype=float)
    return pd.Series([None if np.isnan(m) else f"{int(m) // 60:02d}:{int(m) % 60:02d}" for m in minutes], dtype=object)


def _attended(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: Place) -> pd.Series:
    counts = np.bincount(trial.sessions["row"].to_numpy(dtype=np.int64), minlength=len(trial.people))
    return pd.Series(counts[place.row], dtype=float)


def _visits(place: Place) -> list[str]:
    assert place.visit is not None  # a column of visits stands in a long file, or has {visit} in its name
    return [str(visit) for visit in place.visit]


_HOLDS: Mapping[str, Callable[[SimulatedTrial, FileLayout, ColumnLayout, Place], pd.Series]] = {
    "trial": _trial,
    "visit": _visit,
    "visit_date": _visit_date,
    "session": _session,
    "text": _text,
    "total": _total,
    "subtotal": _subtotal,
    "items": _answers,
    "pill": _clock_times,
    "start": _clock_times,
    "sessions_attended": _attended,
}
