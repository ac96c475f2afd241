"""An Excel workbook as the zip archive it is: refused before anything unpacks it, where it would not unpack safely."""

import io
import zipfile
import zlib

from ipdma.errors import ReadError
from ipdma.harmonize.raw_file import RawFile

LARGEST_CONTENT = 400_000_000  # bytes, unpacked
_LARGEST_RATIO = 200  # unpacked to packed; repetitive sheets reach some 30
_SMALL = 10_000_000  # bytes; below this the ratio does not matter
_MOST_PARTS = 5_000


def check_archive(file: RawFile) -> bool:
    """Look into the archive, and return whether a sheet holds formulas.

    Raises
    ------
    ReadError
        If it is cut off, unpacks to far more than it should (a "zip bomb"), holds XML entities (which can grow without
        bound), or is no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            parts = archive.infolist()
            _refuse_bomb(parts, file.name)
            _refuse_other_archives({part.filename for part in parts}, file.name)
            contents = [
                (part.filename, archive.read(part)) for part in parts if part.filename.endswith((".xml", ".rels"))
            ]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise ReadError(
            f"{file.name} is a damaged Excel workbook: it is cut off or was changed. Copy it again."
        ) from None
    if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for _, content in contents):
        raise ReadError(f"{file.name} holds XML entities, which no Excel program writes; it is not opened.")
    return any(name.startswith("xl/worksheets/") and (b"<f>" in c or b"<f " in c) for name, c in contents)


def _refuse_bomb(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > LARGEST_CONTENT:
        raise ReadError(f"{name} unpacks to {unpacked} bytes in {len(parts)} parts; that much is not read.")
    if unpacked > _SMALL and unpacked > _LARGEST_RATIO * max(packed, 1):
        raise ReadError(f"{name} unpacks to more than {_LARGEST_RATIO} times its size; no honest workbook does.")


def _refuse_other_archives(names: set[str], name: str) -> None:
    if "xl/workbook.bin" in names:
        raise ReadError(f"{name} is a binary Excel workbook (.xlsb). Save it as .xlsx, and read that.")
    if not any(part.startswith("xl/") for part in names) or "[Content_Types].xml" not in names:
        raise ReadError(f"{name} is a zip archive but no Excel workbook. Unpack it, or save the table as .xlsx.")
