"""Failures of single steps put together to findings: one cause, one finding, all its rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ipdma.harmonize.finding import Finding
from ipdma.harmonize.prepared import Prepared
from ipdma.harmonize.step import Failure, counted


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the recipe and the common tables failures belong."""

    recipe: str
    line: int
    file: str
    table: str
    column: str


@dataclass(eq=False)
class _Cause:
    message: str
    rows: set[int] = field(default_factory=set)
    trials: set[str] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)


class Gatherer:
    """Collects failures while the blocks of a recipe are filled; visits of a long block share their recipe line."""

    def __init__(self) -> None:
        self._causes: dict[tuple[Place, str, str], _Cause] = {}

    def add(self, place: Place, failures: Iterable[Failure], prepared: Prepared) -> None:
        """Add failures met in rows of a prepared source."""
        for failure in failures:
            key = (place, failure.code, failure.message)
            cause = self._causes.setdefault(key, _Cause(failure.message))
            cause.rows.update(map(int, prepared.rows[failure.where]))
            cause.trials.update(map(str, np.unique(prepared.trial[failure.where].astype(str))))
            cause.codes.update(failure.codes)

    def findings(self) -> list[Finding]:
        """Return one finding a cause."""
        return [_finding(place, code, cause) for (place, code, _), cause in self._causes.items()]


def _finding(place: Place, code: str, cause: _Cause) -> Finding:
    rows = tuple(sorted(cause.rows))
    codes = [f"'{name}' ({count})" for name, count in cause.codes.most_common()]
    message = cause.message.replace("{n}", counted(len(rows), "row")).replace("{k}", counted(len(codes), "code"))
    return Finding(
        code=code,
        message=message,
        trial=next(iter(cause.trials)) if len(cause.trials) == 1 else "",
        table=place.table,
        column=place.column,
        file=place.file,
        recipe=place.recipe,
        line=place.line,
        rows=rows,
        count=len(rows),
        private=", ".join(codes),
    )
