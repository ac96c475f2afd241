"""A simulated trial laid out as one of its raw files: column names, codes and blanks as that file has them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ipdma.errors import SimulationError
from ipdma.schemas.template import fill_template, template_names
from ipdma.simulate.design import ColumnLayout, FileLayout
from ipdma.simulate.trial import SimulatedTrial


@dataclass(frozen=True, kw_only=True, eq=False)
class RawSheet:
    """The cells of a raw file (float64, NaN is empty; or object, None is empty), and what is said of its columns."""

    cells: pd.DataFrame
    labels: Mapping[str, str]
    item_columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Place:
    """Which cells of a column are meant: for each row the participant's row and the visit, and the name's gaps."""

    row: NDArray[np.int64]
    visit: list[str]
    item: int | None
    session: int | None


def raw_sheet(trial: SimulatedTrial, layout: FileLayout) -> RawSheet:
    """Return the trial as the file shows it.

    Raises
    ------
    SimulationError
        If a column is said to hold something a trial does not have.
    """
    rows = _rows(trial, layout)
    cells, labels, items = {}, {}, []
    for column in layout.columns:
        for gaps, place in _places(trial, layout, column, rows):
            name = fill_template(column.name, gaps)
            cells[name] = _cells(trial, layout, column, place)
            labels[name] = fill_template(column.label, gaps)
            if column.holds == "items":
                items.append(name)
    return RawSheet(cells=pd.DataFrame(cells), labels=labels, item_columns=tuple(items))


def _rows(trial: SimulatedTrial, layout: FileLayout) -> list[tuple[int, str]]:
    """Return for each row of the file the participant's row, and the visit in a long file."""
    everybody = range(len(trial.people))
    if layout.rows == "participant":
        return [(row, "") for row in everybody]
    seen = {visit: trial.scores[visit].notna().to_numpy(dtype=bool) for visit in layout.visits}
    return [(row, visit) for row in everybody for visit in layout.visits if seen[visit][row]]


def _places(
    trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, rows: list[tuple[int, str]]
) -> Iterator[tuple[dict[str, object], _Place]]:
    """Yield what a name's gaps stand for, and the cells meant, in the order of the file's columns."""
    names = template_names(column.name)
    visits: list[str | None] = [*layout.visits] if "visit" in names else [None]
    items: list[int | None] = [*trial.scale.sets[column.set].item_numbers] if "i" in names else [None]
    sessions: list[int | None] = [*range(1, int(trial.design.number_of_doses) + 1)] if "session" in names else [None]
    row = np.array([row for row, _ in rows], dtype=np.int64)
    for visit in visits:
        for session in sessions:
            for item in items:
                gaps = {"visit": layout.visits.get(visit or ""), "session": session, "i": item}
                here = [visit or own for _, own in rows]
                yield {n: gaps[n] for n in names}, _Place(row=row, visit=here, item=item, session=session)


def _cells(trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, place: _Place) -> pd.Series:
    if column.holds in trial.people.columns:
        return _coded(list(trial.people[column.holds].iloc[place.row]), column.codes)
    if column.holds == "visit":
        return _coded(place.visit, layout.visits)
    if column.holds == "text":
        return pd.Series([column.text] * len(place.row), dtype=object)
    if column.holds == "total":
        scores = {visit: trial.scores[visit].to_numpy(dtype=float, na_value=np.nan) for visit in trial.scores}
        return pd.Series([scores[v][i] for i, v in zip(place.row, place.visit, strict=True)], dtype=float)
    if column.holds == "items":
        return _answers(trial, column.set, place, layout.not_answered)
    if column.holds in ("pill", "start"):
        return _clock_times(trial, column.holds, place)
    raise SimulationError(
        f"{trial.design.trial}: column '{column.name}' holds '{column.holds}', which no simulated trial has."
    )


def _coded(plain: Sequence[object], codes: Mapping[str, str | int]) -> pd.Series:
    values = [codes[str(value)] for value in plain] if codes else plain
    numbers = all(isinstance(value, int | float) for value in values)
    return pd.Series(values, dtype=float if numbers else object)


def _answers(trial: SimulatedTrial, item_set: str, place: _Place, not_answered: int | None) -> pd.Series:
    items = trial.items
    chosen = items[(items["set"] == item_set) & (items["item"] == place.item)]
    keys = zip(chosen["row"], chosen["visit"], strict=True)
    answers = dict(zip(keys, chosen["answer"], strict=True))
    left_out = float("nan") if not_answered is None else float(not_answered)
    # A form that was handed in has an entry for each item; an empty entry is an item left out.
    cells = [answers.get(key) for key in zip(place.row, place.visit, strict=True)]
    return pd.Series([np.nan if c is None else left_out if np.isnan(c) else c for c in cells], dtype=float)


def _clock_times(trial: SimulatedTrial, which: str, place: _Place) -> pd.Series:
    held = trial.sessions[trial.sessions["session"] == place.session].set_index("row")[which]
    minutes = held.reindex(place.row).to_numpy(dtype=float)
    return pd.Series([None if np.isnan(m) else f"{int(m) // 60:02d}:{int(m) % 60:02d}" for m in minutes], dtype=object)
