"""What stopped a harmonization, with the codes that are meant: for the private folder only."""

from collections.abc import Sequence

import pandas as pd

from ipdma.errors import HarmonizationError
from ipdma.harmonize.finding import Finding
from ipdma.project.folder import Project
from ipdma.project.write_table import write_table

_COLUMNS = ("severity", "code", "table", "column", "trial", "recipe", "line", "file", "rows", "count", "message")
_MOST_ROWS = 1000


def with_codes(error: HarmonizationError, project: Project) -> HarmonizationError:
    """Write ``private/issues.csv`` if it tells more than the error may, and return the error that says so.

    An error names places and counts only. Whoever mends a map needs the codes it lacks, and would otherwise look up
    each row in the file.
    """
    if not any(finding.private for finding in error.findings):
        return error
    write_table(issues_with_codes(error.findings), project.write_private() / "issues.csv")
    return HarmonizationError(f"{error}\n  The codes that are meant stand in private/issues.csv.", error.findings)


def issues_with_codes(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return a row for each finding: its place, what is wrong, and in ``codes`` each code with its number of rows.

    Examples
    --------
    >>> lacking = Finding(code="code_not_in_map", message="the map lacks 1 code", rows=(4, 7), private="'F' (2)")
    >>> issues_with_codes([lacking])[["rows", "codes"]].iloc[0].tolist()
    ['4 7', "'F' (2)"]
    """
    rows = [
        [*(_rows(finding) if name == "rows" else getattr(finding, name) or pd.NA for name in _COLUMNS),
         finding.private or pd.NA]
        for finding in findings
    ]  # fmt: skip
    types = {name: "Int64" if name in ("line", "count") else "string" for name in (*_COLUMNS, "codes")}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _rows(finding: Finding) -> str:
    more = " ..." if len(finding.rows) > _MOST_ROWS else ""
    return " ".join(map(str, finding.rows[:_MOST_ROWS])) + more
