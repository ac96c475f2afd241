"""One analysis file over another: what an extending file or a patch says, and what it takes over."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ipdma._yaml import line_of, read_yaml
from ipdma.analysis_file.node import Node

# Keys that hold settings by name: a layer changes those it names and keeps the others. Every other key is one answer
# (a list of modifiers, a set of curves) and is replaced as a whole.
BY_NAME = ("outcome", "contrast", "reference", "moves", "model", "priors", "intercurrent_events", "sampling")
# Priors of parameters in the unit of the outcome.
_IN_OUTCOME_UNITS = ("effect", "tau", "trial_intercept", "residual_sd")
_IN_OUTCOME_UNITS_TOO = ("curves.", "within.", "across.", "prognostic.")
# Of these an outcome has exactly one: naming one of them takes the place of the other.
_EITHER = ("construct", "instrument")


def over(own: Mapping[str, Node], base: Mapping[str, Node], problems: list[str]) -> dict[str, Node]:
    """Return the keys of a layer over those of the file below it.

    Keys of ``BY_NAME`` are joined setting by setting, others replaced; a key with nothing after it is taken out.
    """
    below = {key: node.as_inherited(problems) for key, node in base.items()}
    joined = {key: _joined(node, below[key]) if _by_name(key, node, below) else node for key, node in own.items()}
    found = {key: node for key, node in (below | joined).items() if node.value is not None}
    return _in_its_units(found) if _other_units(found) else found


def _by_name(key: str, node: Node, below: Mapping[str, Node]) -> bool:
    return key in BY_NAME and key in below and isinstance(node.value, Mapping)


def _joined(node: Node, below: Node) -> Node:
    named = [key for key in _EITHER if key in node.value]
    return replace(node, under=_lacking(below, _EITHER) if named else below)


def _lacking(node: Node, keys: Iterable[str]) -> Node:
    """Return the mapping without some keys; lines stay, for those of what is left are asked by key."""
    kept = node.value.copy()
    for key in keys:
        kept.pop(key, None)
    return replace(node, value=kept, under=_lacking(node.under, keys) if node.under else None)


def _other_units(nodes: Mapping[str, Node]) -> bool:
    """Whether the layer has the outcome in other units than the file below it."""
    outcome = nodes.get("outcome")
    if outcome is None or outcome.under is None:
        return False
    before, now = outcome.under.plain(), outcome.plain()
    metrics = [settings.get("metric", "pomp") for settings in (before, now)]
    points = [[settings.get(key) for key in (*_EITHER, "score", "unit")] for settings in (before, now)]
    return metrics[0] != metrics[1] or metrics[1] == "raw" and points[0] != points[1]


def _in_its_units(nodes: dict[str, Node]) -> dict[str, Node]:
    """Leave out a difference taken over in other units; note priors whose numbers are.

    A difference of 5 percent of the maximum score would read as one of 5 SDs, a prior as one sixteen times as wide.
    """
    priors = nodes["priors"].mapping().items() if "priors" in nodes and _is_mapping(nodes["priors"]) else ()
    for name, node in priors:
        has_unit = name in _IN_OUTCOME_UNITS or name.startswith(_IN_OUTCOME_UNITS_TOO)
        if node.inherited and has_unit and not _in_sd(node.plain()):
            node.note(
                f"{node.name} is in units of the outcome, which this layer has in others: state it there too, "
                "or write its numbers as multiples of the baseline SD ('0.5 sd')."
            )
    difference = nodes.get("minimal_important_difference")
    if difference is not None and difference.inherited:
        del nodes["minimal_important_difference"]
    return nodes


def _is_mapping(node: Node) -> bool:
    return isinstance(node.value, Mapping)


def _in_sd(prior: Any) -> bool:
    """Whether every number of a prior is zero or a multiple of the baseline SD."""
    if isinstance(prior, Mapping):  # the second number of a log-normal prior is the SD of a logarithm
        return all(_in_sd(value[:1] if kind == "log_normal" else value) for kind, value in prior.items())
    if isinstance(prior, list):
        return all(_in_sd(value) for value in prior)
    return isinstance(prior, str) or prior == 0


def read_layers(
    path: Path, known: Iterable[str], later: Mapping[str, str], problems: list[str], *, seen: tuple[str, ...] = ()
) -> tuple[dict[str, Node], str]:
    """Return the file's keys over those of the file it extends, and a hash of both.

    Raises
    ------
    YamlError
        If a file is absent or not YAML.
    AnalysisError
        If ``extends`` is not a name in the same folder, or leads back to a file that extends it.
    """
    data, names = read_yaml(path), tuple(known)
    root = Node(value=data, file=path.name, line=line_of(data) or 1, problems=problems)
    own = root.keys(names, later=later)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if "extends" not in own:
        return own, digest
    name = own["extends"].text()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise own["extends"].error("extends must be the name of a file in the same folder, without its ending.")
    if name in (*seen, path.stem):
        raise own["extends"].error(f"extends goes in a circle: {' -> '.join((*seen, path.stem, name))}.")
    below = path.parent / f"{name}.yaml"
    base, base_digest = read_layers(below, names, later, problems, seen=(*seen, path.stem))
    return over(own, base, problems), hashlib.sha256((base_digest + digest).encode()).hexdigest()
