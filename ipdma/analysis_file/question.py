"""The keys that say what is asked: outcome, contrast, population and what counts as the answer."""

from collections.abc import Mapping
from typing import Any

from ipdma.analysis_file.node import Node, take
from ipdma.errors import ExpressionError
from ipdma.harmonize.expression import parse_expression

_METRICS = ("pomp", "raw", "baseline_sd", "rank")
_DIRECTIONS = ("higher_is_worse", "higher_is_better")
_OUTCOME = ("construct", "instrument", "visit", "metric", "score", "rater", "prefer", "unit", "direction")
_OUTCOME_LATER = {
    "event": "a construct or an instrument with a number as its outcome",
    "measure": "metric, one of pomp, raw, baseline_sd, rank",
}


def read_question(nodes: Mapping[str, Node]) -> dict[str, Any]:
    """Return the fields of an Estimand that do not concern dosing; problems are noted."""
    fields: dict[str, Any] = {}
    fields |= take(nodes, "outcome", _outcome, fields)
    fields |= take(nodes, "contrast", _contrast, fields)
    fields["include"] = take(nodes, "include", _include, None)
    fields["missing_covariates"] = take(nodes, "missing_covariates", _missing_covariates, "error")
    fields["minimal_important_difference"] = take(nodes, "minimal_important_difference", _difference, None)
    fields["population"] = take(nodes, "population", lambda n: _only(n, "all_randomized"), "all_randomized")
    fields["intercurrent_events"] = take(nodes, "intercurrent_events", _intercurrent_events, {})
    take(nodes, "dosing", lambda node: node.choice(["planned"], later=["received"]), "planned")
    return fields


def _outcome(node: Node) -> dict[str, Any]:
    nodes = node.keys(_OUTCOME, later=_OUTCOME_LATER)
    named = [nodes[key] for key in ("construct", "instrument") if key in nodes]
    if len(named) != 1:
        raise node.error(
            "outcome needs either a construct or an instrument, for example {construct: symptom_severity}."
        )
    if "visit" not in nodes:
        raise node.error("outcome needs a visit, for example visit: post (a visit's code or a phase).")
    return {
        "outcome": named[0].attempt(Node.text, ""),
        "visit": nodes["visit"].attempt(_visit, ""),
        "metric": take(nodes, "metric", lambda n: n.choice(_METRICS), "pomp"),
        "score": take(nodes, "score", _text_or_none, None),
        "rater": take(nodes, "rater", _text_or_none, None),
        "prefer": take(nodes, "prefer", Node.texts, ()),
        "unit": take(nodes, "unit", _text_or_none, None),
        "direction": take(nodes, "direction", lambda n: n.choice(_DIRECTIONS), None),
    }


def _text_or_none(node: Node) -> str | None:
    return node.text()


def _visit(node: Node) -> str:
    if isinstance(node.value, Mapping):
        raise node.later("a window of days as visit", "a visit's code or a phase (baseline, mid, post, followup)")
    return node.text()


def _contrast(node: Node) -> dict[str, Any]:
    nodes = node.keys(("treatment", "control"))
    for key in ("treatment", "control"):
        if key not in nodes:
            raise node.error(f"contrast needs a {key}, a value of arms.treatment.")
    fields = {key: nodes[key].attempt(Node.text, "") for key in ("treatment", "control")}
    if fields["treatment"] and fields["treatment"] == fields["control"]:
        raise nodes["control"].error(f"treatment and control are both '{fields['control']}'.")
    return fields


def _include(node: Node) -> str | None:
    text = node.text()
    try:
        parse_expression(text)
    except ExpressionError as error:
        raise node.error(f"include: {error}") from None
    return text


def _missing_covariates(node: Node) -> str:
    return node.choice(["error", "complete_case"], later=["in_model"])


def _difference(node: Node) -> float | None:
    value = node.number(minimum=0.0)
    if value == 0:
        raise node.error("minimal_important_difference must be above zero, in outcome units.")
    return value


def _only(node: Node, accepted: str) -> str:
    if node.value != accepted:
        raise node.later(f"'{node.name}: {node.value}'", accepted)
    return accepted


def _intercurrent_events(node: Node) -> dict[str, str]:
    return {
        event: child.attempt(lambda n: _only(n, "treatment_policy"), "treatment_policy")
        for event, child in node.mapping().items()
    }
