"""The numbers of a curve under words a reader knows."""

from typing import Any

from ipdma.report.page import Page
from ipdma.report.sections.curve_numbers import numbers_of_curve


def test_bends_are_told_by_what_they_are_and_where(full_summary: dict[str, Any]) -> None:
    first = full_summary["curves"][0]
    estimate = first["parameters"].pop("kappa")
    first["curve"] = "spline"
    first["parameters"] = {"bend": estimate, "bend[2.5]": estimate}
    (table,) = numbers_of_curve(Page(summary=full_summary), 0)
    words = [str(row[0]) for row in table.rows]
    assert "Largest departure from a proportional effect (median)" in words
    assert "Largest departure from a proportional effect, bent at 2.5 (median)" in words
