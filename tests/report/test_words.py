"""Words for names."""

import pytest

from ipdma.report.words import column_words, counted, favors, listed, sentence_case, spaced, step_words, variable_words


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


@pytest.mark.parametrize(
    ("column", "words"), [("timing_min", "timing (min)"), ("age_years", "age (years)"), ("sex", "sex")]
)
def test_a_column_says_the_unit_of_its_ending(column: str, words: str) -> None:
    assert column_words(column) == words


def test_a_count_has_its_noun_in_singular_or_plural() -> None:
    assert [counted(n, "trial") for n in (0, 1, 2, 1049)] == ["0 trials", "1 trial", "2 trials", "1,049 trials"]


def test_the_step_of_a_modifier_reads_as_prose() -> None:
    assert [step_words(unit) for unit in ("10 years", "yes against no", "")] == ["per 10 years", "yes against no", ""]
