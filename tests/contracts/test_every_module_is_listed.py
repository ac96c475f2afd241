"""A folder that people add to offers each of its modules: one file and one name in its list."""

import ast
import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

import ipdma

PACKAGE = Path(ipdma.__file__).parent
# Modules of a folder that hold no entry of their own: what a curve is, how a forest's rows are laid out.
PARTS = {
    "curves": {"curve"},
    "plots": {"family_rows", "forest_columns", "forest_rows", "numbers", "rug", "style"},
    "priors": set(),
    "sensitivity": set(),
}


def modules(folder: str) -> set[str]:
    return {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__"}


def listed(folder: str) -> dict[str, str]:
    """The names a folder's ``__init__`` offers and the modules that define them."""
    return dict(importlib.import_module(f"ipdma.{folder}")._names)


@pytest.mark.parametrize("folder", PARTS)
def test_every_module_of_an_open_folder_is_listed(folder: str) -> None:
    offered = {module.rsplit(".", 1)[1] for module in listed(folder).values()}
    assert modules(folder) - PARTS[folder] == offered


@pytest.mark.parametrize("folder", ["", *PARTS])
def test_every_listed_name_is_defined_where_the_list_says(folder: str) -> None:
    front = importlib.import_module(f"ipdma.{folder}".rstrip("."))
    for name, module in dict(front._names).items():
        assert getattr(front, name) is getattr(importlib.import_module(module), name)
        assert name in dir(front)


def test_the_registry_of_sensitivity_analyses_holds_each_under_its_own_name() -> None:
    registered = ipdma.sensitivity.SENSITIVITY_ANALYSES
    offered = {getattr(ipdma.sensitivity, name) for name in listed("sensitivity") if not name.isupper()}
    kinds = {kind for kind in offered if isinstance(kind, type) and issubclass(kind, ipdma.sensitivity.Sensitivity)}
    assert kinds - set(registered.values()) == {ipdma.sensitivity.Sensitivity, ipdma.sensitivity.Patch}
    assert all(name == kind.name for name, kind in registered.items())


def test_a_function_keeps_its_name_after_the_module_of_that_name_was_imported() -> None:
    importlib.import_module("ipdma.fit")
    importlib.import_module("ipdma.harmonize.harmonize")
    assert all(isinstance(value, Callable) for value in (ipdma.fit, ipdma.harmonize))  # type: ignore[arg-type]


def test_the_registry_of_curves_holds_every_curve_under_its_own_name() -> None:
    curves = ipdma.curves
    registered = [*curves.MAIN_CURVES.items(), *curves.SHIFT_CURVES.items()]
    classes = {getattr(curves, name) for name in listed("curves") if not name.isupper()} - {curves.Levelling}
    assert {curve for _, curve in registered} == classes
    assert all(name == curve.name for name, curve in registered)


def test_the_public_surface_has_at_most_twenty_names() -> None:
    assert len({*ipdma.PUBLIC, *ipdma.FOLDERS}) <= 20


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=lambda p: p.parent.name)
def test_a_front_door_holds_a_docstring_and_at_most_a_list_of_names(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    for node in body[1:]:
        assert isinstance(node, ast.Assign | ast.ImportFrom | ast.Expr), f"{path}:{node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert node.module == "ipdma._front", f"{path}:{node.lineno} loads a module before it is used"
