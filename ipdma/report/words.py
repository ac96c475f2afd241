"""Words for the names that stand in a summary: variables, metrics, curves."""

INTERVAL = "95%\N{NO-BREAK SPACE}interval"  # the head of its column, never broken
METRICS = {
    "pomp": "percent of maximum possible",
    "raw": "raw score",
    "baseline_sd": "mean difference standardized by the pooled baseline SD",
    "rank": "rank within trial and visit, 0 to 100",
}
_UNIT_ENDINGS = {"min": "_min", "mg": "_mg", "a": "_years"}
_UNIT_WORDS = {"a": "years"}
_FALLING = {"higher_is_worse": "below 0 favors treatment", "higher_is_better": "above 0 favors treatment"}


def spaced(name: object) -> str:
    """Return a name in words: ``number_of_doses`` reads ``number of doses``."""
    return " ".join(str(name).replace("_", " ").split())


def variable_words(variable: str, unit: str = "") -> str:
    """Return a variable with its unit, said once.

    Examples
    --------
    >>> variable_words("timing_min", "min"), variable_words("number_of_doses")
    ('timing (min)', 'number of doses')
    """
    if unit in ("", "1"):
        return spaced(variable)
    return f"{spaced(variable.removesuffix(_UNIT_ENDINGS.get(unit, '')))} ({unit})"


def column_words(column: str) -> str:
    """Return the name of a column of the common schema with the unit that its ending says.

    Examples
    --------
    >>> column_words("timing_min"), column_words("age_years"), column_words("sex")
    ('timing (min)', 'age (years)', 'sex')
    """
    for unit, ending in _UNIT_ENDINGS.items():
        if column.endswith(ending):
            return f"{spaced(column.removesuffix(ending))} ({_UNIT_WORDS.get(unit, unit)})"
    return spaced(column)


def step_words(unit: str) -> str:
    """Return for which step of a modifier its interaction is told.

    Examples
    --------
    >>> step_words("10 years"), step_words("yes against no")
    ('per 10 years', 'yes against no')
    """
    return f"per {unit}" if unit[:1].isdigit() else unit


def modifier_words(modifier: str, unit: str = "") -> tuple[str, str]:
    """Return a modifier in words and the step for which its interaction is told.

    Of one category among several the step names both that are compared.

    Examples
    --------
    >>> modifier_words("age_years", "10 years"), modifier_words("baseline_severity")
    (('Age', 'per 10 years'), ('Baseline severity', ''))
    >>> modifier_words("stage[severe]", "severe against mild")
    ('Stage, severe against mild', '')
    """
    name, _, level = modifier.partition("[")
    words = spaced(name.removesuffix("_years") if unit.endswith("years") else name)
    if level:
        return sentence_case(f"{words}, {unit}" if unit else f"{words}, {level.removesuffix(']')}"), ""
    return sentence_case(words), step_words(unit) if unit else ""


def sentence_case(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def favors(direction: str) -> str:
    """Return which sign is in favor of the treatment."""
    return _FALLING[direction]


def listed(words: list[str]) -> str:
    """Return ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in singular or plural.

    Examples
    --------
    >>> counted(1, "trial"), counted(1049, "participant")
    ('1 trial', '1,049 participants')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
