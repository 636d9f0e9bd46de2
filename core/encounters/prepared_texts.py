"""The texts of an encounter made ready for storing: masked, and with the terms they are found by.

Both take most of an import's time and need no database, so other processes can do them. Such a
process imports this module and little else, and so begins fast.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from multiprocessing import parent_process
from threading import Thread
from typing import Any, NamedTuple

from core.safekeeping.masking import Masked, PlacedSpan, mask_data, mask_turns
from core.text.words import index_terms

_GIVES_WAY = 5
"""How much nicer than its parent a process is that prepares texts for it."""


class ClearTexts(NamedTuple):
    """What was said in an encounter, turn by turn, and its attributes."""

    turns: Sequence[str]
    attributes: Mapping[str, Any]


class Prepared(NamedTuple):
    """The same masked, and the terms by which the turns are found, in order."""

    turns: list[Masked]
    terms: tuple[str, ...]
    attributes: dict[str, Any]
    attribute_spans: list[PlacedSpan]


def prepared(texts: ClearTexts) -> Prepared:
    turns = mask_turns(texts.turns)
    attributes, spans = mask_data(dict(texts.attributes))
    assert isinstance(attributes, dict)
    terms = set[str]().union(*(index_terms(turn.text) for turn in turns))
    return Prepared(turns, tuple(sorted(terms)), attributes, spans)


def each_prepared(texts: Sequence[ClearTexts]) -> list[Prepared]:
    return list(map(prepared, texts))


def serve_parent() -> None:
    """Begin a process that prepares texts for another: it gives way to it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    os.nice(_GIVES_WAY)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
