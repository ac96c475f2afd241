"""One thing found in files, recipes or values, said once for all rows it concerns."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]  # a note: what a recipe asked for and should be counted


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong, where and how often.

    ``message`` holds no participant's value or id; what names them stands in ``private`` and is written only under
    the project's private folder. ``rows`` are row numbers as a person sees them in ``file``; ``line`` is the recipe's.
    """

    code: str
    message: str
    severity: Severity = "error"
    trial: str = ""
    table: str = ""
    column: str = ""
    file: str = ""
    recipe: str = ""
    line: int = 0
    rows: tuple[int, ...] = ()
    count: int = 1
    private: str = ""

    def sentence(self) -> str:
        """Return the finding as one line for the terminal."""
        where = [part for part in (self.recipe and f"{self.recipe} line {self.line}", self.file, self.trial) if part]
        target = f"{self.table}.{self.column}".strip(".")
        head = ", ".join([*where, target] if target else where)
        rows = ", ".join(map(str, self.rows[:5])) + (", ..." if len(self.rows) > 5 else "")
        tail = f" (file rows {rows})" if rows else ""
        return f"{self.code}: {head}: {self.message}{tail}" if head else f"{self.code}: {self.message}{tail}"
