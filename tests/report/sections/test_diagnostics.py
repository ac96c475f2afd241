"""The table of diagnostics."""

from typing import Any

from ipdma.report.html import render_report
from ipdma.report.page import Page
from ipdma.report.sections.diagnostics import diagnostics


def test_a_model_without_an_rhat_does_not_meet_the_limits(full_summary: dict[str, Any]) -> None:
    row = full_summary["diagnostics"][0]
    del row["rhat_max"]
    section = diagnostics(Page(summary=full_summary))
    assert section is not None
    table: Any = section.blocks[0]
    assert [line[-1] for line in table.rows] == ["not met", "met"]
    assert table.rows[0][1] == "none"
    assert "Largest" in render_report(full_summary)
