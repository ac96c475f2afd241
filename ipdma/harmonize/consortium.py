"""The harmonized trials: common tables and what is known about where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ipdma.harmonize.overview import overview
from ipdma.schemas.scale import Scale


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="string") for column in columns})


@dataclass(frozen=True, kw_only=True, eq=False)
class Consortium:
    """Common tables of many trials; what every analysis starts from.

    Parameters
    ----------
    tables
        The tables of the common schema by name; a table nothing fills is there with no rows. Text columns have dtype
        ``string``, numbers ``Float64`` or ``Int64``, and a missing value is ``pd.NA``.
    scales
        The instruments by code.
    schema
        The version of the common schema, for example ``"ipd 1.0.0"``.
    categories
        Categories of columns that the project itself adds to the schema, in their order, by table and column.
    missing
        Why values of participants are missing: table, trial, row (1-based within the trial's rows of the table),
        column, reason, and for a value that has no row (a missed visit) the key such a row would have had. A variable
        that no one of the trial has (``not_recorded``) is one row with neither.
    status
        Trial by variable: table, column, trial, status (complete, partial, impossible or undetermined), why, and how
        many values are there (``filled``), ``missing`` (with the ``reasons``) and ``corrected``.
    origin
        Where each row came from: table, trial, row, source, file, file_row, block (of the recipe, counted from 0).
    rules
        What fills each column: recipe, block, table, column, line, source, file, reads, steps.
    events
        What happened to single values: table, trial, row, column, event (``corrected``), detail (where that is said);
        and to rows of files (``duplicates_dropped``), without table and row. It holds no values.
    issues
        Findings that did not stop the run: code, table, column, trial, file, count, message; no values.
    files
        Raw files read: trial, file, sha256, rows.
    """

    tables: Mapping[str, pd.DataFrame]
    scales: Mapping[str, Scale]
    schema: str
    categories: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    missing: pd.DataFrame = field(default_factory=lambda: _empty("table", "trial", "row", "column", "reason", "key"))
    status: pd.DataFrame = field(default_factory=lambda: _empty("table", "column", "trial", "status", "why"))
    origin: pd.DataFrame = field(
        default_factory=lambda: _empty("table", "trial", "row", "source", "file", "file_row", "block")
    )
    rules: pd.DataFrame = field(
        default_factory=lambda: _empty("recipe", "block", "table", "column", "line", "source", "file", "reads", "steps")
    )
    events: pd.DataFrame = field(default_factory=lambda: _empty("table", "trial", "row", "column", "event", "detail"))
    issues: pd.DataFrame = field(
        default_factory=lambda: _empty("code", "table", "column", "trial", "file", "count", "message")
    )
    files: pd.DataFrame = field(default_factory=lambda: _empty("trial", "file", "sha256", "rows"))

    @property
    def trials(self) -> tuple[str, ...]:
        """Codes of the trials, in the order of the trials table."""
        return tuple(self.tables["trials"]["trial"])

    def __repr__(self) -> str:
        people = len(self.tables["participants"])
        return f"<Consortium: {len(self.trials)} trials, {people} participants, {self.schema}>"

    def __str__(self) -> str:
        """One line a trial, on one screen; no participant's value."""
        return overview(self.tables, schema=self.schema, issues=self.issues)
