"""What a command answers, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
