"""The truth of a simulation."""

from typing import Any

from ipdma.report.blocks import Table
from ipdma.report.page import Page
from ipdma.report.sections.truth import truth


def test_numbers_are_shown_under_their_names_and_lists_are_not(full_summary: dict[str, Any]) -> None:
    section = truth(Page(summary=full_summary))
    assert section is not None
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["Effect at reference", "Tau", "Plateau, kappa"]


def test_real_data_have_no_truth(full_summary: dict[str, Any]) -> None:
    for full_summary["truth"] in ({}, {"by_trial": [1.0]}):
        assert truth(Page(summary=full_summary)) is None
    del full_summary["truth"]
    assert truth(Page(summary=full_summary)) is None
