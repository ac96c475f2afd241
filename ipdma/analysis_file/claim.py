"""The key on claims: what may be said in words."""

from collections.abc import Mapping
from functools import partial

from ipdma.analysis_file.dosing import Dosing, with_unit
from ipdma.analysis_file.node import Node
from ipdma.curves.levelling import Levelling
from ipdma.curves.registry import MAIN_CURVES
from ipdma.errors import AnalysisError, QuantityError

_EXAMPLE = "claims: {levelling: {early: [1, 9], late: [9, 12]}}"


def read_claim(nodes: Mapping[str, Node], dosing: Dosing) -> Levelling | None:
    """Return the landmarks between which the file asks whether the effect levels off; problems are noted.

    A layer that takes the claim over and has no main curve to carry it has no claim.
    """
    if "claims" not in nodes:
        return None
    node = nodes["claims"]
    if node.inherited and not (dosing.mains and dosing.mains[0].words != "none"):
        return None
    return node.attempt(partial(_claim, dosing=dosing), None)


def _claim(node: Node, dosing: Dosing) -> Levelling | None:
    if isinstance(node.value, list):
        raise node.error(f"at most one claim carries words, and it is not a list: write {_EXAMPLE}.")
    levelling = node.keys(("levelling",)).get("levelling")
    if levelling is None:
        if node.value:
            return None  # an unknown key, noted already
        raise node.error(f"claims names no claim: write {_EXAMPLE}.")
    _refuse_without_words(node, dosing)
    stretches = levelling.keys(("early", "late"))
    for key in ("early", "late"):
        if key not in stretches:
            raise levelling.error(f"a claim of levelling needs {key}, from and to: write {_EXAMPLE}.")
    early, late = (_stretch(stretches[key], dosing) for key in ("early", "late"))
    try:
        return Levelling(early=early, late=late)
    except AnalysisError as error:
        raise levelling.error(str(error)) from None


def _refuse_without_words(node: Node, dosing: Dosing) -> None:
    if not dosing.mains:
        raise node.error(
            "a claim of levelling needs a main curve: say main_dosing_variable: number_of_doses (or dose) and "
            "curves: {number_of_doses: [plateau]}, or leave claims out."
        )
    first = dosing.mains[0]
    if first.words == "none":
        able = [name for name, kind in MAIN_CURVES.items() if kind.words == "claim"]
        raise node.error(
            f"the first curve of {first.variable} carries the claim, but {first.name} carries no words: put one of "
            f"{', '.join(able)} first, or leave claims out."
        )


def _stretch(node: Node, dosing: Dosing) -> tuple[float, float]:
    variable = dosing.mains[0].variable
    ends = [with_unit(item, variable) for item in node.items()]
    if len(ends) != 2:
        raise node.error(f"{node.name} must be two values, from and to, for example [1, 9].")
    if not ends[0].unit and not ends[1].unit:
        return ends[0].value, ends[1].value
    stated = dosing.reference.get(variable)
    if stated is None or isinstance(stated, str):
        raise node.error(f"{node.name} has a unit: state `reference: {{{variable}: ...}}` too, whose unit is used.")
    try:
        return ends[0].to(stated.unit), ends[1].to(stated.unit)
    except QuantityError as error:
        raise node.error(f"{node.name}: {error}") from None
