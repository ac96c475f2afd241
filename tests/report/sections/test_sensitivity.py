"""Sensitivity analyses."""

from typing import Any

from markupsafe import Markup

from ipdma.report.blocks import Bullets, Paragraph, Section, Table
from ipdma.report.page import Page
from ipdma.report.sections.sensitivity import sensitivity

Summary = dict[str, Any]


def section(summary: Summary) -> Section:
    found = sensitivity(Page(summary=summary))
    assert found is not None
    return found


def sentences(summary: Summary) -> list[str]:
    return [Markup(block.text).striptags() for block in section(summary).blocks if isinstance(block, Paragraph)]


def test_the_range_and_the_count_follow_the_numbers(full_summary: Summary) -> None:
    assert sentences(full_summary) == [
        "Over 9 sensitivity analyses the pooled effect lies between \u22124.0 and \u22123.1 percent of maximum "
        "possible.",
        "The 95% interval includes zero in 1 of them. The headline's excludes zero.",
        "The claim as stated is \u2018cannot tell\u2019; under 1 of 2 sensitivity analyses of its model it has the "
        "same word. The probability that the effect does not rise over the late stretch lies between 0.57 and 0.94.",
        "The sampler did not manage 1 refit, told by \u2018not met\u2019 in the last column: do not use their numbers.",
    ]


def test_all_or_none_that_include_zero_are_said_so(full_summary: Summary) -> None:
    rows = [row for row in full_summary["sensitivity"] if row.get("quantity") == "pooled_effect"][:3]
    full_summary["sensitivity"] = rows
    assert "The 95% interval of each excludes zero." in sentences(full_summary)[1]
    for row in rows:
        row["q97.5"] = 0.5
    assert "The 95% interval of each includes zero." in sentences(full_summary)[1]
    full_summary["sensitivity"] = rows[:1]
    assert sentences(full_summary)[0].startswith("In the one sensitivity analysis")


def test_each_quantity_has_a_table_of_its_own_and_other_units_are_named(full_summary: Summary) -> None:
    tables = [block for block in section(full_summary).blocks if isinstance(block, Table)]
    assert [table.caption for table in tables] == [
        "Pooled effect, percent of maximum possible.",
        "Effect at the reference of the curves, percent of maximum possible.",
        "Pooled effect on another metric, each in its own unit.",
        "Interaction with antidepressant baseline within trials, percent of maximum possible.",
    ]
    assert "(SD)" in str(tables[2].rows[0][0])


def test_a_sampler_that_failed_is_named_in_its_row(full_summary: Summary) -> None:
    table = next(block for block in section(full_summary).blocks if isinstance(block, Table))
    assert Markup(table.rows[-1][-1]).striptags() == "not met: 1 divergence, R-hat 1.013"
    assert Markup(table.rows[0][-1]).striptags() == "0 divergences, R-hat 1.002"


def test_what_the_data_refused_is_listed(full_summary: Summary) -> None:
    bullets = next(block for block in section(full_summary).blocks if isinstance(block, Bullets))
    assert [Markup(item).striptags() for item in bullets.items] == ["metric raw: 2 instruments, raw takes one."]


def test_the_word_of_the_claim_stands_with_its_probability(full_summary: Summary) -> None:
    tables = [block for block in section(full_summary).blocks if isinstance(block, Table)]
    place = list(tables[1].head).index("Claim")
    assert [Markup(row[place]).striptags() for row in tables[1].rows] == ["supported, P 0.94", "cannot tell, P 0.57"]
    for row in full_summary["sensitivity"]:
        row.pop("claim_probability", None)
        if "claim" in row:
            row["claim"] = "cannot_answer"
    tables = [block for block in section(full_summary).blocks if isinstance(block, Table)]
    assert [row[place] for row in tables[1].rows] == ["cannot answer", "cannot answer"]
    assert not any("claim" in sentence for sentence in sentences(full_summary))
