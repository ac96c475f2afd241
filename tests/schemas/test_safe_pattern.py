"""Which regular expressions a recipe may hold."""

import pytest

from ipdma.schemas.safe_pattern import pattern_problem


@pytest.mark.parametrize(
    "pattern", [r"(\d+)/\d+", r"\s*(\d+)\s*/\s*\d+\s*", "(?:about )?([0-9]+)[)*+]", r"\((\d)\)", "([^]]+)"]
)
def test_a_pattern_with_one_group_is_taken(pattern: str) -> None:
    assert pattern_problem(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"\d+", "exactly one group"),
        (r"(\d+)/(\d+)", "exactly one group"),
        ("(a+)+", "may not be repeated"),
        ("(?:a*)*(b)", "may not be repeated"),
        ("(a){2,}", "may not be repeated"),
        (r"(a)\1", "refer back"),
        ("(?=a)(b)", r"only \(\?:"),
        ("(?P<x>a)", r"only \(\?:"),
        ("(a", "no regular expression"),
        ("(.*.*.*.*.*.*.*)", "6 times"),
        ("(" + "a" * 300 + ")", "200 characters"),
    ],
)
def test_one_that_could_run_for_ever_or_keeps_nothing_is_refused(pattern: str, problem: str) -> None:
    import re

    assert re.search(problem, pattern_problem(pattern))
