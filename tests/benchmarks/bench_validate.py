"""How long validation takes with many participants: ``python tests/benchmarks/bench_validate.py [PARTICIPANTS ...]``.

No test: nothing depends on the time. Printed are seconds for tables without an error and for the same tables with
every kind of finding in some rows, with the origin of every row given.
"""

import sys
import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ipdma._paths import data_schemas
from ipdma.harmonize.validate import validate
from ipdma.schemas.scale_file import read_scales
from ipdma.schemas.tables import Table, read_schema

TRIALS, SESSIONS, SEED = 20, 5, 1
ARMS, VISITS = ["placebo", "high"], ["pre", "post"]
SCHEMA, SCALES = read_schema(), read_scales(data_schemas() / "scales")
SCALE = next(iter(SCALES.values()))


def column(values: object, dtype: str) -> pd.Series:
    return pd.Series(values, dtype=dtype)


def whole(table: Table, **columns: object) -> pd.DataFrame:
    """A table with all columns of the schema, those not given empty."""
    rows = len(next(iter(columns.values())))  # type: ignore[arg-type]
    empty = [pd.NA] * rows
    return pd.DataFrame({c.name: column(columns.get(c.name, empty), c.dtype) for c in table.columns.values()})


def made(participants: int) -> dict[str, pd.DataFrame]:
    """Tables of two arms, two visits and five sessions, no rule broken."""
    trials = np.array([f"trial_{n:02d}" for n in range(TRIALS)], dtype=object)
    trial = np.sort(trials[np.arange(participants) % TRIALS])
    person = np.array([str(n) for n in range(participants)], dtype=object)
    chance = np.random.default_rng(SEED)
    score = SCALE.scores[SCALE.primary]
    value = np.round(chance.uniform(score.minimum, score.maximum, participants * 2))
    return {
        "trials": whole(SCHEMA["trials"], trial=trials, label=trials, data=["individual"] * TRIALS),
        "arms": whole(
            SCHEMA["arms"], trial=trials.repeat(2), arm=ARMS * TRIALS, treatment=["placebo", "drug"] * TRIALS
        ),
        "visits": whole(
            SCHEMA["visits"], trial=trials.repeat(2), visit=VISITS * TRIALS, phase=["baseline", "post"] * TRIALS
        ),
        "participants": whole(
            SCHEMA["participants"],
            trial=trial,
            participant_id=person,
            arm=np.resize(np.array(ARMS, dtype=object), participants),
            age_years=chance.uniform(18, 70, participants),
            sex=np.array(["female", "male"], dtype=object)[chance.integers(0, 2, participants)],
        ),
        "sessions": whole(
            SCHEMA["sessions"],
            trial=trial.repeat(SESSIONS),
            participant_id=person.repeat(SESSIONS),
            session_number=np.tile(np.arange(1, SESSIONS + 1), participants),
            timing_min=chance.uniform(-60, 120, participants * SESSIONS),
        ),
        "assessments": whole(
            SCHEMA["assessments"],
            trial=trial.repeat(2),
            participant_id=person.repeat(2),
            visit=np.tile(np.array(VISITS, dtype=object), participants),
            instrument=[SCALE.code] * participants * 2,
            score=[SCALE.primary] * participants * 2,
            rater=["self"] * participants * 2,
            value=value,
            value_source=["items"] * participants * 2,
        ),
    }


def spoiled(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables with one row in a hundred wrong in several ways."""
    people, values = tables["participants"].copy(), tables["assessments"].copy()
    people.loc[::100, "age_years"] = 3.0
    people.loc[::100, "sex"] = "f"
    people.loc[::100, "arm"] = "low"
    values.loc[::100, "value"] = 1e6
    values.loc[1::100, "participant_id"] = "nobody"
    return {**tables, "participants": people, "assessments": values}


def origin_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = []
    for name, frame in tables.items():
        row = frame.groupby("trial", sort=False).cumcount() + 1
        parts.append(pd.DataFrame({"table": name, "trial": frame["trial"], "row": row, "file": "main.csv",
                                   "file_row": row + 1}))  # fmt: skip
    types = {"table": "string", "trial": "string", "row": "Int64", "file": "string", "file_row": "Int64"}
    return pd.concat(parts, ignore_index=True).astype(types)


def seconds(tables: Mapping[str, pd.DataFrame], origin: pd.DataFrame) -> tuple[float, int]:
    start = time.perf_counter()
    findings = validate(tables, SCHEMA, SCALES, origin=origin)
    return time.perf_counter() - start, len(findings)


def main(sizes: list[int]) -> None:
    print(f"{'participants':>12} {'rows':>9} {'right, s':>9} {'wrong, s':>9} {'findings':>9}")
    for size in sizes:
        right = made(size)
        origin = origin_of(right)
        (good, none), (bad, some) = (seconds(tables, origin) for tables in (right, spoiled(right)))
        assert not none
        print(f"{size:>12} {len(origin):>9} {good:>9.2f} {bad:>9.2f} {some:>9}")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [2_000, 20_000, 200_000])
