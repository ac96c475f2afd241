"""Which cells of common tables a corrected raw value reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ipdma.harmonize.correct import Corrected
from ipdma.harmonize.piece import Piece
from ipdma.harmonize.raw_table import RawTable
from ipdma.harmonize.reads import Read
from ipdma.schemas.recipe import Block


def mark_corrected(
    piece: Piece, block: Block, reads: Iterable[Read], raw: RawTable, done: Sequence[Corrected]
) -> Piece:
    """Return a piece that tells which of its cells come from corrected raw values.

    Parameters
    ----------
    reads
        What the block's lines read.
    raw
        The table of the block's source.
    """
    marks: dict[str, np.ndarray] = {}
    for read in reads:
        for change in done:
            rows = _rows(change, read, raw)
            hit = np.isin(piece.file_rows, rows) if len(rows) else np.zeros(len(piece.file_rows), dtype=bool)
            if read.key and block.long is not None:
                hit &= (piece.frame[block.long.over].astype("string") == read.key).fillna(False).to_numpy(dtype=bool)
            if hit.any():
                empty = np.full(len(piece.file_rows), None, dtype=object)
                marks.setdefault(read.target, empty)[hit] = f"{change.file} line {change.line}"
    return replace(piece, corrected=marks) if marks else piece


def _rows(change: Corrected, read: Read, raw: RawTable) -> np.ndarray:
    """Return the rows of the source that hold the corrected cell in the column that is read."""
    if read.source in change.sources and read.column == change.column:
        return np.array([change.row])
    taken = raw.joined.get(read.column)
    if taken is not None and taken.source in change.sources and taken.column == change.column:
        return np.asarray(raw.rows[taken.rows == change.row])
    return np.array([], dtype=np.int64)


def reads_by_block(reads: Iterable[Read]) -> Mapping[int, list[Read]]:
    """Return what each block's lines read for a column of a table."""
    found: dict[int, list[Read]] = {}
    for read in reads:
        if read.block >= 0 and read.target:
            found.setdefault(read.block, []).append(read)
    return found
