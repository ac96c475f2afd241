"""How a design file describes the raw files a trial ends up in."""

from typing import Any, cast, get_args

from ipdma._yaml import plain
from ipdma.analysis_file.node import Node, take
from ipdma.simulate.design import ColumnLayout, FileLayout, Format, Rows, TypingError
from ipdma.simulate.sourced import codes_of, need

_OPTIONAL = (
    *("visits", "not_answered", "missed", "sheet", "title_rows", "filled"),
    *("delimiter", "decimal", "encoding", "exported_twice", "typing_errors"),
)
_COLUMN = ("set", "codes", "labels", "label", "text", "format", "divide_by", "only_at")


def read_layout(node: Node) -> FileLayout:
    """Return the layout that an entry of ``files`` describes; unknown keys are noted.

    Raises
    ------
    AnalysisError
        If a key is missing or a value is not what it must be; with the line.
    """
    nodes = need(node, ["file", "format", "rows", "columns"], optional=_OPTIONAL)
    errors = nodes["typing_errors"].items() if "typing_errors" in nodes else []
    return FileLayout(
        file=nodes["file"].text(),
        format=cast(Format, nodes["format"].choice(get_args(Format))),
        rows=cast(Rows, nodes["rows"].choice(get_args(Rows))),
        columns=tuple(_column(child) for child in nodes["columns"].items()),
        visits=take(nodes, "visits", codes_of, {}),
        not_answered=take(nodes, "not_answered", _whole, None),
        missed=take(nodes, "missed", _whole, None),
        title_rows=take(nodes, "title_rows", Node.texts, ()),
        exported_twice=take(nodes, "exported_twice", lambda n: tuple(map(_whole, n.items())), ()),
        typing_errors=tuple(_typing_error(child) for child in errors),
        **{name: nodes[name].text() for name in ("sheet", "delimiter", "decimal", "encoding") if name in nodes},
    )


def _column(node: Node) -> ColumnLayout:
    nodes = need(node, ["name", "holds"], optional=_COLUMN)
    texts: dict[str, Any] = {
        name: nodes[name].text() for name in ("set", "label", "text", "format", "only_at") if name in nodes
    }
    return ColumnLayout(
        name=nodes["name"].text(),
        holds=nodes["holds"].text(),
        codes=plain(take(nodes, "codes", codes_of, {})),
        labels=plain(take(nodes, "labels", codes_of, {})),
        divide_by=take(nodes, "divide_by", Node.number, 1.0),
        **texts,
    )


def _typing_error(node: Node) -> TypingError:
    nodes = need(node, ["participant", "column", "times"])
    return TypingError(
        participant=_whole(nodes["participant"]), column=nodes["column"].text(), times=nodes["times"].number()
    )


def _whole(node: Node) -> int:
    return int(node.number(whole=True))
