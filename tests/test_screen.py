"""Text that fits one screen."""

from ipdma._screen import COLUMNS, LINES, cut, screen


def test_what_fits_stays_as_it_is() -> None:
    assert screen(["a", "b"], last=["c"]) == "a\nb\nc"


def test_more_than_a_screen_says_how_much_more_and_keeps_the_end() -> None:
    lines = screen([f"{i} {'x' * 200}" for i in range(60)], last=["end"], of="trials").splitlines()
    assert len(lines) == LINES
    assert max(map(len, lines)) == COLUMNS
    assert lines[-2:] == ["... 38 more trials", "end"]


def test_a_long_text_ends_in_three_dots() -> None:
    assert cut("x" * 101) == "x" * 97 + "..."
    assert cut("x" * 100) == "x" * 100
