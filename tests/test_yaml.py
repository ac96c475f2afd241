"""YAML with line numbers, and what is said of an unknown name."""

import pytest

from ipdma._yaml import did_you_mean, parse_yaml
from ipdma.errors import YamlError

LEVELS = [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 40)]
BOMB = "\n".join(["l0: &l0 lol", *LEVELS])  # nine to the power of 39 values, were its aliases followed


def test_an_unknown_name_is_told_the_nearest_or_all_known_ones() -> None:
    assert did_you_mean("placbo", ["placebo", "drug"]) == ", did you mean 'placebo'?"
    assert did_you_mean("x", ["placebo", "drug"]) == ". Known: placebo, drug."
    assert did_you_mean("x", []) == ". None is known."


def test_an_alias_is_refused_where_it_stands_before_anything_grows() -> None:
    with pytest.raises(YamlError, match=r"a\.yaml line 2: uses a YAML alias \(\*name\): write the value out\."):
        parse_yaml(BOMB, name="a.yaml")


def test_a_star_that_is_no_alias_is_text() -> None:
    assert parse_yaml("calc: age * 2\nquoted: '*all'\n", name="a.yaml") == {"calc": "age * 2", "quoted": "*all"}
