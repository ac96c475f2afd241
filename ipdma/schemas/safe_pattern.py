"""Regular expressions of recipes: only such as finish soon on any text."""

import re

LONGEST_TEXT = 200  # characters of a cell that a pattern is tried on
_LONGEST_PATTERN = 200
_MOST_REPEATS = 6
_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<group>\(\?.|\()|(?P<close>\)[*+{]?)"
    r"|(?P<repeat>\*|\+|\{\d*,\d*\})|(?P<other>.)",
    re.DOTALL,
)


def pattern_problem(pattern: str) -> str:
    """Return why a pattern is refused, or nothing.

    A recipe may come from elsewhere, and a pattern can take longer than anyone waits: groups are not repeated, and
    there are few repeats. Nothing looks ahead, back or at an earlier group.

    Examples
    --------
    >>> pattern_problem(r"(\\d+)/\\d+"), pattern_problem("(a+)+")
    ('', 'a group may not be repeated')
    """
    if len(pattern) > _LONGEST_PATTERN:
        return f"a pattern may have {_LONGEST_PATTERN} characters"
    try:
        groups = re.compile(pattern).groups
    except (re.error, OverflowError, RecursionError):
        return "it is no regular expression"
    tokens = [(str(match.lastgroup), match.group(0)) for match in _TOKEN.finditer(pattern)]
    problem = next(filter(None, (_refused(kind, text) for kind, text in tokens)), "")
    if not problem and sum(kind == "repeat" for kind, _ in tokens) > _MOST_REPEATS:
        problem = f"it may repeat something {_MOST_REPEATS} times"
    return problem or ("" if groups == 1 else "it needs exactly one group ( ), which is what is kept")


def _refused(kind: str, text: str) -> str:
    """Return what is wrong with a part of a pattern, or nothing."""
    if kind == "escape" and text[1].isdigit():
        return "it may not refer back to a group"
    if kind == "group" and text not in ("(", "(?:"):
        return "of the forms with (? only (?:...) is allowed"
    return "a group may not be repeated" if kind == "close" and len(text) > 1 else ""
