"""YAML with line numbers, and what is said of an unknown name."""

from ipdma._yaml import did_you_mean


def test_an_unknown_name_is_told_the_nearest_or_all_known_ones() -> None:
    assert did_you_mean("placbo", ["placebo", "drug"]) == ", did you mean 'placebo'?"
    assert did_you_mean("x", ["placebo", "drug"]) == ". Known: placebo, drug."
    assert did_you_mean("x", []) == ". None is known."
