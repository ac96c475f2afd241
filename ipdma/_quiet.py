"""Importing without announcements a user cannot act on."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_import() -> Iterator[None]:
    """Leave out ArviZ's announcement of its next generation.

    The older generation, which Python 3.11 gets, warns of it at its first import of a day, from whichever library
    imports it first (PyMC, nutpie).
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\s*ArviZ is undergoing", category=FutureWarning)
        yield
