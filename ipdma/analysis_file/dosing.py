"""The keys on dosing: curves, their reference, moves and contrasts of profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, get_type_hints

from ipdma._yaml import did_you_mean
from ipdma.analysis_file.node import Node, take
from ipdma.curves.curve import Curve, MainCurve, ShiftCurve
from ipdma.curves.registry import MAIN_CURVES, SHIFT_CURVES
from ipdma.errors import IpdmaError, QuantityError
from ipdma.estimand import Profile, ProfileContrast, Value, as_value
from ipdma.schemas.quantity import Quantity

# Variables whose columns have a unit column of their own (arms.dose_unit): a bare number would be ambiguous there.
_UNIT_CHOICE = {"dose": "mg"}
# A main curve says that there is no effect at zero, which holds only for how much or how often was given.
_MAIN_VARIABLES = ("number_of_doses", "dose")


@dataclass(frozen=True, kw_only=True)
class Dosing:
    """The curves by variable, in the file's order, and what stands beside them."""

    mains: tuple[MainCurve, ...] = ()
    shifts: Mapping[str, tuple[ShiftCurve, ...]] = field(default_factory=dict)
    reference: Profile = field(default_factory=dict)
    moves: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    contrasts: tuple[ProfileContrast, ...] = ()


def read_dosing(nodes: Mapping[str, Node]) -> Dosing:
    """Return what the file says on dosing; problems are noted."""
    main = _main_variable(nodes)
    curves: dict[str, tuple[Curve, ...]] = take(nodes, "curves", lambda node: _curves(node, main), {})
    if main != "none" and main not in curves:
        nodes["main_dosing_variable"].note(
            f"main_dosing_variable is '{main}', but curves has none for it: add curves: {{{main}: linear}}."
        )
    shifts = {variable: listed for variable, listed in curves.items() if variable != main}
    reference: dict[str, Value] = take(nodes, "reference", lambda node: _profile(node, curves), {})
    moves: dict[str, tuple[Value, Value]] = take(nodes, "moves", lambda node: _moves(node, shifts), {})
    contrasts: tuple[ProfileContrast, ...] = take(nodes, "contrasts", lambda node: _contrasts(node, curves), ())
    return Dosing(
        mains=tuple(curve for curve in curves.get(main, ()) if isinstance(curve, MainCurve)),
        shifts={key: tuple(c for c in listed if isinstance(c, ShiftCurve)) for key, listed in shifts.items()},
        reference=reference,
        moves=moves,
        contrasts=contrasts,
    )


def _main_variable(nodes: Mapping[str, Node]) -> str:
    main = take(nodes, "main_dosing_variable", lambda node: node.choice((*_MAIN_VARIABLES, "none")), "none")
    # A layer with other curves takes its main variable along with them: what it did not say cannot contradict it.
    taken_over = main != "none" and nodes["main_dosing_variable"].inherited
    curves = nodes["curves"].value if "curves" in nodes else {}
    return "none" if taken_over and isinstance(curves, Mapping) and main not in curves else main


def _curves(node: Node, main: str) -> dict[str, tuple[Curve, ...]]:
    found = {}
    for variable, child in node.mapping().items():
        read_one = partial(_curve, variable=variable, is_main=variable == main)
        read: list[Curve | None] = [item.attempt(read_one, None) for item in child.items()]
        found[variable] = tuple(curve for curve in read if curve is not None)
    return found


def _curve(node: Node, variable: str, is_main: bool) -> Curve | None:
    settings: dict[str, Node] = {}
    if isinstance(node.value, Mapping):
        named = node.mapping()
        if "formula" in named:
            raise node.later("curves by formula", ", ".join(MAIN_CURVES | SHIFT_CURVES))
        if len(named) != 1:
            raise node.error(f"a curve is one name with its settings, for example {{hinge: {{at: 60}}}}: {variable}.")
        name, inner = next(iter(named.items()))
        kind = _kind(inner, name, variable, is_main)
        settings = inner.keys(f.name for f in fields(kind) if f.name != "variable")
    else:
        name = node.text()
        kind = _kind(node, name, variable, is_main)
    values = {key: _setting(child, kind, key) for key, child in settings.items()}
    try:
        return kind(variable, **values)
    except IpdmaError as error:
        raise node.error(f"the {name} curve of {variable}: {error}") from None


def _setting(node: Node, kind: type[Curve], key: str) -> Any:
    """Return a setting of a curve: a number where the curve asks for one, else a text, a number or a list of these."""
    if get_type_hints(kind)[key] in (float, float | None):
        return node.number()
    if isinstance(node.value, list):
        return tuple(_text_or_number(item) for item in node.items())
    return _text_or_number(node)


def _text_or_number(node: Node) -> str | float:
    return node.text() if isinstance(node.value, str) else node.number()


def _kind(node: Node, name: str, variable: str, is_main: bool) -> type[Curve]:
    mine, others = (MAIN_CURVES, SHIFT_CURVES) if is_main else (SHIFT_CURVES, MAIN_CURVES)
    if name in mine:
        return mine[name]
    if name in others:
        way_out = "; else take it out of main_dosing_variable" if is_main else ""
        if not is_main and variable in _MAIN_VARIABLES:
            way_out = f"; else say main_dosing_variable: {variable}"
        role, other = ("main", "shift") if is_main else ("shift", "main")
        raise node.error(
            f"'{name}' is a {other} curve, but {variable} needs a {role} curve ({', '.join(mine)}){way_out}."
        )
    raise node.error(f"curve '{name}' of {variable} is unknown{did_you_mean(name, mine)}")


