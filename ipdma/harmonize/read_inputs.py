"""Recipes, and the raw files they name, each read once; what cannot be read is a finding."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ipdma._yaml import yaml_files
from ipdma.errors import ReadError, RecipeError, YamlError
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.raw_path import raw_path
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.read_raw import read_raw
from ipdma.schemas.recipe import Recipe, Source
from ipdma.schemas.recipe_file import read_recipe


def recipe_paths(recipes: Path) -> list[Path]:
    """Return the recipe files: all of a folder, or the one file.

    Raises
    ------
    RecipeError
        If there is none.
    """
    paths = [recipes] if recipes.is_file() else yaml_files(recipes)
    if not paths:
        raise RecipeError(f"no recipe (*.yaml) in {recipes.name}. Write one for each trial.")
    return paths


def read_recipes(paths: Sequence[Path], without: Collection[str] = ()) -> tuple[list[Recipe], list[Finding]]:
    """Return the recipes that can be read, and everything wrong with the others.

    Of a trial that is left out nothing is said; where its recipe cannot be read, the file's name tells whose it is.
    """
    recipes: list[Recipe] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            recipes.append(read_recipe(path))
        except (RecipeError, YamlError) as error:
            findings += [] if path.stem in without else _wrong(error, path.name)
    return recipes, findings


def _wrong(error: RecipeError | YamlError, name: str) -> list[Finding]:
    if isinstance(error, YamlError):
        return [Finding(code="recipe", message=str(error))]
    return [Finding(code="recipe", message=message, recipe=name, line=line) for line, message in error.problems]


@dataclass(eq=False)
class RawFiles:
    """The folder of raw files; a file that several sources of a recipe name is read once."""

    folder: Path
    say: Callable[[str], None]
    _read: dict[tuple[object, ...], RawTable | str] = field(default_factory=dict)

    def tables(self, recipe: Recipe) -> tuple[dict[str, RawTable], list[Finding]]:
        """Return the raw table of each source that can be read, and what is wrong with the others."""
        tables: dict[str, RawTable] = {}
        findings: list[Finding] = []
        told: set[str] = set()
        self._read.clear()  # recipes seldom share files, and all of a consortium need not be in memory at once
        for source in recipe.sources.values():
            found = self._table(source)
            if isinstance(found, RawTable):
                tables[source.name] = found
            elif found not in told:  # two sources of one unreadable file are one cause
                told.add(found)
                findings.append(Finding(code="unreadable", message=found, recipe=recipe.name, line=source.line))
        return tables, findings

    def _table(self, source: Source) -> RawTable | str:
        key = (source.file, source.reader, *sorted((k, str(v)) for k, v in source.options.items()))
        if key not in self._read:
            self.say(f"reading {source.file}")
            try:
                path = raw_path(self.folder, source.file)
                self._read[key] = read_raw(path, reader=source.reader, options=source.options, name=source.file)
            except ReadError as error:
                self._read[key] = str(error)
        return self._read[key]
