"""One spelling for a code, whatever type a file gave it."""

import re
from datetime import date

_PLAIN_NUMBER = re.compile(r"(-?)(0|[1-9]\d*)(?:\.(\d+))?\Z")


def code_text(value: object) -> str:
    """Return a code as text, so that 1, 1.0, "1" and "1.0" are one code and "01" is another.

    A leading zero is kept because it is part of many identifiers; blanks around a text are not.

    Examples
    --------
    >>> code_text(1), code_text(1.0), code_text("1"), code_text("01"), code_text(2.5)
    ('1', '1', '1', '01', '2.5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    match = _PLAIN_NUMBER.match(text)
    if match is None:
        return text
    sign, whole, decimals = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    number = f"{whole}.{decimals}" if decimals else whole
    return number if number == "0" else sign + number
