"""Rows of sensitivity analyses as a table and on a screen."""

from ipdma.sensitivity.checks import Checks

FIVE = {"mean": -2.0, "sd": 1.0, "q2.5": -4.0, "median": -2.0, "q97.5": 0.0}
ROW = {"family": "effect_prior", "label": "wider", "model": "plain", "quantity": "pooled_effect", **FIVE}


def test_nested_numbers_have_columns_of_their_own() -> None:
    row = {**ROW, "tau": FIVE, "parameters": {"kappa": FIVE}, "divergences": 0, "rhat_max": 1.001}
    table = Checks(rows=(row,), stated=()).table
    assert list(table) == [
        *("family", "label", "model", "quantity", "mean", "sd", "q2.5", "median", "q97.5", "divergences", "rhat_max"),
        *("kappa_mean", "kappa_q2.5", "kappa_q97.5", "tau_mean", "tau_q2.5", "tau_q97.5"),
    ]


def test_no_rows_give_an_empty_table() -> None:
    assert Checks(rows=(), stated=()).table.empty


def test_a_print_is_one_screen() -> None:
    rows = tuple(
        {**ROW, "label": f"without trial {i} of a very long name, much longer than a column"} for i in range(60)
    )
    lines = str(Checks(rows=rows, stated=({**ROW, "label": "as stated"},))).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    assert lines[1].startswith("as stated")
    assert lines[-1] == "... 40 more rows in .table"
