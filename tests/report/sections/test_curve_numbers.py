"""The numbers of a curve under words a reader knows."""

from typing import Any

from markupsafe import Markup

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


def test_a_category_is_told_by_its_name_and_not_by_its_place(full_summary: dict[str, Any]) -> None:
    first = full_summary["curves"][0]
    first |= {
        "curve": "categorical", "reference": 1.0, "reference_label": "pain",
        "move": {"from": 1.0, "from_label": "pain", "to": 0.0, "to_label": "anxiety", "effect": first["n95"]},
    }  # fmt: skip
    (table,) = numbers_of_curve(Page(summary=full_summary), 0)
    words = [Markup(row[0]).striptags() for row in table.rows]
    assert "Effect at the reference, pain" in words
    assert "Change in effect from pain to anxiety" in words


def test_what_a_shift_s_parameters_are_is_said_and_none_is_the_move_again(full_summary: dict[str, Any]) -> None:
    first = full_summary["curves"][0]
    one, other = ({**first["n95"], "mean": mean} for mean in (-1.0, -2.0))
    move = {"from": 60.0, "to": 120.0, "effect": one}
    shapes = {
        "window": {"timing_min[size]": other, "timing_min[peak]": other, "timing_min[width]": other},
        "categorical": {"timing_min[120]": one, "timing_min[90]": other},
    }
    told = {}
    for name, parameters in shapes.items():
        first |= {"curve": name, "variable": "timing_min", "parameters": parameters, "move": move}
        (table,) = numbers_of_curve(Page(summary=full_summary), 0)
        told[name] = [Markup(row[0]).striptags() for row in table.rows]
    assert "Peak of the window (median)" in told["window"]
    assert "Effect at the peak of the window less that far from it" in told["window"]
    assert "Effect at 90 less that at the reference" in told["categorical"]
    assert not any("120 less" in words for words in told["categorical"])  # the move's row says it
