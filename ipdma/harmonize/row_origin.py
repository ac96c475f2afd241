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
        self._origin = origin

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
        at = np.flatnonzero(where)
        if not len(at):
            return
        frame = self._tables[table]
        places = self._places(table, frame, at)
        for (trial, file), group in places.groupby(["trial", "file"], sort=False):
            yield Finding(
                code=code,
                message=message,
                severity=severity,
                trial=str(trial),
                table=table,
                column=column,
                file=str(file),
                rows=tuple(np.unique(group["file_row"].dropna().to_numpy(dtype=np.int64)).tolist()),
                count=len(group),
                private=_private(frame, column, at[group.index.to_numpy()]),
            )

    def _places(self, table: str, frame: pd.DataFrame, at: np.ndarray) -> pd.DataFrame:
        """Return trial, file and file row of some rows; only these are looked up, as most tables have none."""
        trial = _trial(frame["trial"]) if "trial" in frame else pd.Series("", index=frame.index, dtype="object")
        row = trial.groupby(trial.to_numpy(), sort=False).cumcount() + 1
        found = pd.DataFrame({"trial": trial.iloc[at], "row": row.iloc[at]}).reset_index(drop=True)
        if self._origin is None:
            return found.assign(file="", file_row=np.nan)
        mine = self._origin[(self._origin["table"] == table).to_numpy(dtype=bool, na_value=False)]
        known = mine[["trial", "row", "file", "file_row"]].assign(
            trial=_trial(mine["trial"]), row=mine["row"].astype("int64")
        )
        known = known.drop_duplicates(["trial", "row"], keep="last")
        places = found.merge(known, how="left", on=["trial", "row"])
        return places.assign(file=places["file"].astype("object").fillna(""))


def _trial(trial: pd.Series) -> pd.Series:
    return trial.astype("object").where(trial.notna(), "")


def _private(frame: pd.DataFrame, column: str, places: np.ndarray) -> str:
    names = [name for name in dict.fromkeys(("participant_id", "visit", "session_number", column)) if name in frame]
    rows = frame[names].iloc[places[:_MOST_PRIVATE]]
    texts = [
        "; ".join(f"{name}={row[place]}" for place, name in enumerate(names)) for row in rows.to_numpy(dtype=object)
    ]
    return " | ".join(texts) + (" | ..." if len(places) > _MOST_PRIVATE else "")
