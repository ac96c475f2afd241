"""Numbers and clock times out of text, strictly: what is not one is reported, never guessed."""

import re

import numpy as np
import pandas as pd

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?\Z")


def numbers_from_text(text: np.ndarray, missing: np.ndarray, *, decimal: str = ".") -> tuple[np.ndarray, np.ndarray]:
    """Return float64 numbers (NaN where there is none) and a mask of the texts that are not a number.

    Parameters
    ----------
    text
        Object array of ``str``; entries under ``missing`` are ignored.
    decimal
        The decimal sign; a text with the other sign, or with a thousands separator, is not a number.
    """
    prepared = np.where(missing, "", text)
    if decimal != ".":
        # "1.5" must not pass as one and a half where the file's sign is the comma: it may be 15 or a date.
        prepared = np.array(["x" if "." in cell else cell.replace(decimal, ".") for cell in prepared], dtype=object)
    values = np.asarray(pd.to_numeric(prepared, errors="coerce"), dtype=np.float64)
    bad = ~missing & ~np.isfinite(values)
    return np.where(missing | bad, np.nan, values), bad


def minutes_from_text(text: np.ndarray, missing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return minutes since midnight of clock times (``8:30``, ``08:30:15``) and a mask of texts that are none."""
    codes, clocks = pd.factorize(pd.Series(text, dtype=object).where(~missing, ""))
    minutes = np.array([_minutes(str(clock)) for clock in clocks], dtype=np.float64)
    values = minutes[codes]
    bad = ~missing & np.isnan(values)
    return np.where(missing, np.nan, values), bad


def _minutes(clock: str) -> float:
    match = _CLOCK.match(clock.strip())
    if match is None or int(match[1]) > 23:
        return float("nan")
    return 60.0 * int(match[1]) + int(match[2]) + int(match[3] or 0) / 60.0
