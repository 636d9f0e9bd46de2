"""Seals over batches of a log: each covers its entries and the seal before it.

Whoever has no key can change neither an entry nor a seal without the next check seeing it; what
is cut off at the end is seen against a checkpoint that is kept elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Batch:
    """Which entries a seal covers: those from `first` to `last`, `entries` in all."""

    first: int
    last: int
    entries: int
    newest_at: datetime


@dataclass(frozen=True)
class Seal:
    """One seal as it is stored. `pruned_at` when its entries are over their time of keeping."""

    number: int
    batch: Batch
    mac: str
    sealed_at: datetime
    pruned_at: datetime | None = None
    prune_mac: str | None = None


def digest(entries: Iterable[Sequence[object]]) -> bytes:
    """SHA-256 over entries in their order; any change of a value or of the order changes it."""
    sha = hashlib.sha256()
    for entry in entries:
        line = json.dumps(entry, sort_keys=True, ensure_ascii=False, default=datetime.isoformat)
        sha.update(line.encode() + b"\n")
    return sha.digest()


def mac(key: bytes, *, before: str, number: int, batch: Batch, entries: bytes) -> str:
    """The seal over a batch; `before` is the seal of the batch before it, empty for the first."""
    newest = batch.newest_at.isoformat()
    facts = [before, number, batch.first, batch.last, batch.entries, newest, entries.hex()]
    return _hmac(key, json.dumps(facts))


def prune_mac(key: bytes, sealed: str, pruned_at: datetime) -> str:
    """The proof that the portal removed the entries under a seal."""
    return _hmac(key, f"pruned {sealed} {pruned_at.isoformat()}")


def is_one_of(seal_proof: str | None, proofs: Iterable[str]) -> bool:
    """Whether a stored proof is one that some key gives."""
    return any(hmac.compare_digest(seal_proof or "", proof) for proof in proofs)


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
