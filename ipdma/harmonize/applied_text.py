"""What a recipe gave as text and back, without loss."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from ipdma.harmonize.apply import Applied
from ipdma.harmonize.correct import Corrected
from ipdma.harmonize.finding import Finding
from ipdma.harmonize.piece import Piece, VariableStatus
from ipdma.harmonize.table_text import frame_from_text, text_from_frame
from ipdma.schemas.recipe import Recipe


def text_from_applied(applied: Applied) -> bytes:
    """Return everything but the recipe itself as JSON; tables in it are CSV, so that every number stays exact.

    Raises
    ------
    SchemaError
        If a table holds what text cannot give back, an empty text for example.
    """
    content = {
        "trials": applied.trials,
        "labels": dict(applied.labels),
        "files": applied.files,
        "pieces": [_piece_node(piece) for piece in applied.pieces],
        "status": [asdict(status) for status in applied.status],
        "findings": [asdict(finding) for finding in applied.findings],
        "corrected": [asdict(one) for one in applied.corrected],
    }
    return json.dumps(content, ensure_ascii=False, default=int).encode("utf-8")


def applied_from_text(text: bytes, recipe: Recipe) -> Applied:
    """Return what :func:`text_from_applied` wrote of this recipe."""
    content = json.loads(text)
    return Applied(
        recipe=recipe,
        trials=tuple(content["trials"]),
        labels=content["labels"],
        files=tuple((file, sha256, rows) for file, sha256, rows in content["files"]),
        pieces=tuple(_piece(node) for node in content["pieces"]),
        status=tuple(_status(node) for node in content["status"]),
        findings=tuple(Finding(**{**node, "rows": tuple(node["rows"])}) for node in content["findings"]),
        corrected=tuple(Corrected(**{**node, "sources": tuple(node["sources"])}) for node in content["corrected"]),
    )


def _piece_node(piece: Piece) -> dict[str, Any]:
    return {
        "table": piece.table,
        "source": piece.source,
        "file": piece.file,
        "frame": _frame_node(piece.frame),
        "file_rows": piece.file_rows.tolist(),
        "block": piece.block,
        "reasons": _words_node(piece.reasons, len(piece.file_rows)),
        "corrected": _words_node(piece.corrected, len(piece.file_rows)),
        "absent": _frame_node(piece.absent),
        "status": [asdict(status) for status in piece.status],
    }


def _words_node(words: Mapping[str, np.ndarray], rows: int) -> dict[str, Any]:
    """Return arrays of texts and ``None`` as a table."""
    columns = {
        name: pd.Series([None if pd.isna(value) else value for value in values], dtype="string")
        for name, values in words.items()
    }
    return _frame_node(pd.DataFrame(columns, index=range(rows)))


def _words(node: Mapping[str, Any]) -> dict[str, np.ndarray]:
    frame = _frame(node)
    return {str(name): _known(frame[name]) for name in frame}


def _piece(node: Mapping[str, Any]) -> Piece:
    return Piece(
        table=node["table"],
        source=node["source"],
        file=node["file"],
        frame=_frame(node["frame"]),
        file_rows=np.array(node["file_rows"], dtype=np.int64),
        block=node["block"],
        reasons=_words(node["reasons"]),
        corrected=_words(node["corrected"]),
        absent=_frame(node["absent"]),
        status=tuple(_status(status) for status in node["status"]),
    )


def _known(reasons: pd.Series) -> np.ndarray:
    known = np.array(reasons.astype("object"), dtype=object)  # a copy: a column of pandas may be read-only
    known[pd.isna(known)] = None
    return known


def _status(node: Mapping[str, Any]) -> VariableStatus:
    trials = node["trials"]
    return VariableStatus(**{**node, "trials": None if trials is None else tuple(trials)})


def _frame_node(frame: pd.DataFrame) -> dict[str, Any]:
    text = text_from_frame(frame, name="cache").decode("utf-8") if len(frame.columns) else ""
    return {"types": {str(name): str(frame[name].dtype) for name in frame}, "rows": len(frame), "text": text}


def _frame(node: Mapping[str, Any]) -> pd.DataFrame:
    if not node["types"]:
        return pd.DataFrame(index=range(node["rows"]))
    return frame_from_text(node["text"].encode("utf-8"), node["types"])
