"""One line of a recipe for many."""

import pytest

from ipdma.schemas.each import read_each, repeated, spread
from ipdma.schemas.recipe_node import Problems, RecipeNode


def test_what_holds_the_counter_is_repeated_and_the_rest_stands_once() -> None:
    assert spread({"pre": "0", "week_{n}": "{n:02d}"}, ("n", range(1, 4))) == [
        ("pre", "0"),
        ("week_1", "01"),
        ("week_2", "02"),
        ("week_3", "03"),
    ]


def test_a_row_without_the_counter_stands_once_and_other_gaps_stay() -> None:
    assert list(repeated({"visit": "pre"}, ("n", range(1, 9)))) == [{"visit": "pre"}]
    assert list(repeated({"visit": "w{n}", "raw": "{visit}"}, ("n", range(2, 3)))) == [
        {"visit": "w2", "raw": "{visit}"}
    ]
    assert list(repeated({"visit": "w{n}"}, None)) == [{"visit": "w{n}"}]


@pytest.mark.parametrize("given", [[1, 2], {"n": 3}, {"n": [2, 1]}, {"n": [1, 2], "m": [1, 2]}, {"n": [0, 2000]}, {}])
def test_a_counter_needs_its_first_and_last_value(given: object) -> None:
    problems: Problems = []
    assert read_each(RecipeNode({"each": given}, "long", problems)) is None
    assert [message for _, message in problems] == [
        "long: 'each' needs one counter with its first and last value, like {n: [1, 12]}"
    ]