def _profile(node: Node, curves: Mapping[str, Sequence[Curve]]) -> dict[str, Value]:
    """Read a profile; variables without a curve are noted as unused."""
    profile = {}
    for variable, child in node.mapping().items():
        if variable not in curves:
            _unused(child, f"{variable} has no curve")
            continue
        value: Value | None = child.attempt(partial(_value, variable=variable, curves=curves[variable]), None)
        if value is not None:
            profile[variable] = value
    return profile


def _unused(node: Node, why: str) -> None:
    """Note what stands there for nothing; a layer whose curves are fewer takes such values over without a word."""
    if not node.inherited:
        node.note(f"{node.name} is unused: {why}. Leave it out, or add a curve for it.")


def _value(node: Node, variable: str, curves: Sequence[Curve]) -> Value:
    """Return a value of a variable; of a categorical curve it may be the name of a category."""
    if isinstance(node.value, str) and any(curve.levels_only for curve in curves):
        value = as_value(node.text())
        return value if isinstance(value, str) else with_unit(node, variable)
    return with_unit(node, variable)


def with_unit(node: Node, variable: str) -> Quantity:
    """Return a value of a dosing variable with its unit.

    Raises
    ------
    AnalysisError
        If it is no number, or has no unit where the variable has a choice of units.
    """
    quantity = node.quantity()
    if not quantity.unit and variable in _UNIT_CHOICE:
        raise node.error(
            f"{node.name} needs a unit, because {variable} has a choice of units: write it like "
            f"'{quantity.value:g} {_UNIT_CHOICE[variable]}'."
        )
    return quantity


def _moves(node: Node, shifts: Mapping[str, Sequence[Curve]]) -> dict[str, tuple[Value, Value]]:
    moves = {}
    for variable, child in node.mapping().items():
        if variable not in shifts:
            _unused(child, f"{variable} has no shift curve")
            continue
        read = partial(_move, variable=variable, curves=shifts[variable])
        move: tuple[Value, Value] | None = child.attempt(read, None)
        if move is not None:
            moves[variable] = move
    return moves


def _move(node: Node, variable: str, curves: Sequence[Curve]) -> tuple[Value, Value]:
    ends = [_value(item, variable, curves) for item in node.items()]
    if len(ends) != 2 or isinstance(ends[0], str) != isinstance(ends[1], str):
        raise node.error(f"{node.name} must be two values, from and to, for example [50 mg, 250 mg].")
    start, end = ends
    try:
        same = _same(start, end)
    except QuantityError as error:
        raise node.error(f"{node.name}: {error}") from None
    if same:
        raise node.error(f"{node.name} goes from a value to the same value; its effect is zero whatever the data.")
    return start, end


def _same(start: Value, end: Value) -> bool:
    """Whether two values are one; a number without a unit is in that of its column, which only the tables tell."""
    if isinstance(start, str) or isinstance(end, str):
        return start == end
    if bool(start.unit) != bool(end.unit):
        return False
    return start.to(end.unit) == end.value


def _contrasts(node: Node, curves: Mapping[str, Sequence[Curve]]) -> tuple[ProfileContrast, ...]:
    if not isinstance(node.value, list):
        raise node.error("contrasts must be a list of {name: ..., a: {...}, b: {...}}.")
    read: list[ProfileContrast | None] = [
        item.attempt(partial(_contrast, curves=curves), None) for item in node.items()
    ]
    found = [contrast for contrast in read if contrast is not None]
    names = [contrast.name for contrast in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        node.note(f"two contrasts are named '{name}'.")
    return tuple(found)


def _contrast(node: Node, curves: Mapping[str, Sequence[Curve]]) -> ProfileContrast | None:
    nodes = node.keys(("name", "a", "b"))
    for key in ("name", "a", "b"):
        if key not in nodes:
            raise node.error(f"a contrast needs {key}: write {{name: ..., a: {{...}}, b: {{...}}}}.")
    named = [variable for side in ("a", "b") for variable in nodes[side].mapping()]
    if node.inherited and not set(named) <= set(curves):
        return None
    return ProfileContrast(name=nodes["name"].text(), a=_profile(nodes["a"], curves), b=_profile(nodes["b"], curves))


def curve_sets(dosing: Dosing) -> list[tuple[MainCurve | None, tuple[ShiftCurve, ...]]]:
    """Return the curves of each model beside the headline.

    One model for each main curve with the first curve of every shift variable; then one for each further curve of a
    shift variable, in place of its first, with the first main curve.
    """
    first = {variable: listed[0] for variable, listed in dosing.shifts.items() if listed}
    if not dosing.mains and not first:
        return []
    mains: tuple[MainCurve | None, ...] = dosing.mains or (None,)
    sets = [(main, tuple(first.values())) for main in mains]
    for variable, listed in dosing.shifts.items():
        sets += [(mains[0], tuple((first | {variable: curve}).values())) for curve in listed[1:]]
    return sets
