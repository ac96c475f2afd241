"""YAML 1.2 with line numbers, duplicate keys refused, and limits that no honest file meets."""

import difflib
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from ipdma.errors import YamlError

_LARGEST_FILE = 2_000_000  # bytes


class _WithoutAliases(Composer):
    """Stops at an alias: nested ones grow without bound (a "YAML bomb"), and nothing ipdma reads needs one."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            place = self.parser.peek_event().start_mark
            raise ComposerError(problem="uses a YAML alias (*name): write the value out", problem_mark=place)
        return super().compose_node(parent, index)


def read_yaml(path: Path) -> CommentedMap:
    """Return the mapping a YAML file holds; ``line_of`` tells where its keys stand.

    Raises
    ------
    YamlError
        If the file is absent, too large, not UTF-8, not YAML, holds a key twice or an alias, or is not a mapping.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise YamlError(f"{path.name} does not exist in {path.parent.name or '.'}.") from None
    except UnicodeDecodeError:
        raise YamlError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None
    if len(raw) > _LARGEST_FILE:
        raise YamlError(f"{path.name} has {len(raw)} bytes; a file of more than {_LARGEST_FILE} is refused.")
    return parse_yaml(text, name=path.name)


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files of a folder, .yaml and .yml, by name."""
    return sorted(path for ending in ("*.yaml", "*.yml") for path in folder.glob(ending))


def parse_yaml(text: str, *, name: str) -> CommentedMap:
    """Return the mapping that ``text`` holds; ``name`` stands in errors.

    Raises
    ------
    YamlError
        As for :func:`read_yaml`.
    """
    reader = YAML(typ="rt", pure=True)
    reader.Composer = _WithoutAliases
    reader.version = None  # YAML 1.2: 12:30 is text, no is text
    reader.allow_duplicate_keys = False
    try:
        data = reader.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise YamlError(f"{name} line {line}: {(error.problem or 'not YAML').split(chr(10))[0]}.") from None
    except (YAMLError, RecursionError):
        raise YamlError(f"{name} is not YAML.") from None
    if not isinstance(data, CommentedMap):
        raise YamlError(f"{name} must hold keys and values at its top level.")
    return data


def line_of(node: Any, key: Any = None) -> int:
    """Return the line (from 1) of a key of a mapping, of an item of a list, or of the node itself."""
    if isinstance(node, CommentedMap) and key in node:
        return int(node.lc.key(key)[0]) + 1
    if isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
        return int(node.lc.item(key)[0]) + 1
    return int(node.lc.line) + 1 if isinstance(node, CommentedMap | CommentedSeq) else 0


def write_yaml(path: Path, data: Mapping[str, Any]) -> None:
    """Write plain values as YAML."""
    path.write_text(yaml_text(data), encoding="utf-8", newline="\n")


def yaml_text(data: Mapping[str, Any]) -> str:
    """Return plain values as the text of a YAML file.

    Examples
    --------
    >>> yaml_text({"visit": "post", "levels": [1, 2.5]})
    'visit: post\\nlevels:\\n- 1\\n- 2.5\\n'
    """
    writer = YAML(typ="rt", pure=True)
    writer.width = 120
    stream = StringIO()
    writer.dump(plain(data), stream)
    return stream.getvalue()


def plain(node: Any) -> Any:
    """Return the node as plain dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {plain(key): plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Return ``, did you mean 'x'?`` for the nearest known name, or a list of what exists."""
    names = [str(item) for item in known]
    if not names:
        return ". None is known."
    near = difflib.get_close_matches(str(name), names, n=1)
    return f", did you mean '{near[0]}'?" if near else f". Known: {', '.join(names)}."
