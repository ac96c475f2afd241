"""The published data sets through their recipes: rows, arm means, and the analysis that each project asks for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma._yaml import plain, read_yaml
from ipdma.analysis import Analysis
from ipdma.analysis_file.read import read_analysis
from ipdma.harmonize.check import check
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.harmonize import harmonize
from ipdma.models.least_squares import LeastSquares, least_squares

PROJECTS = Path(__file__).resolve().parent / "projects"
DATA = {
    "acupuncture": "acupuncture_vickers2004",
    "cdystonia": "cdystonia_9sites_3doses",
    "eight_schools": "eight_schools",
    "mdd": "pseudoipd_MDD",
}


@pytest.fixture(scope="module")
def consortium(reference_data: Path) -> Callable[[str], Consortium]:
    """A function that harmonizes a project; the data are read where they lie."""
    done: dict[str, Consortium] = {}

    def harmonized(name: str) -> Consortium:
        if name not in done:
            scales = PROJECTS / name / "scales"
            done[name] = harmonize(
                reference_data / DATA[name],
                recipes=PROJECTS / name / "recipes",
                scales=scales if scales.is_dir() else None,
            )
        return done[name]

    return harmonized


def outcomes(consortium: Consortium, visit: str) -> pd.DataFrame:
    """Values at a visit with each participant's arm."""
    rows = consortium.tables["assessments"]
    people = consortium.tables["participants"][["trial", "participant_id", "arm"]]
    return rows[(rows["visit"] == visit).to_numpy(dtype=bool)].merge(people, on=["trial", "participant_id"])


def fitted(consortium: Consortium, name: str, **columns: str) -> LeastSquares:
    file = read_analysis(PROJECTS / name / "analysis.yaml")
    analysis = Analysis(consortium=consortium, estimand=file.estimand, model=file.plain)
    return least_squares(analysis.design, **columns)


@pytest.mark.parametrize("name", DATA)
def test_recipes_and_analyses_follow_the_shipped_schemas(name: str) -> None:
    for kind, paths in {"recipe": "recipes/*.yaml", "analysis": "analysis.yaml"}.items():
        schema = json.loads((data_schemas() / f"{kind}.schema.json").read_text(encoding="utf-8"))
        for path in (PROJECTS / name).glob(paths):
            jsonschema.validate(plain(read_yaml(path)), schema)


@pytest.mark.published
@pytest.mark.parametrize("name", DATA)
def test_a_recipe_fits_its_file_and_gives_tables_without_a_remark(
    name: str, consortium: Callable[[str], Consortium], reference_data: Path
) -> None:
    scales = PROJECTS / name / "scales"
    found = check(reference_data / DATA[name], PROJECTS / name / "recipes", scales=scales if scales.is_dir() else None)
    assert found == []
    assert consortium(name).issues.empty


@pytest.mark.published
def test_mdd_has_the_published_arms_of_eight_trials(
    consortium: Callable[[str], Consortium], reference_data: Path
) -> None:
    published = pd.read_csv(reference_data / DATA["mdd"] / "arm_summaries_completed.csv")
    assert len(consortium("mdd").trials) == 8
    for visit, column in (("baseline", "MeanBaseline"), ("post", "MeanFU")):
        values = outcomes(consortium("mdd"), visit).groupby(["trial", "arm"], sort=False)["value"]
        means = values.mean().unstack()[["rtms", "sham"]].to_numpy(dtype=float).ravel()
        wanted = published.sort_values(["ID", "group"], ascending=[True, False])
        assert means == pytest.approx(wanted[column].to_numpy(), abs=1e-6)
        assert values.size().unstack()[["rtms", "sham"]].to_numpy().ravel().tolist() == wanted["NCFB"].tolist()


@pytest.mark.published
def test_acupuncture_has_the_arms_of_the_paper(
    consortium: Callable[[str], Consortium], reference: Callable[[str], Any]
) -> None:
    published = reference(DATA["acupuncture"])["published"]
    values = outcomes(consortium("acupuncture"), "month_12").groupby("arm")["value"]
    assert values.mean()[["acupuncture", "control"]].round(1).tolist() == published["arm_means"]
    assert values.size()[["acupuncture", "control"]].tolist() == published["n"]
    assert len(consortium("acupuncture").tables["participants"]) == 401


@pytest.mark.published
def test_acupuncture_gives_the_ancova_of_its_reference(
    consortium: Callable[[str], Consortium], reference: Callable[[str], Any]
) -> None:
    wanted = reference(DATA["acupuncture"])["ancova12_baseline"]
    found = fitted(consortium("acupuncture"), "acupuncture")
    effect = found.coefficients.iloc[0]
    assert (found.n, effect["estimate"], effect["se"]) == pytest.approx(
        (wanted["n"], wanted["est"], wanted["se"]), rel=1e-7
    )


@pytest.mark.published
def test_cdystonia_has_nine_sites_three_arms_and_106_participants_at_week_4(
    consortium: Callable[[str], Consortium],
) -> None:
    tables = consortium("cdystonia").tables
    assert len(consortium("cdystonia").trials) == 9
    # The code book's own numbers of participants, 37, 36 and 36, with the arms the true way round.
    assert tables["participants"]["arm"].value_counts().to_dict() == {
        "units_10000": 37,
        "units_5000": 36,
        "placebo": 36,
    }
    assert len(outcomes(consortium("cdystonia"), "week_4")) == 106
    assert len(tables["assessments"]) == 631


@pytest.mark.published
def test_cdystonia_gives_the_line_through_the_doses_of_its_reference(
    consortium: Callable[[str], Consortium], reference: Callable[[str], Any]
) -> None:
    wanted = reference(DATA["cdystonia"])["week4"]["linear_per_1000U"]
    found = fitted(consortium("cdystonia"), "cdystonia", linear="dose")
    effect = found.coefficients.iloc[0]
    assert found.n == wanted["n"]
    assert (1000 * effect["estimate"], 1000 * effect["se"]) == pytest.approx((wanted["est"], wanted["se"]), rel=1e-7)


@pytest.mark.published
def test_eight_schools_has_the_estimates_as_first_published(consortium: Callable[[str], Consortium]) -> None:
    estimates = consortium("eight_schools").tables["estimates"]
    # Rubin 1981, table 1.
    assert estimates["estimate"].tolist() == [28, 8, -3, 7, -1, 1, 18, 12]
    assert estimates["se"].tolist() == [15, 10, 16, 11, 9, 11, 10, 18]
    assert consortium("eight_schools").tables["trials"]["data"].unique().tolist() == ["aggregate"]
