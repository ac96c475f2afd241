"""What sensitivity analyses gave: one row a number, and what was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ipdma.summaries.quantiles import QUANTITIES

_SCREEN = 24  # lines
_LONGEST = 44


@dataclass(frozen=True, kw_only=True, eq=False)
class Checks:
    """The rows of ``summary["sensitivity"]``.

    Parameters
    ----------
    rows
        One for each number: ``family``, ``label``, ``model``, ``quantity`` (``pooled_effect``, ``effect_at_reference``,
        ``within.M``, ``across.M``) with mean, sd, q2.5, median, q97.5; ``unit`` where it is not that of the analysis;
        ``tau``, ``parameters``, ``claim`` where the model has them; ``divergences`` and ``rhat_max``. A refused variant
        has ``refused``, the reason, instead.
    stated
        The same numbers of the stated analysis, by model and quantity.
    """

    rows: tuple[Mapping[str, Any], ...]
    stated: tuple[Mapping[str, Any], ...]

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a tidy table; what is nested has a column for each number."""
        return check_table(self.rows)

    @property
    def refused(self) -> tuple[str, ...]:
        """A sentence for each variant that could not be fitted."""
        return tuple(
            f"Sensitivity analysis '{row['label']}' is not there: {row['refused']}"
            for row in self.rows
            if "refused" in row
        )

    def __str__(self) -> str:
        told = [*self.stated, *(row for row in self.rows if "mean" in row)]
        lines = [f"{'analysis':{_LONGEST}} {'quantity':22} {'mean':>8}  95% interval", *map(_line, told)]
        if len(lines) > _SCREEN - 1:
            lines = [*lines[: _SCREEN - 2], f"... {len(lines) - _SCREEN + 2} more rows in .table"]
        return "\n".join([*lines, *([f"{len(self.refused)} refused, see .refused"] if self.refused else [])])


def check_table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the rows of ``summary["sensitivity"]`` as a tidy table."""
    flat = []
    for row in rows:
        cells = {key: value for key, value in row.items() if not isinstance(value, Mapping)}
        nested = {**row.get("parameters", {}), **({"tau": row["tau"]} if "tau" in row else {})}
        numbers = {f"{name}_{q}": five[q] for name, five in nested.items() for q in ("mean", "q2.5", "q97.5")}
        flat.append({**cells, **numbers})
    first = ["family", "label", "model", "quantity", *QUANTITIES]
    table = pd.DataFrame(flat)
    return table[[*(name for name in first if name in table), *(name for name in table if name not in first)]]


def _line(row: Mapping[str, Any]) -> str:
    label = row["label"] if len(row["label"]) <= _LONGEST else f"{row['label'][: _LONGEST - 3]}..."
    interval = f"{row['q2.5']:.2f} to {row['q97.5']:.2f}"
    return f"{label:{_LONGEST}} {row['quantity'][:22]:22} {row['mean']:8.2f}  {interval}".rstrip()
