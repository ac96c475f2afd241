"""Findings as one message: every cause once, grouped by what is wrong."""

from collections.abc import Sequence

from ipdma.harmonize.finding import Finding

_MOST = 50  # sentences; the rest is counted


def findings_text(findings: Sequence[Finding]) -> str:
    """Return a headline with numbers, then a sentence for each finding, those of one code together.

    It holds places, counts and rules only, as every finding's sentence does.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    ordered = [finding for group in groups.values() for finding in group]
    lines = [f"  {finding.sentence()}" for finding in ordered[:_MOST]]
    if len(ordered) > _MOST:
        lines.append(f"  ... and {len(ordered) - _MOST} more.")
    causes = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
    return "\n".join([f"{causes} in raw files and recipes; nothing was harmonized:", *lines])
