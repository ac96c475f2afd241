"""The consortium."""

from typing import Any

from markupsafe import Markup

from ipdma.report.blocks import Bullets, Paragraph, Table
from ipdma.report.page import Page
from ipdma.report.sections.trials import trials

Summary = dict[str, Any]


def blocks(summary: Summary, kind: type[Any]) -> list[Any]:
    section = trials(Page(summary=summary))
    assert section is not None
    return [block for block in section.blocks if isinstance(block, kind)]


def text(value: Any) -> str:
    return str(Markup(value).striptags())


def test_trials_are_counted_in_a_sentence_that_follows_the_numbers(full_summary: Summary) -> None:
    def sentence() -> str:
        return text(blocks(full_summary, Paragraph)[0].text)

    assert sentence() == "10 trials were identified, and 8 of them are analyzed."
    full_summary["consortium"] = full_summary["consortium"][:8]
    assert sentence() == "8 trials were identified, and all are analyzed."
    full_summary["consortium"] = full_summary["consortium"][:1]
    assert sentence() == "1 trial was identified, and it is analyzed."


def test_the_table_has_a_line_for_each_arm_and_says_once_what_they_share(full_summary: Summary) -> None:
    table = blocks(full_summary, Table)[0]
    heads = [text(cell).replace("\n", " ") for cell in table.head]
    first = dict(zip(heads, table.rows[0], strict=True))
    assert "<br>" in str(first["Dose"]) and text(first["Dose"]) == "50 mg500 mg"
    assert text(first["Doses"]) == "1"
    assert 'href="https://doi.org/10.1000/example.1"' in str(first["Trial"])
    assert text(first["Year"]) == "2004"  # no comma


def test_who_is_not_analyzed_is_listed_with_the_reason(full_summary: Summary) -> None:
    assert [text(item) for item in blocks(full_summary, Bullets)[0].items] == [
        "Simulated trial 9: excluded: 36 people of an open trial.",
        "Simulated trial 10: no individual data: no reply.",
    ]


def test_risk_of_bias_stands_only_where_it_was_stated_overall_last(full_summary: Summary) -> None:
    table = blocks(full_summary, Table)[1]
    assert table.head == ("Trial", "Randomization", "Overall")
    assert len(table.rows) == 7
    assert table.rows[0][1:] == ("+ low", "+ low")
    for row in full_summary["consortium"]:
        row.pop("rob", None)
    assert len(blocks(full_summary, Table)) == 1


def test_without_a_consortium_or_figures_there_is_no_section(full_summary: Summary) -> None:
    del full_summary["consortium"]
    assert trials(Page(summary=full_summary)) is None
