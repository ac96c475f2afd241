"""Names that a package offers at its front door, loaded when they are first used."""

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


class FrontDoor(ModuleType):
    """A package whose public names are looked up in the modules that define them.

    ``import ipdma`` so stays fast (no PyMC, pandas or matplotlib), and a function may have the name of its module:
    ``ipdma.fit`` is the function, also after the module ``ipdma.fit`` was imported.
    """

    _names: Mapping[str, str] = {}
    _folders: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name in self._folders:
            return import_module(f"{self.__name__}.{name}")
        if name not in self._names:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        value = getattr(import_module(self._names[name]), name)
        super().__setattr__(name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        # The import system binds a submodule to its package's attribute of that name; here the function keeps it.
        if not (name in self._names and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._names, *self._folders})


def front_door(package: str, names: Mapping[str, str], *, folders: Iterable[str] = ()) -> None:
    """Let ``package`` offer each name of ``names`` from the module that defines it, and its ``folders``."""
    module = sys.modules[package]
    module.__class__ = FrontDoor
    vars(module)["_names"] = dict(names)
    vars(module)["_folders"] = tuple(folders)
