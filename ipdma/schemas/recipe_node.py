"""A mapping of a recipe that knows its lines and collects what is wrong with it, instead of stopping at the first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ipdma._yaml import did_you_mean, line_of, plain
from ipdma.schemas.code_text import code_text
from ipdma.schemas.recipe import Condition, Scalar

Problems = list[tuple[int, str]]  # line, message


@dataclass(frozen=True)
class RecipeNode:
    """One mapping of the recipe; ``where`` says which, and every accessor puts its complaints into ``problems``.

    ``start`` is the line of the key that holds it.
    """

    data: Mapping[Any, Any]
    where: str
    problems: Problems
    start: int = 0

    def line(self, key: object = None) -> int:
        """Return the line of a key, or of the mapping."""
        return self.start if self.start and key not in self.data else line_of(self.data, key)

    def complain(self, message: str, key: object = None) -> None:
        """Note what is wrong at a key."""
        self.problems.append((self.line(key), f"{self.where}: {message}" if self.where else message))

    def only(self, *known: str) -> None:
        """Note every key that is not known, with the nearest one that is."""
        for key in self.data:
            if key not in known:
                self.complain(f"unknown key '{key}'{did_you_mean(key, known)}", key)

    def needs(self, *keys: str) -> None:
        """Note every key that is absent."""
        for key in keys:
            if key not in self.data:
                self.complain(f"'{key}' is missing. Add it.")

    def text(self, key: str) -> str | None:
        """Return a text; a number is taken as its digits."""
        value = self.data.get(key)
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
            return None if value is None else code_text(value) if not isinstance(value, str) else str(value)
        self.complain(f"'{key}' must be a text", key)
        return None

    def choice(self, key: str, options: tuple[str, ...], default: str) -> str:
        """Return one of the options."""
        value = self.data.get(key, default)
        if value in options:
            return str(value)
        self.complain(f"'{key}: {value}' is not possible{did_you_mean(value, options)}", key)
        return default

    def integer(self, key: str) -> int | None:
        """Return a whole number of at least zero."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return int(value)
        self.complain(f"'{key}' must be a whole number", key)
        return None

    def names(self, key: str) -> tuple[str, ...]:
        """Return a text or a list of texts as a tuple."""
        value = self.data.get(key)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if all(is_scalar(item) and item is not None for item in values):
            return tuple(item if isinstance(item, str) else code_text(item) for item in map(plain, values))
        self.complain(f"'{key}' must be a name or a list of names", key)
        return ()

    def mapping(self, key: str, *, where: str = "") -> "RecipeNode | None":
        """Return a mapping below, or nothing where it is absent or something else."""
        value = self.data.get(key)
        if isinstance(value, Mapping):
            return RecipeNode(value, where or f"{self.where}.{key}".strip("."), self.problems, self.line(key))
        if value is not None:
            self.complain(f"'{key}' must hold keys and values", key)
        return None

    def items(self, key: str) -> "list[RecipeNode]":
        """Return the mappings of a list below."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.complain(f"'{key}' must be a list of keys and values", key)
            return []
        where = f"{self.where}.{key}".strip(".")
        return [
            RecipeNode(item, f"{where}[{number}]", self.problems, line_of(value, number - 1))
            for number, item in enumerate(value, start=1)
        ]

    def scalars(self, key: str) -> dict[str, Scalar]:
        """Return a mapping of codes to single values, its keys in one spelling."""
        node = self.mapping(key)
        return {} if node is None else node.codes()

    def codes(self) -> dict[str, Scalar]:
        """Return this mapping as codes to single values; two spellings of one code are noted."""
        found: dict[str, Scalar] = {}
        for key, value in self.data.items():
            code = code_text(plain(key))
            if code in found:
                self.complain(f"'{key}' is the code '{code}' a second time", key)
            elif not is_scalar(value):
                self.complain(f"the value of '{key}' must be a single value", key)
            else:
                found[code] = scalar(value)
        return found

    def conditions(self, key: str) -> dict[str, Condition]:
        """Return a mapping of names to conditions, as ``where`` has them."""
        node = self.mapping(key)
        return {} if node is None else {str(name): node.condition(name) for name in node.data}

    def condition(self, name: Any) -> Condition:
        """Return the condition at a key."""
        value = self.data[name]
        if not isinstance(value, Mapping):
            return Condition(kind="codes", codes=self._codes_at(name, value))
        if set(value) == {"not"}:
            return Condition(kind="not", codes=self._codes_at(name, value["not"]))
        if set(value) == {"is"} and value["is"] in ("present", "missing"):
            return Condition(kind="present" if value["is"] == "present" else "missing")
        self.complain(f"'{name}' needs codes, {{not: codes}}, {{is: present}} or {{is: missing}}", name)
        return Condition(kind="present")

    def _codes_at(self, name: Any, value: Any) -> tuple[str, ...]:
        values: Iterable[Any] = value if isinstance(value, list) else [value]
        if all(is_scalar(item) and item is not None for item in values):
            return tuple(code_text(plain(item)) for item in values)
        self.complain(f"'{name}' needs a code or a list of codes", name)
        return ()


def is_scalar(value: object) -> bool:
    """Return whether a value is a single text, number, yes or no, day, or nothing."""
    return value is None or isinstance(value, str | int | float | bool | date)


def scalar(value: object) -> Scalar:
    """Return a single value as a plain Python object; a day as its ISO text."""
    simple = plain(value)
    return simple.isoformat() if isinstance(simple, date) else simple
