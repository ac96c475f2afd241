"""The tables that figures draw."""

from typing import Any

import pandas as pd

from ipdma.report.tables import (
    beside_table,
    claim_rows,
    claim_table,
    control_tables,
    curve_table,
    curves_of,
    interaction_table,
    specification_table,
    status_table,
    trial_table,
)


def test_a_trial_is_one_flat_row(full_summary: dict[str, Any]) -> None:
    table = trial_table(full_summary)
    columns = ["trial", "label", "group", "n", "raw", "raw_se", "mean", "sd", "q2.5", "median", "q97.5", "weight"]
    assert list(table.columns) == columns
    assert table.loc[3, "q97.5"] == full_summary["trial_effects"][3]["shrunken"]["q97.5"]


def test_what_a_trial_lacks_is_missing() -> None:
    table = trial_table({"trial_effects": [{"trial": "a", "label": "A", "raw": 1.0}, {"trial": "b", "label": "B"}]})
    assert pd.isna(table.loc[1, "raw"]) and table["mean"].isna().all()


def test_a_point_of_a_curve_is_one_flat_row(full_summary: dict[str, Any]) -> None:
    table = curve_table(full_summary["curves"][0])
    assert list(table.columns) == [
        "x", "label", "mean", "sd", "q2.5", "median", "q97.5", "q25", "q75", "trials", "participants",
    ]  # fmt: skip
    assert table["trials"].sum() == 8


def test_groups_come_from_the_consortium(full_summary: dict[str, Any]) -> None:
    assert list(trial_table(full_summary)["group"])[:2] == ["specific phobia", "social anxiety disorder"]
    del full_summary["consortium"]
    assert trial_table(full_summary)["group"].isna().all()


def test_curves_over_one_variable_are_one_table_and_two_of_a_name_are_told_apart(full_summary: dict[str, Any]) -> None:
    plateau, emax = curves_of(full_summary, "number_of_doses")
    items = [{**plateau, "settings": {"corner": 0.5}}, emax, {**plateau, "settings": {"corner": 0.2}}]
    table = beside_table(items)
    assert list(dict.fromkeys(table["curve"])) == ["plateau (corner 0.5)", "emax", "plateau (corner 0.2)"]
    assert len(table) == 3 * 49


def test_the_map_has_every_trial_in_the_order_of_the_consortium(full_summary: dict[str, Any]) -> None:
    full_summary["availability"][0]["trials"].pop("sim_01")
    full_summary["availability"].append({"table": "arms", "column": "arm", "trials": {"sim_01": "complete"}})
    table = status_table(full_summary)
    assert len(table) == 5 * 8
    first = table.iloc[0]
    assert (first["variable"], first["trial"], first["status"]) == (
        "arms: number of doses", "Simulated trial 1 (2004)", "undetermined",
    )  # fmt: skip
    assert "participants: age (years)" in set(table["variable"])


def test_only_the_pooled_effect_in_its_own_unit_is_drawn_among_sensitivity_analyses(
    full_summary: dict[str, Any],
) -> None:
    table = specification_table(full_summary)
    assert list(table["family"]) == ["Leave one trial out"] * 8 + ["Tau prior"]


def test_the_claim_s_probabilities_are_those_of_the_model_that_carries_it(full_summary: dict[str, Any]) -> None:
    rows = full_summary["sensitivity"]
    places = [i for i, row in enumerate(rows) if "claim_probability" in row]
    rows.append({**rows[places[0]], "model": "emax over number_of_doses", "claim_probability": 0.9})
    assert list(claim_rows(full_summary)) == places
    assert claim_table(full_summary).to_dict("records") == [
        {"family": "Tau prior", "label": "half_normal(0.25 sd)", "probability": 0.9377, "statement": "supported"},
        {"family": "Tau prior", "label": "half_normal(1 sd)", "probability": 0.5713, "statement": "cannot tell"},
    ]
    del full_summary["claim"]
    assert claim_table(full_summary).empty


def test_interactions_and_control_arms_are_the_summary_s(full_summary: dict[str, Any]) -> None:
    terms = interaction_table(full_summary)
    assert list(terms["term"]) == ["within", "across", "difference", "within"]
    line, trials = control_tables(full_summary["control_arm"][0])
    assert (line["high"] > line["low"]).all() and len(trials) == 8
