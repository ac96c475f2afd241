"""A simulated trial laid out as one of its raw files: column names, codes and blanks as that file has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ipdma.schemas.template import fill_template, template_names
from ipdma.simulate.cells import Place, column_cells
from ipdma.simulate.design import ColumnLayout, FileLayout
from ipdma.simulate.trial import SimulatedTrial


@dataclass(frozen=True, kw_only=True, eq=False)
class RawSheet:
    """The cells of a raw file (float64, NaN is empty; or object, None is empty), and what is said of its columns.

    ``declared_missing`` are the columns whose codes for missing values the file declares, with these codes.
    """

    cells: pd.DataFrame
    labels: Mapping[str, str]
    declared_missing: Mapping[str, tuple[int, ...]]


def raw_sheet(trial: SimulatedTrial, layout: FileLayout) -> RawSheet:
    """Return the trial as the file shows it, before anything is typed wrong or exported twice.

    Raises
    ------
    SimulationError
        If a column is said to hold something a trial does not have.
    """
    rows = _rows(trial, layout)
    cells: dict[str, pd.Series] = {}
    labels: dict[str, str] = {}
    missing: dict[str, tuple[int, ...]] = {}
    for column in layout.columns:
        for gaps, place in _places(trial, layout, column, rows):
            name = fill_template(column.name, gaps)
            cells[name] = column_cells(trial, layout, column, place)
            labels[name] = fill_template(column.label, gaps)
            if codes := _declared(layout, column):
                missing[name] = codes
    return RawSheet(cells=pd.DataFrame(cells), labels=labels, declared_missing=missing)


def stacked(sheets: list[RawSheet]) -> RawSheet:
    """Return the rows of several sheets under each other: trials that share a file."""
    if len(sheets) == 1:
        return sheets[0]
    return replace(sheets[0], cells=pd.concat([sheet.cells for sheet in sheets], ignore_index=True))


def _declared(layout: FileLayout, column: ColumnLayout) -> tuple[int, ...]:
    code = {"items": layout.not_answered, "total": layout.missed}.get(column.holds)
    return () if code is None else (code,)


def _rows(trial: SimulatedTrial, layout: FileLayout) -> Place:
    """Return whose row each row of the file is, and its visit or session in a long file."""
    if layout.rows == "session":
        taken = trial.sessions
        return Place(row=taken["row"].to_numpy(dtype=np.int64), visit=None, session=taken["session"].to_numpy(), item=0)
    everybody = range(len(trial.people))
    if layout.rows == "participant":
        return Place(row=np.array(everybody, dtype=np.int64), visit=None, session=None, item=0)
    seen = {visit: trial.scores[visit].notna().to_numpy(dtype=bool) for visit in layout.visits}
    rows = [(row, visit) for row in everybody for visit in layout.visits if seen[visit][row]]
    visits = np.array([visit for _, visit in rows], dtype=object)
    return Place(row=np.array([row for row, _ in rows], dtype=np.int64), visit=visits, session=None, item=0)


def _places(
    trial: SimulatedTrial, layout: FileLayout, column: ColumnLayout, rows: Place
) -> Iterator[tuple[dict[str, object], Place]]:
    """Yield what a name's gaps stand for, and the cells meant, in the order of the file's columns."""
    names = template_names(column.name)
    visits: list[str | None] = [*layout.visits] if "visit" in names else [None]
    items = [*trial.scale.sets[column.set].item_numbers] if "i" in names else [0]
    sessions: list[int | None] = [*range(1, int(trial.design.number_of_doses) + 1)] if "session" in names else [None]
    n = len(rows.row)
    for visit in visits:
        for session in sessions:
            for item in items:
                gaps = {"visit": layout.visits.get(visit or ""), "session": session, "i": item}
                yield (
                    {name: gaps[name] for name in names},
                    Place(
                        row=rows.row,
                        visit=rows.visit if visit is None else np.full(n, visit, dtype=object),
                        session=rows.session if session is None else np.full(n, session),
                        item=item,
                    ),
                )
