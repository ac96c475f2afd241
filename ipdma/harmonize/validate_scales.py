"""Assessments against the instruments they name."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ipdma._yaml import did_you_mean
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.row_origin import RowOrigin
from ipdma.schemas.scale import Scale

# Prorated scores are quotients: their last binary digit must not put them outside.
_TOLERANCE = 1e-9


def check_scales(tables: Mapping[str, pd.DataFrame], scales: Mapping[str, Scale], rows: RowOrigin) -> Iterator[Finding]:
    """Return assessments of unknown instruments or scores, and values outside a score's range."""
    frame = tables.get("assessments")
    if frame is None or frame.empty or not {"instrument", "score", "value"} <= set(frame.columns):
        return
    for code in frame["instrument"].dropna().unique():
        where = (frame["instrument"] == code).to_numpy(dtype=bool, na_value=False)
        if code not in scales:
            message = f"no scale file describes instrument '{code}'{did_you_mean(code, scales)}"
            yield from rows.findings("assessments", "instrument", where, code="unknown_instrument", message=message)
        else:
            yield from _check_scale(frame, where, scales[code], rows)


def _check_scale(frame: pd.DataFrame, where: np.ndarray, scale: Scale, rows: RowOrigin) -> Iterator[Finding]:
    for name in frame["score"][where].dropna().unique():
        here = where & (frame["score"] == name).to_numpy(dtype=bool, na_value=False)
        if name not in scale.scores:
            message = f"instrument '{scale.code}' has no score '{name}'{did_you_mean(name, scale.scores)}"
            yield from rows.findings("assessments", "score", here, code="unknown_score", message=message)
            continue
        score = scale.scores[name]
        values = pd.to_numeric(frame["value"]).to_numpy(dtype=np.float64, na_value=np.nan)
        outside = (values < score.minimum - _TOLERANCE) | (values > score.maximum + _TOLERANCE)
        message = (
            f"a value lies outside the range {score.minimum:g} to {score.maximum:g} of {scale.code} {name}. A missing "
            "code that is not declared, another version of the instrument or a sum for a mean are the usual causes."
        )
        yield from rows.findings("assessments", "value", here & outside, code="outside_scale", message=message)
