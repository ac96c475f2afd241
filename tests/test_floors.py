"""The structure of the package: floors, no import knots, one place for each outside library, short functions."""

import ast
import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ipdma"
# A module imports only from floors below its own, or from its own folder.
FLOORS: dict[str, float] = {
    "errors": -1,  # below the ground floor: everything may raise
    "_paths": 0,
    "_yaml": 0,
    "_front": 0,
    "_quiet": 0,
    "_screen": 0,
    "schemas": 1,
    "priors": 1,
    "estimand": 2,
    "curves": 2,
    "harmonize": 2,
    "design": 3,
    "models": 4,
    "analysis_file": 4.5,  # names estimands and models; an analysis is read from it
    "analysis": 5,
    "posterior": 5,
    "array_files": 0,
    "code_store": 5,  # machine code of compiled models, kept between processes
    "trace_store": 5,  # draws kept between runs, by their content
    "compiled_model": 5.5,  # compiled code of a model: from this process, from the code store, or compiled now
    "fit": 6,
    "refit": 6.5,  # a variant of a fit sampled again
    "summaries": 7,
    "sensitivity": 8,
    "simulate": 8,
    "plots": 9,
    "report": 10,
    "project": 11,  # a project folder: which files are read, which results written, all or nothing
    "cli": 12,
    "__main__": 13,
}

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> list[tuple[int, str]]:
    """Every import of the file, also those inside functions, as (line, dotted module)."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            is_module = [(ROOT / Path(*name.split("."))).with_suffix(".py").is_file() for name in names]
            found += [(node.lineno, name if m else str(node.module)) for name, m in zip(names, is_module, strict=True)]
    return found


def is_front_door(module: str) -> bool:
    return (ROOT / Path(*module.split(".")) / "__init__.py").is_file()


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_from_lower_floors_and_never_from_a_front_door(path: Path) -> None:
    here = dotted(path)
    if here == "ipdma":
        return  # the public names and nothing else
    assert room(here) in FLOORS, f"{here} stands on no floor: add its room to FLOORS"
    for line, target in imports(path):
        if not target.startswith("ipdma"):
            continue
        where = f"{path.name}:{line} imports {target}"
        assert not is_front_door(target), f"{where}: import from the module that defines the name"
        same_room = room(target) == room(here)
        assert same_room or FLOORS[room(target)] < FLOORS[room(here)], f"{where}: not from a lower floor"


def test_no_modules_import_each_other() -> None:
    graph = {dotted(p): {t for _, t in imports(p) if t.startswith("ipdma.")} for p in MODULES if dotted(p) != "ipdma"}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module in done:
            return
        for target in graph.get(module, ()):
            visit(target, (*path, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("arviz", {"posterior"}),
        ("nutpie", {"fit", "compiled_model"}),
        ("matplotlib", {"plots", "report"}),
        ("pyreadstat", {"harmonize", "simulate"}),
        ("openpyxl", {"harmonize", "simulate"}),
        ("ruamel", {"_yaml"}),
        ("jinja2", {"report"}),
    ],
)
def test_an_outside_library_is_touched_in_one_place(library: str, rooms: set[str]) -> None:
    for path in MODULES:
        for line, target in imports(path):
            if target.split(".")[0] == library:
                assert room(dotted(path)) in rooms, f"{path}:{line}"


def code_lines(node: ast.AST) -> int:
    body = node.body  # type: ignore[attr-defined]
    if ast.get_docstring(node) and len(body) > 1:  # type: ignore[arg-type]
        body = body[1:]
    return int(node.end_lineno) - int(body[0].lineno) + 1  # type: ignore[attr-defined]


def test_functions_are_short_and_files_are_not_long() -> None:
    lengths = {}
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 450, f"{path} has more than 450 lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths[f"{dotted(path)}.{node.name}:{node.lineno}"] = code_lines(node)
    assert not {name: n for name, n in lengths.items() if n > 60}
    if len(lengths) > 1:
        assert statistics.quantiles(lengths.values(), n=10)[-1] < 30


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_nothing_is_caught_wholesale_evaluated_or_unpickled(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for pattern in (r"except (Exception|BaseException)\b", r"except:\s*$", r"(?<![\w.])(eval|exec)\(", r"\bpickle\b"):
        assert not re.search(pattern, source, flags=re.MULTILINE), f"{path}: {pattern}"
