"""A value of an analysis file that knows where it stands, so that every error can name its line."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ipdma._yaml import did_you_mean, line_of, plain
from ipdma.errors import AnalysisError, QuantityError
from ipdma.schemas.quantity import Quantity

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class Node:
    """One value with its file, line and the keys that lead to it.

    ``problems`` is shared by all nodes of a file: what can be noted without stopping is appended there, so that a
    user sees all errors of a file at once. ``inherited`` marks what an extending file or a patch took over unsaid, and
    ``under`` is the mapping of the extended file whose keys stand where this one has none.
    """

    value: Any
    file: str
    line: int  # 0 for values that come from Python and stand in no file
    name: str = ""
    problems: list[str] = field(default_factory=list)
    inherited: bool = False
    under: "Node | None" = None

    def error(self, text: str) -> AnalysisError:
        """Return an error that begins with the place of this value."""
        return AnalysisError(f"{self.file} line {self.line}: {text}" if self.line else f"{self.file}: {text}")

    def note(self, text: str) -> None:
        """Remember a problem and go on."""
        self.problems.append(str(self.error(text)))

    def later(self, what: str, accepted: str) -> AnalysisError:
        """Return an error for something planned that this version does not have."""
        return self.error(f"this version of ipdma does not have {what} yet; accepted: {accepted}.")

    def child(self, key: object, label: str) -> "Node":
        """Return the value at a key of a mapping or a position of a list."""
        return Node(
            value=self.value[key],
            file=self.file,
            line=line_of(self.value, key) or self.line,
            name=label,
            problems=self.problems,
            inherited=self.inherited,
        )

    def as_inherited(self, problems: list[str]) -> "Node":
        """Return the same value as something taken over, whose problems are noted in another list."""
        under = self.under.as_inherited(problems) if self.under else None
        return replace(self, inherited=True, problems=problems, under=under)

    def plain(self) -> Any:
        """Return the value as plain dicts, lists and scalars, with the keys it takes over."""
        if self.under is None or not isinstance(self.value, Mapping):
            return plain(self.value)
        return {**self.under.plain(), **plain(self.value)}

    def mapping(self) -> dict[str, "Node"]:
        """Return the children of a mapping by key.

        Raises
        ------
        AnalysisError
            If the value is not a mapping, or a key is not text.
        """
        if not isinstance(self.value, Mapping):
            raise self.error(f"{self.name} must hold keys and values.")
        for key in self.value:
            if not isinstance(key, str):
                raise self.error(f"the keys of {self.name} must be names.")
        own = {key: self.child(key, f"{self.name}.{key}" if self.name else key) for key in self.value}
        return own if self.under is None else self.under.mapping() | own

    def keys(self, known: Iterable[str], later: Mapping[str, str] | None = None) -> dict[str, "Node"]:
        """Return the children by key; unknown keys, and keys planned for a later version, are noted as problems."""
        names, planned = tuple(known), later or {}
        children = self.mapping()
        for key, child in children.items():
            if key in planned:
                child.problems.append(str(child.later(f"'{key}'", planned[key])))
            elif key not in names:
                inside = f" in {self.name}" if self.name else ""
                child.note(f"unknown key '{key}'{inside}{did_you_mean(key, names)}")
        return {key: child for key, child in children.items() if key in names}

    def items(self) -> list["Node"]:
        """Return the children of a list; a single value stands for a list of one."""
        if not isinstance(self.value, list):
            return [self]
        return [self.child(position, f"{self.name}[{position + 1}]") for position in range(len(self.value))]

    def text(self) -> str:
        """Return the value as text that is not empty.

        Raises
        ------
        AnalysisError
            If it is something else.
        """
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error(f"{self.name} must be a text.")
        return str(self.value).strip()

    def texts(self) -> tuple[str, ...]:
        """Return the value as names, each once."""
        names = tuple(item.text() for item in self.items())
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.note(f"'{name}' stands twice in {self.name}.")
        return names

    def number(self, *, minimum: float = float("-inf"), whole: bool = False) -> float:
        """Return the value as a number of at least ``minimum``.

        Raises
        ------
        AnalysisError
            If it is not a finite number, not whole where it must be, or below the minimum.
        """
        value = plain(self.value)
        kinds = (int,) if whole else (int, float)
        is_number = isinstance(value, kinds) and not isinstance(value, bool) and abs(value) < float("inf")
        if not is_number or value < minimum:
            least = f" of at least {minimum:g}" if minimum > float("-inf") else ""
            raise self.error(f"{self.name} must be a {'whole number' if whole else 'number'}{least}.")
        return value if whole else float(value)

    def choice(self, accepted: Iterable[str], *, later: Iterable[str] = ()) -> str:
        """Return the value as one of the accepted words.

        Raises
        ------
        AnalysisError
            If it is another word; the message lists what is accepted.
        """
        words, value = tuple(accepted), plain(self.value)
        if value in words:
            return str(value)
        if value in tuple(later):
            raise self.later(f"'{self.name}: {value}'", ", ".join(words))
        raise self.error(f"{self.name} is {str(value)!r}{did_you_mean(value, words)}")

    def quantity(self) -> Quantity:
        """Return the value as a number with its unit.

        Raises
        ------
        AnalysisError
            If it is not one.
        """
        if isinstance(self.value, Mapping | list) or self.value is None:
            raise self.error(f"{self.name} must be a number, with its unit where it has one, like '50 mg'.")
        try:
            return Quantity.parse(plain(self.value))
        except QuantityError as error:
            raise self.error(f"{self.name}: {error}") from None

    def attempt(self, read: Callable[["Node"], Any], default: T) -> T:
        """Return ``read(self)``; an error is noted and ``default`` returned, so that the next key is read too."""
        try:
            value: T = read(self)
        except AnalysisError as error:
            self.problems.append(str(error))
            return default
        return value


def take(nodes: Mapping[str, Node], key: str, read: Callable[[Node], Any], default: T) -> T:
    """Return ``read`` of the node at ``key``, or ``default`` where the key is absent or its value is in error."""
    return nodes[key].attempt(read, default) if key in nodes else default
