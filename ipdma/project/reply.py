"""What a command answers, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

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
    texts = ("code", "message", "trial", "table", "column", "file")
    return tuple(
        Finding(
            severity="warning",
            count=1 if pd.isna(row["count"]) else int(row["count"]),
            **{name: "" if pd.isna(row[name]) else str(row[name]) for name in texts},
        )
        for _, row in consortium.issues.iterrows()
    )
