"""Where everything lies that a consortium is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ipdma.harmonize.correct import Corrected, correct
from ipdma.harmonize.corrections_file import Correction, corrections_of
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.joined import join_tables
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_inputs import RawFiles
from ipdma.schemas.recipe import Recipe


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Folders of raw files, recipes, own instruments and corrections, and the project's ``schema.yaml``."""

    raw: Path
    recipes: Path
    scales: Path | None = None
    schema: Path | None = None
    corrections: Path | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class RecipeTables:
    """The raw tables of a recipe's sources, corrected and joined, as the files have them, and what is wrong."""

    tables: Mapping[str, RawTable]
    as_delivered: Mapping[str, RawTable]
    corrected: tuple[Corrected, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class TableReader:
    """Reads the tables of recipes: files, then corrections, then columns of other sources."""

    files: RawFiles
    corrections: Sequence[Correction] = ()

    @classmethod
    def of(cls, raw: Path, corrections: Sequence[Correction], say: Callable[[str], None]) -> "TableReader":
        """Return a reader of a folder of raw files."""
        return cls(files=RawFiles(raw, say), corrections=corrections)

    def read(self, recipe: Recipe) -> RecipeTables:
        """Return the tables of a recipe's sources; one that cannot be read is absent."""
        delivered, unreadable = self.files.tables(recipe)
        tables, corrected, refused = correct(recipe, delivered, corrections_of(recipe, self.corrections))
        tables, unjoined = join_tables(recipe, tables)
        return RecipeTables(
            tables=tables,
            as_delivered=delivered,
            corrected=tuple(corrected),
            findings=(*unreadable, *refused, *unjoined),
        )
