"""Machine code of compiled models kept between processes: 0.3 MB a structure, read back in a tenth of a second.

Compiling takes ten to sixty seconds of processor time, most of it typing and lowering that no other cache keeps. What a
sampler calls are two C functions; numba keeps their object code in the form of its own file cache. The name of a file
holds everything the code depends on: structure, versions, this package's code, the processor. When it is read, every
symbol it calls must be known to this process, and its log density must be what it was, to the last bit; else it is
compiled anew.

The files are code and are trusted as numba's own cache is: they lie in the user's cache folder, never in a project.
"""

import ctypes
import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numba.core.registry import cpu_target
from numba.core.runtime import rtsys

from ipdma.array_files import ArrayFiles, code_hash

_PACKAGES = ("numpy", "numba", "llvmlite", "pymc", "pytensor", "nutpie")
_LIMIT = 100
_FUNCTIONS = ("logp", "expand")
_Double = ctypes.POINTER(ctypes.c_double)
_LOGP = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, _Double, _Double, _Double, ctypes.c_void_p)


@dataclass(frozen=True, kw_only=True, eq=False)
class Code:
    """A C function: its address, and what keeps its memory."""

    address: int
    library: Any


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredModel:
    """What a sampler needs of a compiled model: two C functions, each with an ``address``."""

    logp: Any
    expand: Any


@dataclass(frozen=True)
class CodeStore:
    """The folder of machine code."""

    folder: Path

    def read(self, key: str) -> StoredModel | None:
        """Return the compiled model of a key, or None where it is not kept or not usable here."""
        found = self._files.read(key)
        if found is None or not {"code", "vector", "point", "told", *_FUNCTIONS} <= set(found):
            return None
        code, codegen = json.loads(str(found["code"])), _codegen()
        if not all(llvm.address_of_symbol(name) for name in code["symbols"]):
            return None
        logp, expand = (
            _loaded(codegen, code["functions"][name], found[name].tobytes(), found[f"{name}_bitcode"].tobytes())
            for name in _FUNCTIONS
        )
        told = evaluate(logp.address, found["point"], found["vector"])
        if not np.array_equal(told, found["told"], equal_nan=True):
            return None
        return StoredModel(logp=logp, expand=expand)

    def write(self, key: str, functions: Mapping[str, Any], point: np.ndarray, vector: np.ndarray) -> None:
        """Keep a compiled model; nothing where its code holds addresses of this process.

        Parameters
        ----------
        key
            As :func:`code_key` gives it.
        functions
            numba's C callbacks ``logp`` and ``expand``.
        point, vector
            Place and data at which the log density is kept as a check.
        """
        libraries = {name: functions[name]._library for name in _FUNCTIONS}
        if any(library.has_dynamic_globals for library in libraries.values()):
            return
        arrays: dict[str, Any] = {
            "vector": vector,
            "point": point,
            "told": evaluate(functions["logp"].address, point, vector),
        }
        symbols: set[str] = set()
        names = {}
        for name, library in libraries.items():
            library_name, _, (code, bitcode) = library.serialize_using_object_code()
            names[name] = [library_name, functions[name]._wrapper_name]
            arrays |= {name: np.frombuffer(code, "u1"), f"{name}_bitcode": np.frombuffer(bitcode, "u1")}
            symbols |= _called(bitcode)
        told = {"functions": names, "symbols": sorted(symbols)}
        self._files.write(key, {"code": np.array(json.dumps(told)), **arrays})

    @property
    def _files(self) -> ArrayFiles:
        return ArrayFiles(folder=self.folder, limit=_LIMIT)


def code_key(structure: Sequence[object]) -> str:
    """Return the name of a structure's code: a hash of all that decides it."""
    versions = {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}
    processor = _codegen().magic_tuple()
    told = json.dumps([repr(structure), versions, code_hash(), repr(processor)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def user_code_folder() -> Path:
    """Return the folder for this user's compiled models; ``IPDMA_CACHE_DIR`` names another one."""
    stated = os.environ.get("IPDMA_CACHE_DIR")
    if stated:
        return Path(stated)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "ipdma" / "compiled"


def evaluate(address: int, point: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return status, value and gradient of a log density's C function."""
    x, data = np.array(point, dtype=np.float64), np.array(vector, dtype=np.float64)
    told = np.zeros(len(x) + 2)

    def at(array: np.ndarray) -> Any:
        return array.ctypes.data_as(_Double)

    told[0] = _LOGP(address)(len(x), at(x), at(told[2:]), at(told[1:]), data.ctypes.data)
    return told


def _codegen() -> Any:
    """Return numba's code generator, with the symbols of its runtime known to the linker."""
    context = cpu_target.target_context
    context.refresh()
    rtsys.initialize(context)
    return context.codegen()


def _loaded(codegen: Any, names: Sequence[str], code: bytes, bitcode: bytes) -> Code:
    library = codegen.unserialize_library((names[0], "object", (code, bitcode)))
    return Code(address=library.get_pointer_to_function(names[1]), library=library)


def _called(bitcode: bytes) -> set[str]:
    """Return the symbols that code takes from elsewhere."""
    module = llvm.parse_bitcode(bitcode)
    declared = [*module.functions, *module.global_variables]
    return {item.name for item in declared if item.is_declaration and not item.name.startswith("llvm.")}
