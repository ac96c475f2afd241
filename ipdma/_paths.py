"""Where the package's content (data_schemas) lies."""

from pathlib import Path


def data_schemas() -> Path:
    """Return the folder of schemas, scales and the worked consortium.

    In a wheel it lies inside the package, in an editable install beside it. The place is found from this file and not
    from the installed metadata: an editable install can leave a stale copy in site-packages.
    """
    here = Path(__file__).resolve().parent
    beside = here.parent / "data_schemas"
    return beside if (here.parent / "pyproject.toml").is_file() and beside.is_dir() else here / "data_schemas"
