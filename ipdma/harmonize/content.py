"""What recipes are checked against: the common tables and the instruments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ipdma._paths import data_schemas
from ipdma.errors import SchemaError
from ipdma.harmonize.finding import Finding
from ipdma.schemas.recipe import Recipe
from ipdma.schemas.scale import Scale
from ipdma.schemas.scale_file import read_scales
from ipdma.schemas.tables import Table, read_schema


@dataclass(frozen=True, kw_only=True, eq=False)
class Content:
    """The common tables by name and the instruments by code."""

    schema: Mapping[str, Table]
    scales: Mapping[str, Scale]


def read_content(scales: Path | str | None, schema: Path | str | None) -> Content:
    """Return the common tables and the instruments, a project's own included.

    Parameters
    ----------
    scales
        Folder of the project's instruments; one of a code that the package has replaces that.
    schema
        The project's ``schema.yaml``.

    Raises
    ------
    SchemaError, ScaleError
        If the project's files cannot be read.
    """
    folders = [data_schemas() / "scales"] + ([] if scales is None else [Path(scales)])
    extra = None if schema is None else Path(schema)
    return Content(schema=read_schema(extra=extra), scales=read_scales(*folders))


def own_categories(schema: Mapping[str, Table]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the categories of columns that the project added to the common tables, by table and column."""
    common = read_schema()
    found = {
        name: {column.name: column.categories for column in table.columns.values()
               if column.categories and column.name not in common[name].columns}
        for name, table in schema.items()
    }  # fmt: skip
    return {name: columns for name, columns in found.items() if columns}


def unknown_versions(recipes: Sequence[Recipe]) -> list[Finding]:
    """Return recipes that fill a version of the common schema that does not exist."""
    found = []
    for recipe in recipes:
        try:
            read_schema(recipe.schema.removeprefix("ipd "))
        except SchemaError as error:
            found.append(Finding(code="schema_version", message=str(error), recipe=recipe.name, line=1))
    return found
