"""What each recipe gave the last time, kept for the next: a trial whose inputs did not change is not read again."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from ipdma.errors import ReadError, SchemaError
from ipdma.harmonize.applied_text import applied_from_text, text_from_applied
from ipdma.harmonize.apply import Applied
from ipdma.harmonize.content import Content
from ipdma.harmonize.corrections_file import Correction, corrections_of
from ipdma.harmonize.raw_path import raw_path
from ipdma.schemas.recipe import Recipe

_FORMAT = 2  # of the stored files
_SUFFIXES = (".json", ".unfinished")


class Cache:
    """A folder of one file a recipe; it holds participants' values, so it belongs into a private place.

    A file begins with the hash of everything the recipe's rows depend on (recipe, raw files, corrections, common
    schema, instruments, version of the package) and the hash of what follows. A file that does not fit, for whatever
    reason, counts as none. Nothing is written before :meth:`save`, so that a run that is refused leaves the folder as
    it was.

    Parameters
    ----------
    folder
        Where the files lie; it need not exist. ``None``: nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._raw = Path()
        self._known = ""
        self._without: list[str] = []
        self._corrections: Sequence[Correction] = ()
        self._recipes: set[str] = set()
        self._new: list[tuple[str, Applied]] = []

    def begin(
        self,
        raw: Path,
        content: Content,
        without: Iterable[str],
        recipes: Iterable[Recipe],
        corrections: Sequence[Correction] = (),
    ) -> None:
        """Say what all recipes depend on, and which there are: the files of others are removed by :meth:`save`.

        Parameters
        ----------
        raw
            The folder of raw files.
        content
            The common schema and the instruments.
        without
            Trials that are left out of stacked files.
        recipes
            All recipes that could be read.
        corrections
            Corrections of all trials.
        """
        self._corrections = corrections
        known = (_FORMAT, version("ipdma"), content.schema, content.scales)
        self._raw, self._known, self._without = raw, _sha256(repr(known).encode("utf-8")), sorted(without)
        self._recipes, self._new = {recipe.name for recipe in recipes}, []

    def read(self, recipe: Recipe) -> Applied | None:
        """Return what the recipe gave when everything it depends on was the same, or nothing."""
        hashes = self._hashes(recipe)
        if self._folder is None or hashes is None:
            return None
        try:
            head, _, body = (self._folder / _file(recipe.name)).read_bytes().partition(b"\n")
        except OSError:
            return None
        return applied_from_text(body, recipe) if head == _head(self._key(recipe, hashes), body) else None

    def keep(self, applied: Applied) -> None:
        """Remember what a recipe gave, unless a raw file changed while it was read."""
        hashes = self._hashes(applied.recipe)
        if hashes is not None and hashes == {file: sha256 for file, sha256, _ in applied.files}:
            self._new.append((self._key(applied.recipe, hashes), applied))

    def save(self) -> None:
        """Write what was kept; what cannot be written is read anew the next time."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            kept = {_file(name) for name in self._recipes}
            for path in self._folder.iterdir():
                if path.suffix in _SUFFIXES and path.name not in kept:
                    path.unlink()
            for key, applied in self._new:
                self._write(self._folder / _file(applied.recipe.name), key, applied)

    def _write(self, path: Path, key: str, applied: Applied) -> None:
        unfinished = path.with_suffix(".unfinished")
        with contextlib.suppress(SchemaError):
            body = text_from_applied(applied)
            unfinished.write_bytes(_head(key, body) + b"\n" + body)
            os.replace(unfinished, path)

    def _key(self, recipe: Recipe, hashes: Mapping[str, str]) -> str:
        without = [] if isinstance(recipe.trial, str) else self._without
        changes = corrections_of(recipe, self._corrections)
        return _sha256(repr((self._known, recipe, without, changes, sorted(hashes.items()))).encode("utf-8"))

    def _hashes(self, recipe: Recipe) -> dict[str, str] | None:
        """Return the hash of each raw file, or nothing where one is not there, or nobody asks."""
        if self._folder is None:
            return None
        try:
            files = {source.file: raw_path(self._raw, source.file) for source in recipe.sources.values()}
            return {file: _file_sha256(path) for file, path in files.items()}
        except (ReadError, OSError):
            return None


def _file(recipe: str) -> str:
    return f"{recipe}.json"


def _head(key: str, body: bytes) -> bytes:
    return f"{key} {_sha256(body)}".encode("ascii")


def _file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
