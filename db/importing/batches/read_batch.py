"""Rows of a file that are handled together, kept on disk between looking and writing."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass

from db.importing.batches.scratch_table import Scratch
from db.importing.kinds import ReadableRow
from db.tabular.tables import Refusal


@dataclass(frozen=True)
class Batch:
    """What is read of a file at a time.

    Attributes:
        items: its readable rows.
        refused: rows that cannot be read, since the batch before.
        read: how many rows of the file have been read with it.
        share: which share of the file that is, 0 to 1.
    """

    items: list[ReadableRow]
    refused: list[Refusal]
    read: int
    share: float


def written(batch: Batch) -> bytes:
    """As it is kept; what is changed in its rows afterwards does not count."""
    return pickle.dumps(batch, protocol=pickle.HIGHEST_PROTOCOL)


def kept_batches(scratch: Scratch) -> Iterator[tuple[Batch, list[ReadableRow]]]:
    """The batches in order as they were read, and of each the rows whose texts are needed."""
    for data, lines in scratch.batches():
        # No one else writes into a file that has no name.
        batch: Batch = pickle.loads(data)  # noqa: S301  # nosec B301
        yield batch, [item for item in batch.items if item.line in lines]
