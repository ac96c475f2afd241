"""The dictionary of an SPSS file, walked through before the reader in C does: a damaged one would end the process."""

import codecs
import struct
from dataclasses import dataclass, field

_HEADER = 176  # bytes
_ENCODINGS = 20  # subtype of the record that names the text encoding
_CODE_PAGES = 3  # subtype of the record whose last number is the code page
_CODE_PAGE_NAMES = {2: "ascii", 3: "ascii", 65001: "utf-8", 28591: "latin-1"}


class DamagedDictionaryError(Exception):
    """The dictionary contradicts itself; the message says in which part."""


@dataclass
class _Walk:
    data: bytes
    order: str
    position: int = _HEADER
    widths: list[int] = field(default_factory=list)  # of each 8-byte slot: 0 a number, 1 to 255 text, -1 goes on
    targets: list[list[int]] = field(default_factory=list)
    text_codes: list[bytes] = field(default_factory=list)  # codes that carry labels, of text variables
    encoding: str = ""

    def take(self, size: int) -> bytes:
        if size < 0 or self.position + size > len(self.data):
            raise DamagedDictionaryError("it ends in the middle of the dictionary")
        self.position += size
        return self.data[self.position - size : self.position]

    def integers(self, count: int) -> tuple[int, ...]:
        if count < 0 or 4 * count > len(self.data):
            raise DamagedDictionaryError("a length in the dictionary is impossible")
        return struct.unpack(f"{self.order}{count}i", self.take(4 * count))


def check_dictionary(data: bytes, *, encoding: str = "") -> None:
    """Walk through all records up to the first case.

    Parameters
    ----------
    data
        The whole file.
    encoding
        The text encoding the recipe states; empty: what the file says of itself.

    Raises
    ------
    DamagedDictionaryError
        If lengths, variable types or the places that value labels point to contradict each other, or texts are not in
        the encoding that the file says.
    """
    walk = _Walk(data, _byte_order(data))
    records = {2: _variable, 3: _labels, 6: _documents, 7: _extension}
    while (kind := walk.integers(1)[0]) != 999:
        if kind not in records:
            raise DamagedDictionaryError("its dictionary holds a part of an unknown kind")
        records[kind](walk)
    _check_widths(walk.widths)
    for targets in walk.targets:
        _check_targets(targets, walk.widths)
    _check_text_codes(walk.text_codes, encoding or walk.encoding)


def _byte_order(data: bytes) -> str:
    if len(data) < _HEADER:
        raise DamagedDictionaryError("it ends in the middle of its header")
    for order in "<>":
        if struct.unpack_from(f"{order}i", data, 64)[0] in (2, 3):
            return order
    raise DamagedDictionaryError("its header does not say how the file is laid out")


def _variable(walk: _Walk) -> None:
    width, has_label, missing, _, _ = walk.integers(5)
    walk.take(8)
    if not -1 <= width <= 255 or has_label not in (0, 1) or not -3 <= missing <= 3:
        raise DamagedDictionaryError("a variable's type is impossible")
    if has_label:
        length = walk.integers(1)[0]
        walk.take(length)
        walk.take(-length % 4)
    walk.take(8 * abs(missing))
    walk.widths.append(width)


def _labels(walk: _Walk) -> None:
    count = walk.integers(1)[0]
    values = []
    for _ in range(max(count, 0)):
        values.append(walk.take(8))
        length = walk.take(1)[0]
        walk.take(length)
        walk.take(-(length + 1) % 8)
    kind, number = walk.integers(2)
    if kind != 4 or count < 0:
        raise DamagedDictionaryError("value labels belong to no variable")
    targets = list(walk.integers(number))
    walk.targets.append(targets)
    if targets and 0 < targets[0] <= len(walk.widths) and walk.widths[targets[0] - 1] > 0:
        walk.text_codes += values


def _documents(walk: _Walk) -> None:
    walk.take(80 * walk.integers(1)[0])


def _extension(walk: _Walk) -> None:
    subtype, size, count = walk.integers(3)
    if size < 0 or count < 0:
        raise DamagedDictionaryError("a length in the dictionary is impossible")
    content = walk.take(size * count)
    if subtype == _ENCODINGS:
        walk.encoding = content.decode("ascii", errors="replace").strip("\0 ")
    elif subtype == _CODE_PAGES and size == 4 and count == 8 and not walk.encoding:
        page = struct.unpack(f"{walk.order}8i", content)[7]
        walk.encoding = _CODE_PAGE_NAMES.get(page, f"cp{page}")


def _check_widths(widths: list[int]) -> None:
    place = 0
    while place < len(widths):
        more = max(0, (widths[place] + 7) // 8 - 1)
        if widths[place] == -1 or widths[place + 1 : place + 1 + more] != [-1] * more:
            raise DamagedDictionaryError("a text variable's width is impossible")
        place += 1 + more


def _check_targets(targets: list[int], widths: list[int]) -> None:
    if not targets or any(not 1 <= target <= len(widths) or widths[target - 1] == -1 for target in targets):
        raise DamagedDictionaryError("value labels belong to no variable")
    if len({widths[target - 1] > 0 for target in targets}) > 1:
        raise DamagedDictionaryError("value labels belong to numbers and texts at once")


def _check_text_codes(codes: list[bytes], encoding: str) -> None:
    try:
        family = codecs.lookup(encoding or "cp1252").name
    except (LookupError, ValueError):
        return  # the reader in C knows other names, and refuses the rest
    for code in codes if family == "utf-8" else []:
        try:
            code.decode("utf-8")
        except UnicodeDecodeError:
            raise DamagedDictionaryError("codes with labels are not in the encoding that it states") from None
