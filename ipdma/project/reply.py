"""What a command answers, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The answer of a command.

    Parameters
    ----------
    lines
        What a person reads on stdout.
    data
        The same for programs (``--json``).
    findings
        What was found in files; one of severity "error" makes the command fail.
    """

    lines: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def of_severity(self, severity: str) -> list[str]:
        """Return the sentences of the findings of one severity."""
        return [finding.sentence() for finding in self.findings if finding.severity == severity]


def issue_findings(consortium: Consortium) -> tuple[Finding, ...]:
    """Return the issues of a consortium, which did not stop its harmonization, as findings."""
    rows = consortium.issues.astype(object).where(consortium.issues.notna(), "").to_dict("records")
    return tuple(
        Finding(
            code=str(row["code"]),
            message=str(row["message"]),
            severity="warning",
            trial=str(row["trial"]),
            table=str(row["table"]),
            column=str(row["column"]),
            file=str(row["file"]),
            count=int(row["count"] or 1),
        )
        for row in rows
    )
