"""The claim."""

from typing import Any

from markupsafe import Markup

from ipdma.report.blocks import Paragraph, Table
from ipdma.report.page import Page
from ipdma.report.sections.claim import claim

Summary = dict[str, Any]


def rows(summary: Summary) -> dict[str, str]:
    section = claim(Page(summary=summary))
    assert section is not None
    table = next(block for block in section.blocks if isinstance(block, Table))
    return {str(name): Markup(value).striptags() for name, value in table.rows}


def test_the_sentence_comes_first_and_the_caution_second(full_summary: Summary) -> None:
    section = claim(Page(summary=full_summary))
    assert section is not None
    sentence, caution, *_ = section.blocks
    assert isinstance(sentence, Paragraph) and isinstance(caution, Paragraph)
    assert (sentence.tone, caution.tone) == ("lead", "caution")
    assert full_summary["claim"]["sentence"] in str(sentence.text)
    assert "observational" in str(caution.text)


def test_a_warning_of_the_sampler_stands_below_only_for_the_model_that_carries_the_claim(full_summary: Summary) -> None:
    model = f"{full_summary['claim']['curve']} over {full_summary['claim']['variable']}"
    row = {"divergences": 0, "warnings": ["Few draws."]}
    for name, told in (("plain", 0), (f"{model}_other", 0), (model, 1), (f"{model}, hinge over timing_min", 1)):
        section = claim(Page(summary={**full_summary, "diagnostics": [{**row, "model": name}]}))
        assert section is not None
        texts = [Markup(block.text).striptags() for block in section.blocks if isinstance(block, Paragraph)]
        assert texts.count("The sampler of this model: Few draws.") == told


def test_the_numbers_behind_it_are_listed(full_summary: Summary) -> None:
    found = rows(full_summary)
    assert found["Statement"] == "Cannot tell"
    assert found["Effect at the reference, 95% interval"] == "\u22127.4 to \u22121.4: excludes zero"
    assert found["Not rising, after the data"] == "0.61 (Monte Carlo error 0.011)"
    assert found["With halved priors"] == "Cannot tell (0.59)"


def test_a_reason_stands_where_there_is_no_odds_ratio(full_summary: Summary) -> None:
    del full_summary["claim"]["odds_ratio"]
    full_summary["claim"]["odds_ratio_reason"] = "no draw is not rising"
    assert rows(full_summary)["Odds ratio, after against before"] == "no draw is not rising"


def test_without_a_claim_there_is_no_section(full_summary: Summary) -> None:
    del full_summary["claim"]
    assert claim(Page(summary=full_summary)) is None
