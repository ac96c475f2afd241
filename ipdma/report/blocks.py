"""What a section of the report is made of; the template draws each kind."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from markupsafe import Markup

Text = str | Markup  # a str is escaped when it is drawn, a Markup was built from escaped parts


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``lead`` is set larger, ``note`` smaller, ``caution`` apart."""

    text: Text
    tone: Literal["", "lead", "note", "caution"] = ""
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading below the section's own."""

    text: Text
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[Text, ...]
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Definitions:
    """Terms, each with what it means here."""

    items: tuple[tuple[Text, Text], ...]
    kind: ClassVar[str] = "definitions"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; the first cell of every row names it.

    ``align`` holds one letter a column, ``l`` or ``r``. ``results`` says that its numbers are results: each must carry
    its key. ``totals`` are rows set apart at the end.
    """

    caption: Text
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    totals: tuple[tuple[Text, ...], ...] = ()
    align: str = ""
    results: bool = True
    note: Text = ""
    style: str = ""
    kind: ClassVar[str] = "table"

    def side(self, column: int) -> str:
        """Return the CSS class of a column."""
        letters = self.align or "l" + "r" * (len(self.head) - 1)
        return letters[column]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An inline SVG with its caption."""

    svg: Markup
    caption: Text
    kind: ClassVar[str] = "picture"


Block = Paragraph | Heading | Bullets | Definitions | Table | Picture


@dataclass(frozen=True)
class Section:
    """One part of the report; a part without blocks is never made, so that no heading stands alone."""

    name: str
    heading: str
    blocks: list[Block]
