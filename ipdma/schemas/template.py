"""Column names with a gap: ``item{i:02d}_{visit}``."""

import re
from collections.abc import Mapping

_GAP = re.compile(r"\{(\w+)(?::0(\d)d)?\}")


def template_names(template: str) -> tuple[str, ...]:
    """Return the names in the gaps of a template.

    Examples
    --------
    >>> template_names("item{i:02d}_{visit}")
    ('i', 'visit')
    """
    return tuple(dict.fromkeys(match.group(1) for match in _GAP.finditer(template)))


def has_stray_brace(template: str) -> bool:
    """Return whether a brace is left that belongs to no gap (``{i:2f}``, ``{visit``)."""
    rest = _GAP.sub("", template)
    return "{" in rest or "}" in rest


def fill_template(template: str, values: Mapping[str, object]) -> str:
    """Return the template with its gaps filled; only plain replacement and zero padding, never ``str.format``.

    Examples
    --------
    >>> fill_template("item{i:02d}_{visit}", {"i": 3, "visit": "pre"})
    'item03_pre'
    """

    def filled(match: re.Match[str]) -> str:
        name, width = match.groups()
        if name not in values:
            return match.group(0)
        return str(values[name]).zfill(int(width or 0))

    return _GAP.sub(filled, template)
