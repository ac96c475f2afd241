"""Words for names."""

import pytest

from ipdma.report.words import favors, listed, sentence_case, spaced, variable_words


@pytest.mark.parametrize(
    ("variable", "unit", "words"),
    [
        ("timing_min", "min", "timing (min)"),
        ("number_of_doses", "1", "number of doses"),
        ("dose", "mg", "dose (mg)"),
        ("dose_mg", "mg", "dose (mg)"),
        ("year", "", "year"),
    ],
)
def test_a_variable_says_its_unit_once(variable: str, unit: str, words: str) -> None:
    assert variable_words(variable, unit) == words


def test_lists_and_names_read_as_prose() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert spaced("symptom_severity ") == "symptom severity"
    assert sentence_case("mL per day") == "ML per day" and sentence_case("") == ""
    assert favors("higher_is_better") == "above 0 favors treatment"
