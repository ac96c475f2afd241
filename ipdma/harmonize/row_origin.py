"""Which raw file rows a common table's rows came from, for findings that people can follow."""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from ipdma.harmonize.finding import Finding

_MOST_PRIVATE = 20  # rows named in a finding's private text


class RowOrigin:
    """Findings about rows of common tables, one for each trial and file.

    Parameters
    ----------
    tables
        Common tables by name.
    origin
        table, trial, row (from 1 within the trial's rows of the table), file, file_row; ``None``: not known.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], origin: pd.DataFrame | None) -> None:
        self._tables = tables
        self._places: dict[tuple[str, str, int], tuple[str, int]] = {}
        if origin is not None:
            columns = (origin[name] for name in ("table", "trial", "row", "file", "file_row"))
            for table, trial, row, file, file_row in zip(*columns, strict=True):
                self._places[str(table), str(trial), int(row)] = (str(file), 0 if pd.isna(file_row) else int(file_row))

    def findings(
        self,
        table: str,
        column: str,
        where: np.ndarray,
        *,
        code: str,
        message: str,
        severity: Literal["error", "warning"] = "error",
    ) -> Iterator[Finding]:
        """Return a finding for each trial and file with rows ``where`` a rule is broken."""
        if not where.any():
            return
        frame = self._tables[table]
        trials = frame["trial"].astype("object").where(frame["trial"].notna(), "") if "trial" in frame else None
        trial = trials.to_numpy(dtype=object) if trials is not None else np.full(len(frame), "", dtype=object)
        number = pd.Series(trial).groupby(trial).cumcount().to_numpy() + 1
        groups: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for at in np.flatnonzero(where):
            file, file_row = self._places.get((table, trial[at], int(number[at])), ("", 0))
            groups.setdefault((trial[at], file), []).append((int(at), file_row))
        for (name, file), places in groups.items():
            yield Finding(
                code=code,
                message=message,
                severity=severity,
                trial=name,
                table=table,
                column=column,
                file=file,
                rows=tuple(sorted({row for _, row in places if row})),
                count=len(places),
                private=_private(frame, column, [at for at, _ in places]),
            )


def _private(frame: pd.DataFrame, column: str, places: list[int]) -> str:
    names = [name for name in dict.fromkeys(("participant_id", "visit", "session_number", column)) if name in frame]
    rows = frame[names].iloc[places[:_MOST_PRIVATE]]
    texts = [
        "; ".join(f"{name}={row[place]}" for place, name in enumerate(names)) for row in rows.to_numpy(dtype=object)
    ]
    return " | ".join(texts) + (" | ..." if len(places) > _MOST_PRIVATE else "")
