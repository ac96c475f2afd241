"""Text that fits one screen."""

from collections.abc import Sequence

LINES, COLUMNS = 24, 100


def screen(lines: Sequence[str], *, last: Sequence[str] = (), of: str = "lines") -> str:
    """Return lines cut to one screen; ``last`` always stays, and how many lines were left out is said.

    Examples
    --------
    >>> screen(["a", "b"], last=["end"])
    'a\\nb\\nend'
    """
    room = LINES - len(last)
    shown = list(lines)
    if len(shown) > room:
        shown = [*shown[: room - 1], f"... {len(lines) - room + 1} more {of}"]
    return "\n".join(cut(line) for line in (*shown, *last))


def cut(text: str, width: int = COLUMNS) -> str:
    """Return a text of at most ``width`` characters, with three dots where it goes on.

    Examples
    --------
    >>> cut("number_of_doses", 9)
    'number...'
    """
    return text if len(text) <= width else f"{text[: width - 3]}..."
