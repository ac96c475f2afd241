"""The expected numbers of the published cases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def expected(reference_data: Path) -> Callable[[str], Any]:
    """A function that returns what ``checks.json`` expects of a case (``"P1"``)."""
    cases = json.loads((reference_data / "checks.json").read_text(encoding="utf-8"))
    by_id = {case["id"]: case["expect"] for case in cases}
    return lambda case: by_id[case]


@pytest.fixture(scope="session")
def reference(reference_data: Path) -> Callable[[str], Any]:
    """A function that returns the ``reference.json`` of a data folder."""
    return lambda folder: json.loads((reference_data / folder / "reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def close_to() -> Callable[..., None]:
    """A function that holds a sampled posterior against its reference, with the tolerance of ``checks.json``."""
    return _close_to


def _close_to(found: dict[str, float], wanted: dict[str, float], *, median_only: bool = False) -> None:
    """Mean within 0.10 posterior SD and SD within 6 %; of tau the median within 10 %."""
    if median_only:
        assert found["median"] == pytest.approx(wanted["median"], rel=0.10)
        return
    assert abs(found["mean"] - wanted["mean"]) < 0.10 * wanted["sd"]
    assert found["sd"] == pytest.approx(wanted["sd"], rel=0.06)
