"""Where things lie in a project folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ipdma._yaml import yaml_files
from ipdma.errors import ProjectError


@dataclass(frozen=True)
class Project:
    """The paths of a project folder; which of them exist is another question."""

    folder: Path

    @property
    def raw(self) -> Path:
        """The trials' files: read, never written."""
        return self.folder / "raw"

    @property
    def recipes(self) -> Path:
        """How raw files map to the common schema."""
        return self.folder / "recipes"

    @property
    def private(self) -> Path:
        """Everything that holds personal data."""
        return self.folder / "private"

    @property
    def harmonized(self) -> Path:
        """The common tables."""
        return self.private / "harmonized"

    @property
    def cache(self) -> Path:
        """What each recipe gave the last time."""
        return self.private / "cache"

    @property
    def fits(self) -> Path:
        """Draws that were sampled, by their content."""
        return self.cache / "fits"

    @property
    def corrections(self) -> Path:
        """Corrections that trialists confirmed, a file a trial."""
        return self.private / "corrections"

    @property
    def lineage(self) -> Path:
        """Which line of a recipe and which row of a file each value came from."""
        return self.private / "lineage"

    @property
    def results(self) -> Path:
        """What may be shared."""
        return self.folder / "results"

    @property
    def trials(self) -> Path | None:
        """The list of trials, where there is one."""
        return self._first("trials.csv", "trials.xlsx")

    @property
    def scales(self) -> Path | None:
        """The project's own instruments, where there are any."""
        return self._first("scales")

    @property
    def schema(self) -> Path | None:
        """The project's own columns, where there are any."""
        return self._first("schema.yaml")

    def _first(self, *names: str) -> Path | None:
        return next((self.folder / name for name in names if (self.folder / name).exists()), None)

    def recipe_files(self) -> list[Path]:
        """Return the recipes in the order of their names.

        Raises
        ------
        ProjectError
            If there is none.
        """
        files = yaml_files(self.recipes) if self.recipes.is_dir() else []
        if not files:
            raise ProjectError(f"{self.folder.name} has no recipe: put one file for each trial into recipes/.")
        return files

    def analyses(self) -> Mapping[str, Path]:
        """Return the analysis files by name; the name is empty for ``analysis.yaml``.

        Raises
        ------
        ProjectError
            If there is none, or both ``analysis.yaml`` and a folder ``analyses``.
        """
        single = self.folder / "analysis.yaml"
        several = sorted((self.folder / "analyses").glob("*.yaml"))
        if single.exists() and several:
            raise ProjectError(
                f"{self.folder.name} has analysis.yaml and files in analyses/: move analysis.yaml into analyses/."
            )
        if not single.exists() and not several:
            raise ProjectError(
                f"{self.folder.name} has no analysis.yaml: two lines are enough, "
                "outcome: {construct: ..., visit: ...} and contrast: {treatment: ..., control: ...}."
            )
        return {"": single} if single.exists() else {path.stem: path for path in several}

    def write_private(self) -> Path:
        """Make the private folder, which git ignores as a whole, and return it."""
        self.private.mkdir(exist_ok=True)
        ignore = self.private / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8", newline="\n")
        return self.private


def open_project(folder: Path) -> Project:
    """Return the project in ``folder``.

    Raises
    ------
    ProjectError
        If the folder does not exist or holds nothing of a project.
    """
    folder = folder.expanduser().resolve()
    if not folder.exists():
        raise ProjectError(f"the folder {folder.name} does not exist; 'ipdma new {folder.name}' makes a project there.")
    if not folder.is_dir():
        raise ProjectError(f"{folder.name} is a file; name the project's folder.")
    project = Project(folder)
    if not (project.recipes.is_dir() or project.raw.is_dir() or (folder / "analysis.yaml").exists()):
        raise ProjectError(
            f"{folder.name} is no project: it has no recipes/, raw/ or analysis.yaml. 'ipdma new DIR' makes one."
        )
    return project


def empty_folder(folder: Path, *, what: str) -> Path:
    """Return ``folder``, which may not exist yet, as the place for something new.

    Raises
    ------
    ProjectError
        If it is a file or holds anything.
    """
    folder = folder.expanduser().resolve()
    if folder.is_file():
        raise ProjectError(f"{folder.name} is a file; name a folder for {what}.")
    if folder.is_dir() and any(folder.iterdir()):
        raise ProjectError(f"{folder.name} is not empty, so {what} is not put there. Name a new folder.")
    if not folder.exists() and not folder.parent.is_dir():
        raise ProjectError(f"the folder {folder.parent.name}, in which {folder.name} would be made, does not exist.")
    return folder
