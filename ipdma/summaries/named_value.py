"""A value of a dosing variable in a summary: a number, and beside it the name of the category it stands for."""

from typing import Any

from ipdma.design.design import Design


def named_value(design: Design, variable: str, key: str, x: Any) -> dict[str, Any]:
    """Return ``{key: x}``; where the variable holds categories also ``key_label``, as x is only the place of one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> numbers = SimpleNamespace(levels={})
    >>> named_value(numbers, "number_of_doses", "reference", 5)
    {'reference': 5.0}
    """
    named = {f"{key}_label": design.level_name(variable, float(x))} if variable in design.levels else {}
    return {key: float(x), **named}
