"""The worked consortium: its content is sound, and its recipes bring back what was simulated, value by value."""

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest

from ipdma._paths import data_schemas
from ipdma._yaml import plain, read_yaml
from ipdma.analysis_file.read import read_analysis
from ipdma.curves.levelling import Levelling
from ipdma.curves.linear import Linear
from ipdma.curves.plateau import Plateau
from ipdma.errors import HarmonizationError, SimulationError
from ipdma.harmonize.consortium import Consortium
from ipdma.harmonize.harmonize import harmonize
from ipdma.schemas.quantity import Quantity
from ipdma.schemas.scale_file import read_scales
from ipdma.simulate.design_file import read_designs
from ipdma.simulate.participants import primary, to_percent
from ipdma.simulate.trial import SimulatedTrial
from ipdma.simulate.truth_file import read_truth
from ipdma.simulate.worked import simulate_raw, simulate_trials

WORKED = data_schemas() / "worked_consortium"
SEED = 1
DESIGNS = read_designs(WORKED / "designs")
TRIALS = [design.trial for design in DESIGNS]
WITHOUT_ANTIDEPRESSANTS = "sim_12"


@pytest.fixture(scope="module")
def truth() -> dict[str, SimulatedTrial]:
    return simulate_trials(DESIGNS, read_truth(WORKED / "truth.yaml"), seed=SEED)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worked") / "raw"
    simulate_raw(WORKED / "designs", WORKED / "truth.yaml", folder, seed=SEED)
    return folder


@pytest.fixture(scope="module")
def consortium(raw: Path) -> Consortium:
    return harmonize(raw, recipes=WORKED / "recipes", trials=WORKED / "trials.csv")


def of_trial(consortium: Consortium, table: str, trial: str) -> pd.DataFrame:
    rows = consortium.tables[table]
    return rows[rows["trial"] == trial].reset_index(drop=True)


# The content


@pytest.mark.parametrize("design", DESIGNS, ids=TRIALS)
def test_every_field_of_a_design_has_a_doi_a_registry_number_or_its_rule(design: object) -> None:
    for place, source in design.sources.items():  # type: ignore[attr-defined]
        known = r"filled: \w|doi 10\.\d{4,}/\S+|NCT\d{8}|ISRCTN\d{8}|NTR\d+|PubMed \d+"
        assert re.match(known, source), f"{place}: {source}"


def test_trials_differ_in_number_of_doses_dose_and_timing_so_that_curves_can_be_drawn() -> None:
    active = [arm for design in DESIGNS for arm in design.arms if arm.active]
    assert len({arm.number_of_doses for arm in active}) >= 4
    assert len({arm.dose for arm in active}) >= 3
    assert len({arm.timing_min for arm in active}) >= 3


def test_the_trials_table_has_every_design_and_its_number_randomized() -> None:
    table = pd.read_csv(WORKED / "trials.csv").set_index("trial")
    assert list(table.index[table["data"] == "individual"]) == TRIALS
    for design in DESIGNS:
        assert table.loc[design.trial, "n_randomized"] == sum(arm.n for arm in design.arms)
        assert "simulated" in str(table.loc[design.trial, "label"])


