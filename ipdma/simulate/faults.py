"""What goes wrong between a trial and its raw file: rows exported twice, numbers typed wrong, and their corrections."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ipdma.errors import SimulationError
from ipdma.simulate.design import FileLayout, TypingError
from ipdma.simulate.layout import RawSheet, raw_sheet
from ipdma.simulate.trial import SimulatedTrial


def with_faults(sheet: RawSheet, layout: FileLayout, *, wrong: bool) -> RawSheet:
    """Return the sheet with what its layout says was exported twice and, if ``wrong``, typed wrong.

    Both are for files with a row a participant.
    """
    cells = sheet.cells.copy()
    if wrong:
        for error in layout.typing_errors:
            numbers = cells[error.column].to_numpy(dtype=float, copy=True)
            numbers[error.participant - 1] = _typed(numbers[error.participant - 1], error)
            cells[error.column] = numbers
    again = cells.iloc[[number - 1 for number in layout.exported_twice]]
    return replace(sheet, cells=pd.concat([cells, again], ignore_index=True))


def _typed(true: float, error: TypingError) -> float:
    return round(true * error.times, 6)  # 29.3 times 10 is 293, as a person would type it


def write_corrections(trial: SimulatedTrial, folder: Path) -> None:
    """Write the corrections of what was typed wrong in a trial's files, as a trialist's answers would be.

    Raises
    ------
    SimulationError
        If a typing error is in a file that has more than a row a participant.
    """
    changes = [change for layout in trial.design.files for change in _changes(trial, layout)]
    if not changes:
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Every line of JSON is YAML too.
    lines = ["# Simulated: no real participant.", "corrections: 1", "changes:"]
    lines += [f"  - {json.dumps(change)}" for change in changes]
    (folder / f"{trial.design.trial}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _changes(trial: SimulatedTrial, layout: FileLayout) -> list[dict[str, object]]:
    if not layout.typing_errors:
        return []
    if layout.rows != "participant":
        raise SimulationError(f"{trial.design.trial}: {layout.file} has typing errors but several rows a participant.")
    cells = raw_sheet(trial, layout).cells
    identity = next(column.name for column in layout.columns if column.holds == "participant_id")
    changes = []
    for number, error in enumerate(layout.typing_errors, start=1):
        true = float(cells[error.column].to_numpy(dtype=float)[error.participant - 1])
        changes.append(
            {
                "source": "main",
                "id": str(cells[identity].iat[error.participant - 1]),
                "column": error.column,
                "old": _typed(true, error),
                "new": true,
                "why": "typing error, confirmed by the simulated trialist",
                "query": f"Q-{number:02d}",
            }
        )
    return changes
