"""Checking the audit log against its seals, and the seals against the checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.safekeeping.seals import Batch, Seal, digest, is_one_of, mac, prune_mac
from db.safekeeping.log_sealing import PURPOSE, Checkpoint, entries_between, seal_of
from db.safekeeping.models import AuditSeal
from db.store.keys import Keys
from db.store.models import AuditEvent

_SEALS_AT_ONCE = 200
_FIRST = 1
_CHANGED = "an entry or the seal was changed"
_NOT_BY_THE_PORTAL = "the batch is marked as removed, but not by the portal"
_FIRST_KEY = "before the first change of key"
_BY_NO_KEY = (
    "sealed with a secret that the key file does not hold ({key}), so that nobody can say whether"
    " it was changed"
)


@dataclass(frozen=True)
class SealFinding:
    """A batch that is not as it was sealed, in words; `first` to `last` says where to look."""

    sentence: str
    first: int
    last: int


@dataclass(frozen=True)
class Verdict:
    """What the check of the whole log came to.

    Attributes:
        entries: how many are sealed and were read; `unsealed` came after the last seal.
        pruned: how many were removed by the portal when their time of keeping was over.
    """

    findings: tuple[SealFinding, ...]
    seals: int
    entries: int
    pruned: int
    unsealed: int

    @property
    def is_whole(self) -> bool:
        return not self.findings


@dataclass(frozen=True)
class _LackingSecret:
    """A former secret that the key file does not hold; `last` is the last entry under it."""

    name: str
    last: int


def verify(
    session: Session,
    keys: Keys,
    points: Sequence[Checkpoint],
    progress: Callable[[int], None] = lambda _entries: None,
) -> Verdict:
    """Read the whole log and compare it with its seals and with every checkpoint.

    What was sealed with a former secret that the keys lack is no proof of tampering, and said so.
    """
    findings: list[SealFinding] = []
    lacking = _lacking_secrets(session, keys)
    seen: dict[int, str] = {}
    before: Seal | None = None
    entries = pruned = 0
    for seal in _seals(session):
        findings += _of_chain(before, seal)
        unproven = _of_batch(session, keys.derived_ever(PURPOSE), before, seal)
        findings += [_told(finding, seal, lacking) for finding in unproven]
        if seal.pruned_at is None:
            entries += seal.batch.entries
        else:
            pruned += seal.batch.entries
        seen[seal.number], before = seal.mac, seal
        progress(entries)
    findings += [*_of_strays(session), *_of_checkpoints(points, seen)]
    last = before.batch.last if before else 0
    unsealed = session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.id > last)
    )
    return Verdict(
        tuple(findings), seals=len(seen), entries=entries, pruned=pruned, unsealed=unsealed or 0
    )


def is_as_sealed(session: Session, keys: Keys, before: Seal | None, seal: Seal) -> bool:
    """Whether nobody has changed a batch or its seal; `before` is the seal of the batch before."""
    changed = _of_batch(session, keys.derived_ever(PURPOSE), before, seal)
    return next(changed, None) is None


def _lacking_secrets(session: Session, keys: Keys) -> list[_LackingSecret]:
    """Former secrets that the log names at each change of key and the keys do not hold."""
    changes = session.execute(
        select(AuditEvent.id, AuditEvent.object_id)
        .where(AuditEvent.action == "rotate")
        .order_by(AuditEvent.id)
    ).all()
    held, named = set(keys.ids_ever), [key_id for _, key_id in changes]
    before = [next(iter(held.difference(named)), _FIRST_KEY), *named][:-1]
    return [
        _LackingSecret(key_id, last)
        for key_id, (last, _) in zip(before, changes, strict=True)
        if key_id not in held
    ]


def _told(finding: SealFinding, seal: Seal, lacking: Sequence[_LackingSecret]) -> SealFinding:
    """A finding, or that it may as well come of a secret that is not there."""
    if finding.sentence not in (_CHANGED, _NOT_BY_THE_PORTAL):
        return finding
    for secret in lacking:
        if seal.batch.last <= secret.last:
            return replace(finding, sentence=_BY_NO_KEY.format(key=secret.name))
    return finding


def _seals(session: Session) -> Iterator[Seal]:
    last = 0
    while rows := session.scalars(
        select(AuditSeal).where(AuditSeal.id > last).order_by(AuditSeal.id).limit(_SEALS_AT_ONCE)
    ).all():
        yield from map(seal_of, rows)
        last = rows[-1].id
        session.expunge_all()


def _of_chain(before: Seal | None, seal: Seal) -> Iterator[SealFinding]:
    expected = (before.number + 1, before.batch.last + 1) if before else (1, _FIRST)
    if (seal.number, seal.batch.first) != expected:
        yield _finding("a seal before this batch is missing", seal.batch)


def _of_batch(
    session: Session, derived: Sequence[bytes], before: Seal | None, seal: Seal
) -> Iterator[SealFinding]:
    rows = entries_between(session, seal.batch.first, seal.batch.last)
    if seal.pruned_at is not None:
        proofs = (prune_mac(key, seal.mac, seal.pruned_at) for key in derived)
        if rows or not is_one_of(seal.prune_mac, proofs):
            yield _finding(_NOT_BY_THE_PORTAL, seal.batch)
        return
    if len(rows) != seal.batch.entries:
        yield _finding("entries were removed or added", seal.batch)
        return
    read = digest(map(tuple, rows))
    former = before.mac if before else ""
    proofs = (
        mac(key, before=former, number=seal.number, batch=seal.batch, entries=read)
        for key in derived
    )
    if not is_one_of(seal.mac, proofs):
        yield _finding(_CHANGED, seal.batch)


def _of_strays(session: Session) -> Iterator[SealFinding]:
    """Entries with numbers that the portal never gives, so that no batch covers them."""
    first = session.scalar(select(func.min(AuditEvent.id)).where(AuditEvent.id < _FIRST))
    if first is not None:
        yield SealFinding("entries were put before the first", first, _FIRST - 1)


def _of_checkpoints(points: Sequence[Checkpoint], seen: dict[int, str]) -> Iterator[SealFinding]:
    for point in points:
        if seen.get(point.number) != point.mac:
            sentence = "the log does not reach, or differs from, the checkpoint of {at}"
            yield SealFinding(sentence.format(at=point.at), point.last, point.last)


def _finding(sentence: str, batch: Batch) -> SealFinding:
    return SealFinding(sentence, batch.first, batch.last)
