"""Design files: one trial each, every field with its source, read into a TrialDesign."""

from pathlib import Path
from typing import Any, cast, get_args

from ipdma._yaml import plain
from ipdma.analysis_file.node import Node, take
from ipdma.errors import SimulationError
from ipdma.simulate.design import (
    ArmDesign,
    ColumnLayout,
    FileLayout,
    Format,
    PeopleDesign,
    Phase,
    TrialDesign,
    VisitDesign,
)
from ipdma.simulate.sourced import codes_of, need, read_nodes, sourced

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
        files=tuple(_file(node) for node in nodes["files"].items()),
        sources=sources,
    )


def _arm(node: Node, sources: dict[str, str]) -> ArmDesign:
    nodes = need(node, ["arm", "treatment", "n"], optional=["dose", "number_of_doses", "timing_min"])
    dosing: dict[str, Any] = {
        name: sourced(nodes[name], sources).number() for name in ("number_of_doses", "timing_min") if name in nodes
    }
    if "dose" in nodes:
        dose = sourced(nodes["dose"], sources).quantity()
        dosing |= {"dose": dose.value, "dose_unit": dose.unit}
    if dosing and len(dosing) < 4:
        raise node.error(f"{node.name} needs dose, number_of_doses and timing_min, or none of them (a control arm).")
    return ArmDesign(
        arm=nodes["arm"].text(),
        treatment=nodes["treatment"].text(),
        n=int(sourced(nodes["n"], sources).number(minimum=1, whole=True)),
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


def _people(node: Node, sources: dict[str, str]) -> PeopleDesign:
    names = ("age_mean", "age_sd", "age_minimum", "age_maximum", "female_share")
    nodes = need(node, ["id", *names], optional=["yes_shares"])
    shares = nodes["yes_shares"].mapping() if "yes_shares" in nodes else {}
    return PeopleDesign(
        id=nodes["id"].text(),
        yes_shares={key: sourced(child, sources).number(minimum=0) for key, child in shares.items()},
        **{name: sourced(nodes[name], sources).number() for name in names},
    )


def _file(node: Node) -> FileLayout:
    optional = ["visits", "not_answered", "sheet", "title_rows", "filled"]
    nodes = need(node, ["file", "format", "rows", "columns"], optional=optional)
    return FileLayout(
        file=nodes["file"].text(),
        format=cast(Format, nodes["format"].choice(get_args(Format))),
        rows=cast(Any, nodes["rows"].choice(["participant", "visit"])),
        columns=tuple(_column(child) for child in nodes["columns"].items()),
        visits=take(nodes, "visits", codes_of, {}),
        not_answered=take(nodes, "not_answered", lambda n: int(n.number(whole=True)), None),
        sheet=take(nodes, "sheet", Node.text, ""),
        title_rows=take(nodes, "title_rows", Node.texts, ()),
    )


def _column(node: Node) -> ColumnLayout:
    nodes = need(node, ["name", "holds"], optional=["set", "codes", "labels", "label", "text"])
    return ColumnLayout(
        name=nodes["name"].text(),
        holds=nodes["holds"].text(),
        set=take(nodes, "set", Node.text, ""),
        codes=plain(take(nodes, "codes", codes_of, {})),
        labels=plain(take(nodes, "labels", codes_of, {})),
        label=take(nodes, "label", Node.text, ""),
        text=take(nodes, "text", Node.text, ""),
    )
