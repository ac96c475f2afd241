"""A folder of results that appears whole or not at all, also when the process is killed while it is written."""

import shutil
from collections.abc import Callable
from pathlib import Path

from ipdma.errors import ProjectError

Step = Callable[[str], None]


def write_whole(folder: Path, write: Callable[[Path], None], *, after: Step = lambda step: None) -> None:
    """Replace ``folder`` by what ``write`` puts into an empty folder.

    It is written beside, the old one renamed away, the new one renamed in, the old one removed: at no moment does
    ``folder`` hold some files of one run and some of another. An error in ``write`` leaves ``folder`` as it was.

    Parameters
    ----------
    folder
        The folder to replace; it need not exist.
    write
        Fills the empty folder it is given.
    after
        Called with the name of each step once it is done; a test stops the process there.

    Raises
    ------
    ProjectError
        If a folder cannot be renamed, for example because a file in it is open in another program.
    """
    repair(folder)
    unfinished, new, old = _beside(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished.mkdir()
    try:
        after("begun")
        write(unfinished)
        after("written")
        _rename(unfinished, new)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    after("complete")
    _put_in_place(folder, new, old, after)


def repair(folder: Path) -> bool:
    """Bring ``folder`` out of any state in which :func:`write_whole` was interrupted; return whether it was in one.

    A new folder that is complete is put in place, one that is not is removed, and the old one comes back where there
    is no new one.
    """
    unfinished, new, old = _beside(folder)
    found = [path for path in (unfinished, new, old) if path.exists()]
    if unfinished.exists():
        shutil.rmtree(unfinished)
    if new.exists():
        _put_in_place(folder, new, old, lambda step: None)
    elif old.exists() and not folder.exists():
        _rename(old, folder)
    elif old.exists():
        shutil.rmtree(old)
    return bool(found)


def _beside(folder: Path) -> tuple[Path, Path, Path]:
    unfinished, new, old = (folder.with_name(f".{folder.name}.{state}") for state in ("unfinished", "new", "old"))
    return unfinished, new, old


def _put_in_place(folder: Path, new: Path, old: Path, after: Step) -> None:
    if folder.exists():
        if old.exists():
            shutil.rmtree(old)
        _rename(folder, old)
        after("old renamed away")
    _rename(new, folder)
    after("new renamed in")
    shutil.rmtree(old, ignore_errors=True)
    after("old removed")


def _rename(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        raise ProjectError(
            f"{source.name} cannot be renamed to {target.name} ({error.strerror}). Close the programs that have files "
            f"of {target.parent.name} open and run the command again."
        ) from None
