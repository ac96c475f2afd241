"""References follow the methods used."""

import re
from typing import Any

from ipdma.report.cite import REFERENCES, package_citation, references

Summary = dict[str, Any]


def keys(summary: Summary, **settings: Any) -> set[str]:
    return {item.key for item in references(summary, settings=settings)}


def test_a_method_is_cited_only_where_it_was_used(full_summary: Summary) -> None:
    assert {"cohen1999", "hua2017", "roever2015", "vehtari2021", "burke2017"} <= keys(full_summary)
    for part, source in (
        ("interactions", "hua2017"), ("two_stage", "roever2015"), ("bayes_two_stage", "roever2020"),
    ):  # fmt: skip
        assert source not in keys({key: value for key, value in full_summary.items() if key != part}), part
    assert "cohen1999" not in keys(full_summary | {"metric": "raw"})
    assert "vehtari2021" not in keys(full_summary | {"diagnostics": []})


def test_given_estimates_do_not_cite_what_was_done_with_participants(full_summary: Summary) -> None:
    given = {key: value for key, value in full_summary.items() if key not in ("pooled_effect", "interactions", "tau")}
    assert "vickers2001" not in keys(given | {"flow": []}, two_stage={"adjustment": "ancova"})
    assert "vickers2001" in keys(given, two_stage={"adjustment": "ancova"})
    assert "vickers2001" not in keys(given, two_stage={"adjustment": "final"})


def test_every_reference_is_complete() -> None:
    for key, item in REFERENCES.items():
        assert item.key == key
        assert item.short and item.why and item.text.endswith(".")
        assert re.search(r"(19|20)\d\d", item.short)
        assert not item.doi or re.fullmatch(r"10\.\d{4,}/\S+", item.doi)
        assert item.url in ("", f"https://doi.org/{item.doi}")


def test_the_package_is_cited_with_its_version() -> None:
    assert package_citation("1.2.3").startswith("The ipdma developers. ipdma: ")
    assert package_citation("1.2.3").endswith("version 1.2.3.")