@pytest.mark.parametrize("path", sorted(WORKED.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_page_says_that_it_is_simulated(path: Path) -> None:
    assert "simulated" in path.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize(
    "path", [*sorted((WORKED / "recipes").glob("*.yaml")), WORKED / "analysis.yaml"], ids=lambda path: path.name
)
def test_recipes_and_analysis_have_the_form_that_editors_check(path: Path) -> None:
    schema = "analysis" if path.name == "analysis.yaml" else "recipe"
    form = json.loads((data_schemas() / f"{schema}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(plain(read_yaml(path)))), form)


def test_the_analysis_asks_what_the_trials_can_be_asked() -> None:
    analysis = read_analysis(WORKED / "analysis.yaml")
    assert analysis.estimand.reference["dose"] == Quantity(50.0, "mg")
    across, plateau, linear = analysis.beside
    assert across.interaction_across and across.main is None and not across.shifts
    assert isinstance(plateau.main, Plateau) and isinstance(linear.main, Linear)
    assert not plateau.interaction_across and not linear.interaction_across
    assert analysis.claim == Levelling(early=(1.0, 9.0), late=(9.0, 12.0))
    assert set(analysis.plain.modifiers) <= {"baseline_severity", *DESIGNS[0].people.yes_shares}


# The simulation


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(raw: Path, tmp_path: Path) -> None:
    for folder, seed in (("again", SEED), ("other", SEED + 1)):
        simulate_raw(WORKED / "designs", WORKED / "truth.yaml", tmp_path / folder, seed=seed)
    for path in sorted(raw.iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
        assert path.read_bytes() != (tmp_path / "other" / path.name).read_bytes(), path.name


def test_simulated_numbers_are_plausible(truth: dict[str, SimulatedTrial]) -> None:
    for trial in truth.values():
        score = primary(trial.scale)
        assert trial.scores.stack().between(score.minimum, score.maximum).all()
        assert trial.people["baseline"].std() > 0
        percent = to_percent(trial.people["baseline"].to_numpy(), trial.scale)
        assert 50 < percent.mean() < 75 and 8 < percent.std() < 20
    pooled = pd.concat([_change(trial) for trial in truth.values()])
    assert 0.35 < np.corrcoef(pooled["b"], pooled["y"])[0, 1] < 0.7  # about 0.5


def _change(trial: SimulatedTrial) -> pd.DataFrame:
    post = next(visit.visit for visit in trial.design.visits if visit.phase == "post")
    seen = trial.scores[post].notna()
    y = to_percent(trial.scores.loc[seen, post].to_numpy(dtype=np.int64), trial.scale)
    b = to_percent(trial.people.loc[seen, "baseline"].to_numpy(dtype=np.int64), trial.scale)
    return pd.DataFrame({"b": b - b.mean(), "y": y - y.mean()})


def test_some_participants_are_lost_and_some_items_are_left_out(truth: dict[str, SimulatedTrial]) -> None:
    assert any(trial.scores.isna().any(axis=None) for trial in truth.values())
    for trial in truth.values():
        if any(column.holds == "items" for layout in trial.design.files for column in layout.columns):
            assert trial.items["answer"].isna().any(), trial.design.trial


def test_an_instrument_without_scale_file_is_named() -> None:
    with pytest.raises(SimulationError, match="sim_01: no scale file describes 'aq'"):
        simulate_trials(
            DESIGNS, read_truth(WORKED / "truth.yaml"), seed=1, scales={"lsas": read_scales(_scales())["lsas"]}
        )


def _scales() -> Path:
    return data_schemas() / "scales"


# The recipes: harmonized tables against what was simulated


@pytest.mark.parametrize("trial", TRIALS)
def test_participants_are_those_simulated(trial: str, consortium: Consortium, truth: dict[str, SimulatedTrial]) -> None:
    columns = ["participant_id", "arm", "age_years", "sex", "antidepressant_baseline"]
    found = of_trial(consortium, "participants", trial)[columns].sort_values("participant_id", ignore_index=True)
    expected = truth[trial].people[columns]
    if trial == WITHOUT_ANTIDEPRESSANTS:
        assert found.pop("antidepressant_baseline").isna().all()
    for column in found:
        assert found[column].tolist() == expected[column].tolist(), column


@pytest.mark.parametrize("trial", [d.trial for d in DESIGNS if d.people.randomized])
def test_days_are_those_simulated_in_whatever_order_a_file_writes_them(
    trial: str, consortium: Consortium, truth: dict[str, SimulatedTrial]
) -> None:
    found = of_trial(consortium, "participants", trial).sort_values("participant_id")["randomized_on"]
    assert [str(day)[:10] for day in found] == [day.isoformat() for day in truth[trial].people["randomized_on"]]


def test_days_of_visits_are_counted_from_randomization_without_a_day_zero(
    consortium: Consortium, truth: dict[str, SimulatedTrial]
) -> None:
    rows = of_trial(consortium, "assessments", "sim_21").set_index(["participant_id", "visit"])["study_day"]
    simulated = truth["sim_21"]
    for (person, visit), day in rows.items():
        row = simulated.people.index[simulated.people["participant_id"] == person][0]
        after = simulated.days[visit].iat[row]
        assert day == (after + 1 if after >= 0 else after)
    assert rows.xs("w0", level="visit").eq(1).all() and rows.max() > 365


@pytest.mark.parametrize("trial", TRIALS)
def test_arms_and_visits_are_those_of_the_design(trial: str, consortium: Consortium) -> None:
    design = next(d for d in DESIGNS if d.trial == trial)
    arms = of_trial(consortium, "arms", trial).set_index("arm")
    for arm in design.arms:
        row = arms.loc[arm.arm]
        assert row["treatment"] == arm.treatment
        if arm.active:
            assert (row["dose"], row["dose_unit"]) == (arm.dose, arm.dose_unit)
            assert (row["number_of_doses"], row["timing_min"]) == (arm.number_of_doses, arm.timing_min)
        else:
            assert row[["dose", "number_of_doses", "timing_min"]].isna().all()
    visits = of_trial(consortium, "visits", trial)
    assert dict(zip(visits["visit"], visits["phase"], strict=True)) == {v.visit: v.phase for v in design.visits}


@pytest.mark.parametrize("trial", TRIALS)
def test_scores_are_those_simulated_and_missing_where_simulated_missing(
    trial: str, consortium: Consortium, truth: dict[str, SimulatedTrial]
) -> None:
    found = of_trial(consortium, "assessments", trial).dropna(subset=["value"])
    found = found[found["score"] == truth[trial].scale.primary]
    assert set(found["instrument"]) == {truth[trial].design.instrument}
    assert not found.duplicated(["participant_id", "visit"]).any()
    values = {
        (person, visit): value
        for person, visit, value in found[["participant_id", "visit", "value"]].itertuples(index=False)
    }
    assert values == expected_scores(truth[trial])


def expected_scores(trial: SimulatedTrial) -> dict[tuple[str, str], float]:
    """The scores of attended visits; where items were left out, by the missing-item rule of the scale file."""
    ids = trial.people["participant_id"]
    scores = {
        (ids[row], visit): float(value)
        for visit in trial.scores
        for row, value in enumerate(trial.scores[visit])
        if not pd.isna(value)
    }
    for (row, visit), form in trial.items.groupby(["row", "visit"]):
        if form["answer"].isna().any():
            scores[ids[row], visit] = by_rule(trial, form)
    return {key: value for key, value in scores.items() if not np.isnan(value)}


def by_rule(trial: SimulatedTrial, form: pd.DataFrame) -> float:
    rule = primary(trial.scale).missing_items
    total = 0.0
    for _, answers in form.groupby("set")["answer"]:
        missing = int(answers.isna().sum())
        allowed = {"complete": 0.0, "prorate": rule.limit * len(answers), "at_most": rule.limit}[rule.rule]
        if missing > allowed:
            return float("nan")
        total += answers.sum() / (len(answers) - missing) * len(answers)
    return total


@pytest.mark.parametrize("trial", ["sim_02", "sim_16", "sim_21"])
def test_minutes_from_pill_to_session_are_those_simulated(
    trial: str, consortium: Consortium, truth: dict[str, SimulatedTrial]
) -> None:
    found = of_trial(consortium, "sessions", trial).dropna(subset=["timing_min"])
    columns = ["participant_id", "session_number", "timing_min"]
    values = {
        (person, int(session)): float(minutes) for person, session, minutes in found[columns].itertuples(index=False)
    }
    simulated = truth[trial].sessions.dropna()
    ids = truth[trial].people["participant_id"]
    expected = {
        (ids[row], session): start - pill
        for row, session, pill, start in simulated[["row", "session", "pill", "start"]].itertuples(index=False)
    }
    assert values == expected
    assert (min(values.values()) < 0) == (truth[trial].design.timing_min < 0)  # a pill after the session


@pytest.mark.parametrize("trial", ["sim_11", "sim_14"])
def test_sessions_are_as_many_as_the_file_counts(
    trial: str, consortium: Consortium, truth: dict[str, SimulatedTrial]
) -> None:
    found = of_trial(consortium, "sessions", trial).groupby("participant_id")["session_number"].agg(["size", "max"])
    taken = truth[trial].sessions.groupby("row").size()
    expected = {truth[trial].people["participant_id"][row]: count for row, count in taken.items()}
    assert found["size"].to_dict() == found["max"].to_dict() == expected


def test_subtotals_are_kept_beside_the_total_they_add_up_to(consortium: Consortium) -> None:
    rows = of_trial(consortium, "assessments", "sim_13")
    wide = rows.pivot(index=["participant_id", "visit"], columns="score", values="value")
    assert (wide["obsessions"] + wide["compulsions"] == wide["total"]).all()
    assert len(wide) > 40


def test_a_trial_that_did_not_record_a_variable_says_so(consortium: Consortium) -> None:
    status = consortium.status
    of_column = status[status["column"] == "antidepressant_baseline"].set_index("trial")
    assert of_column.loc[WITHOUT_ANTIDEPRESSANTS, "status"] == "impossible"
    assert set(of_column["status"]) >= {"complete", "partial", "impossible"}


def test_what_was_typed_wrong_is_corrected_from_the_trialists_answers(
    tmp_path: Path, truth: dict[str, SimulatedTrial]
) -> None:
    simulate_raw(
        WORKED / "designs", WORKED / "truth.yaml", tmp_path / "raw", seed=SEED, corrections=tmp_path / "corrections"
    )
    assert [path.name for path in (tmp_path / "corrections").iterdir()] == ["sim_18.yaml"]
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "sim_18.yaml").write_bytes((WORKED / "recipes" / "sim_18.yaml").read_bytes())
    with pytest.raises(HarmonizationError, match="age_years"):
        harmonize(tmp_path / "raw", recipes=recipes)
    corrected = harmonize(tmp_path / "raw", recipes=recipes, corrections=tmp_path / "corrections")
    ages = corrected.tables["participants"].sort_values("participant_id")["age_years"]
    assert ages.tolist() == truth["sim_18"].people["age_years"].tolist()


def test_the_column_no_recipe_line_reads_is_undetermined(consortium: Consortium) -> None:
    status = consortium.status
    undetermined = status[(status["trial"] == "sim_01") & (status["status"] == "undetermined")]
    assert undetermined["column"].str.contains("Bemerkung").any()
