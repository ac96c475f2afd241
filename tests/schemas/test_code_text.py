import datetime

import pytest

from ipdma.schemas.code_text import code_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        ("1", "1"),
        ("1.0", "1"),
        (" 1 ", "1"),
        ("01", "01"),
        ("-0", "0"),
        (-1.50, "-1.5"),
        ("-1.50", "-1.5"),
        ("1.", "1."),
        (True, "true"),
        ("a b", "a b"),
        (datetime.date(2012, 4, 3), "2012-04-03"),
        (1e22, "10000000000000000000000"),
    ],
)
def test_a_code_has_one_spelling(value: object, text: str) -> None:
    assert code_text(value) == text
