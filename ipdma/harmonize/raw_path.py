"""The place of a raw file: below the folder of raw files, whatever a recipe says."""

from pathlib import Path, PurePosixPath, PureWindowsPath

from ipdma.errors import ReadError


def raw_path(folder: Path, name: str) -> Path:
    """Return the path of the file that a recipe calls ``name``.

    Raises
    ------
    ReadError
        If the name leads out of the folder: an absolute path, ``..``, or a link whose target lies elsewhere.
    """
    pure = PurePosixPath(name)
    if "\\" in name or PureWindowsPath(name).drive:
        raise ReadError(f"file '{name}': write the path below the folder of raw files, with '/' between folders.")
    if pure.is_absolute() or ".." in pure.parts:
        raise ReadError(f"file '{name}' leads out of the folder of raw files. Put the file into it.")
    path = folder.joinpath(*pure.parts)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ReadError(f"file '{name}' is a link that leads out of the folder of raw files. Copy the file into it.")
    return path
