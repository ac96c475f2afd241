"""A value that knows its line."""

import pytest

from ipdma._yaml import parse_yaml
from ipdma.analysis_file.node import Node, take
from ipdma.errors import AnalysisError
from ipdma.schemas.quantity import Quantity


def node(text: str) -> Node:
    return Node(value=parse_yaml(text, name="a.yaml"), file="a.yaml", line=1)


def test_a_child_has_the_line_of_its_key_also_within_lists_and_flow_mappings() -> None:
    top = node("a:\n  - x\n  - {b: 1,\n     c: 2}\n").mapping()
    second = top["a"].items()[1]
    assert (second.line, second.name) == (3, "a[2]")
    assert second.mapping()["c"].line == 4


def test_unknown_and_later_keys_are_noted_and_the_known_ones_returned() -> None:
    top = node("known: 1\nknwon: 2\nplanned: 3\n")
    assert set(top.keys(["known"], later={"planned": "known"})) == {"known"}
    assert top.problems == [
        "a.yaml line 2: unknown key 'knwon', did you mean 'known'?",
        "a.yaml line 3: this version of ipdma does not have 'planned' yet; accepted: known.",
    ]


@pytest.mark.parametrize("text", ["yes", "true", "'1'", ".inf", ".nan", "[1]", "1.5"])
def test_a_whole_number_is_nothing_else(text: str) -> None:
    with pytest.raises(AnalysisError, match="line 1: n must be a whole number of at least 0"):
        node(f"n: {text}").mapping()["n"].number(minimum=0, whole=True)


@pytest.mark.parametrize("text", ["true", ".inf", ".nan", "text"])
def test_a_number_is_finite_and_no_truth_value(text: str) -> None:
    with pytest.raises(AnalysisError, match="n must be a number"):
        node(f"n: {text}").mapping()["n"].number()


def test_a_quantity_may_have_a_unit() -> None:
    top = node("a: 50 mg\nb: 60\n").mapping()
    assert (top["a"].quantity(), top["b"].quantity()) == (Quantity(50.0, "mg"), Quantity(60.0))


def test_an_error_is_noted_and_the_default_taken() -> None:
    top = node("a: [x]\n")
    nodes = top.mapping()
    assert take(nodes, "a", Node.text, "default") == "default"
    assert take(nodes, "absent", Node.text, "default") == "default"
    assert top.problems == ["a.yaml line 1: a must be a text."]
