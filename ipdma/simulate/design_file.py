"""Design files: one trial each, every field with its source, read into a TrialDesign."""

import datetime
from pathlib import Path
from typing import Any, cast, get_args

from ipdma.analysis_file.node import Node
from ipdma.errors import SimulationError
from ipdma.simulate.design import ArmDesign, MeasureDesign, PeopleDesign, Phase, TrialDesign, VisitDesign
from ipdma.simulate.layout_file import read_layout
from ipdma.simulate.sourced import need, read_nodes, sourced

_TOP = ("design", "trial", "like", "arms", "visits", "instrument", "participants", "files")


def read_designs(folder: Path) -> tuple[TrialDesign, ...]:
    """Return the trials whose designs lie in a folder, in the order of their file names.

    Raises
    ------
    SimulationError
        If the folder holds no design, or a file has an unknown or missing key or a field without a source.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise SimulationError(f"{folder.name} holds no design file (*.yaml). Nothing can be simulated without one.")
    return tuple(read_design(path) for path in paths)


def read_design(path: Path) -> TrialDesign:
    """Return the trial that a design file describes.

    Raises
    ------
    SimulationError
        As for :func:`read_designs`; with the line.
    """
    return read_nodes(path, _design)


def _design(top: Node) -> TrialDesign:
    nodes = need(top, _TOP, optional=["notes"])
    if nodes["design"].value != 1:
        raise nodes["design"].error("'design: 1' says which version of the format the file has.")
    sources: dict[str, str] = {}
    nodes["like"].text()  # what the trial is modeled on: for people, not used
    return TrialDesign(
        trial=nodes["trial"].text(),
        arms=tuple(_arm(node, sources) for node in nodes["arms"].items()),
        visits=tuple(_visit(node, sources) for node in nodes["visits"].items()),
        instrument=sourced(nodes["instrument"], sources).text(),
        people=_people(nodes["participants"], sources),
        files=tuple(read_layout(node) for node in nodes["files"].items()),
        sources=sources,
    )


def _arm(node: Node, sources: dict[str, str]) -> ArmDesign:
    nodes = need(node, ["arm", "treatment", "n"], optional=["dose", "number_of_doses", "timing_min", "between"])
    dosing: dict[str, Any] = {
        name: sourced(nodes[name], sources).number() for name in ("number_of_doses", "timing_min") if name in nodes
    }
    if "dose" in nodes:
        dose = sourced(nodes["dose"], sources).quantity()
        dosing |= {"dose": dose.value, "dose_unit": dose.unit}
    if dosing and len(dosing) < 4:
        raise node.error(f"{node.name} needs dose, number_of_doses and timing_min, or none of them (a control arm).")
    between = nodes["between"].mapping() if "between" in nodes else {}
    return ArmDesign(
        arm=nodes["arm"].text(),
        treatment=nodes["treatment"].text(),
        n=int(sourced(nodes["n"], sources).number(minimum=1, whole=True)),
        between={name: _range(sourced(child, sources)) for name, child in between.items()},
        **dosing,
    )


def _visit(node: Node, sources: dict[str, str]) -> VisitDesign:
    nodes = need(node, ["visit", "phase", "week"], optional=["doses_before"])
    before = sourced(nodes["doses_before"], sources).number(minimum=0) if "doses_before" in nodes else None
    return VisitDesign(
        visit=nodes["visit"].text(),
        phase=cast(Phase, nodes["phase"].choice(get_args(Phase))),
        week=sourced(nodes["week"], sources).number(minimum=0),
        doses_before=before,
    )


def _range(node: Node) -> tuple[float, float]:
    ends = [child.number() for child in node.items()]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise node.error(f"{node.name} must be two numbers, the smaller first.")
    return ends[0], ends[1]


def _people(node: Node, sources: dict[str, str]) -> PeopleDesign:
    names = ("age_mean", "age_sd", "age_minimum", "age_maximum", "female_share")
    nodes = need(node, ["id", *names], optional=["yes_shares", "measures", "randomized"])
    shares = nodes["yes_shares"].mapping() if "yes_shares" in nodes else {}
    measures = nodes["measures"].mapping() if "measures" in nodes else {}
    return PeopleDesign(
        id=nodes["id"].text(),
        yes_shares={key: sourced(child, sources).number(minimum=0) for key, child in shares.items()},
        measures={key: _measure(child, sources) for key, child in measures.items()},
        randomized=_days(sourced(nodes["randomized"], sources)) if "randomized" in nodes else None,
        **{name: sourced(nodes[name], sources).number() for name in names},
    )


def _measure(node: Node, sources: dict[str, str]) -> MeasureDesign:
    nodes = need(node, ["mean", "sd", "minimum", "maximum"])
    return MeasureDesign(**{name: sourced(child, sources).number() for name, child in nodes.items()})


def _days(node: Node) -> tuple[datetime.date, datetime.date]:
    try:
        first, last = (datetime.date.fromisoformat(child.text()) for child in node.items())
    except ValueError:
        raise node.error(f"{node.name} must be two days, like ['2010-01-15', '2011-06-30'].") from None
    return first, last
