"""The package holds for any drug, any instrument, any trials: their names stand in content files only."""

import re
from pathlib import Path

import pytest

from ipdma._paths import data_schemas
from ipdma._yaml import plain, read_yaml

PACKAGE = Path(__file__).resolve().parents[2] / "ipdma"
# Words of the worked case and of the reference data that no content file need hold.
DRUGS = {"cycloserine", "dcs", "seromycin", "botulinum", "ssri", "acupuncture", "misoprostol", "aripiprazole"}
INSTRUMENTS = {
    "lsas",
    "spai",
    "spds",
    "sias",
    "ybocs",
    "cybocs",
    "pdss",
    "caps",
    "pcl",
    "cpss",
    "cgi",
    "suds",
    "ocir",
    "bdi",
    "bdi2",
    "madras",
    "madrs",
    "hamd",
    "hamd17",
    "hama",
    "bai",
    "scared",
    "adis",
    "phq",
    "phq9",
    "gad7",
    "twstrs",
}
CONDITIONS = {
    "ocd",
    "ptsd",
    "phobia",
    "panic",
    "agoraphobia",
    "exposure",
    "depression",
    "anxiety",
    "dystonia",
    "migraine",
}
TRIALS = {"ressler2004", "hofmann2006", "kushner2007", "guastella2008", "rothbaum2014", "smits2020", "cdystonia", "mdd"}


def words(text: str) -> set[str]:
    """Lower-case words; ``lsas_total`` holds lsas, and ``sim_01`` is looked for as a whole."""
    lower = text.lower()
    return set(re.findall(r"[a-z]+[0-9]*", lower)) | set(re.findall(r"[a-z]+_[0-9]+", lower))


def content_names() -> set[str]:
    """Codes of instruments, and treatments and trials of the worked consortium, as their files say."""
    folder = data_schemas()
    names = {str(read_yaml(path)["code"]) for path in (folder / "scales").glob("*.yaml")}
    worked = folder / "worked_consortium"
    for recipe in sorted((worked / "recipes").glob("*.yaml")):
        data = plain(read_yaml(recipe))
        names.add(str(data["trial"]) if isinstance(data["trial"], str) else "")
        names |= {str(row["treatment"]) for row in data["tables"].get("arms", {}).get("rows", [])}
    names |= {path.stem for path in (worked / "designs").glob("*.yaml")}
    names |= {path.stem for path in (folder / "published_trials").glob("*.yaml")}
    return {name.lower() for name in names} - {"placebo", ""}


FORBIDDEN = DRUGS | INSTRUMENTS | CONDITIONS | TRIALS | content_names()


def test_the_search_knows_what_the_content_holds() -> None:
    assert {"dcs", "lsas", "sim_01"} <= content_names(), "names are gathered from the files, not only from the list"
    assert words("the LSAS_total of sim_01") >= {"lsas", "sim_01"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_drug_instrument_condition_or_trial_is_named_in_the_package(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {number: sorted(words(line) & FORBIDDEN) for number, line in enumerate(lines, start=1)}
    assert not {number: names for number, names in found.items() if names}
