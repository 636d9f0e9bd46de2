"""Removing records when their time is over, a little at a time, so that nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Engine, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.files.course import ENDED
from core.safekeeping.retention import RetainedKind, older_than
from core.safekeeping.seals import prune_mac
from core.settings import Settings
from db.encounters import search_index
from db.encounters.models import ClearSpan, Interaction, Turn
from db.files.models import File, FileStep
from db.people.models import Staff
from db.safekeeping import erasure_traces
from db.safekeeping.database_key import keys_for
from db.safekeeping.keeping_times import spans
from db.safekeeping.log_sealing import PURPOSE, seal_of
from db.safekeeping.log_verification import is_as_sealed
from db.safekeeping.models import AuditSeal, Customer, RetentionRun
from db.safekeeping.services.erasure import erase_staff_member
from db.sign_in.models import LoginFailure, LoginSession
from db.store.events import Published, publish
from db.store.files import FileKey, FileKind, files_of
from db.store.keys import Keys
from db.store.models import AuditEvent
from db.store.session import reading, transaction
from db.teaching.services.withdrawal import RETENTION, leave_sets

_AT_ONCE = 500


@dataclass(frozen=True)
class Keeper:
    """What the removals share; each removes some records and says how many, 0 when done.

    `stations` are those whose records it removes, None for everywhere.
    """

    engine: Engine
    settings: Settings
    keys: Keys
    now: datetime
    stations: AbstractSet[int] | None = None

    def clear_values(self, before: datetime) -> int:
        ids = self._ids(
            select(Interaction.id).where(
                *self._encounters(before),
                or_(
                    exists().where(ClearSpan.interaction_id == Interaction.id),
                    Interaction.customer_ref.is_not(None),
                ),
            )
        )
        with transaction(self.engine) as session:
            erasure_traces.burn(session)
            session.execute(delete(ClearSpan).where(ClearSpan.interaction_id.in_(ids)))
            session.execute(
                update(Interaction).where(Interaction.id.in_(ids)).values(customer_ref=None)
            )
            files = self._files(session, before, File.customer_ref.is_not(None))
            session.execute(update(File).where(File.id.in_(files)).values(customer_ref=None))
            if not ids and not files:
                _drop_unused_customers(session)
        return len(ids) + len(files)

    def recordings(self, before: datetime) -> int:
        query = select(Interaction.id, Interaction.recording).where(
            *self._encounters(before), Interaction.recording.is_not(None)
        )
        with reading(self.engine) as session:
            rows = session.execute(query.limit(_AT_ONCE)).all()
        recordings = (FileKey.of(FileKind.RECORDINGS, name or "") for _, name in rows)
        files_of(self.settings).remove(key for key in recordings if key is not None)
        ids = [key for key, _ in rows]
        with transaction(self.engine) as session:
            session.execute(
                update(Interaction).where(Interaction.id.in_(ids)).values(recording=None)
            )
        return len(ids)

    def transcripts(self, before: datetime) -> int:
        """The words go; who spoke and when stays, so that evidence still has its place."""
        ids = self._ids(
            select(Interaction.id).where(*self._encounters(before), Interaction.turn_count > 0)
        )
        with transaction(self.engine) as session:
            erasure_traces.burn(session)
            search_index.forget(session, ids)
            leave_sets(session, ids, reason=RETENTION, now=self.now)
            session.execute(update(Turn).where(Turn.interaction_id.in_(ids)).values(text=""))
            session.execute(delete(ClearSpan).where(ClearSpan.interaction_id.in_(ids)))
            emptied = {"turn_count": 0, "attributes": {}, "customer_ref": None}
            session.execute(update(Interaction).where(Interaction.id.in_(ids)).values(emptied))
            session.flush()
            search_index.index_interactions(session, ids)
            return len(ids) + self._empty_files(session, before)

    def former_staff(self, before: datetime) -> int:
        """Inactive people whose last encounter is that old; their results stay nameless."""
        newest = (
            select(func.max(Interaction.occurred_at))
            .where(Interaction.staff_id == Staff.id)
            .scalar_subquery()
        )
        with transaction(self.engine) as session:
            erasure_traces.burn(session)
            staff = session.scalars(
                select(Staff)
                .where(
                    Staff.active.is_(False),
                    Staff.name != "",  # of the erased it is empty
                    newest < before,
                    *self._here(Staff.station_id),
                )
                .limit(1)
            ).first()
            if staff is None:
                return 0
            erased = erase_staff_member(session, self.keys, staff, now=self.now)
        erasure_traces.remove(self.engine, self.settings, erased, now=self.now)
        return 1

    def sign_ins(self, before: datetime) -> int:
        with transaction(self.engine) as session:
            ended = session.execute(
                delete(LoginSession)
                .where(LoginSession.expires_at < before)
                .returning(LoginSession.id)
            ).all()
            refused = session.execute(
                delete(LoginFailure).where(LoginFailure.at < before).returning(LoginFailure.id)
            ).all()
        return len(ended) + len(refused)

    def log(self, before: datetime) -> int:
        """The oldest whole batch; its seal stays, with the proof that it was the portal.

        One that is not as it was sealed stays with all behind it: it may not be that old at all.
        """
        with transaction(self.engine) as session:
            seal = session.scalars(
                select(AuditSeal)
                .where(AuditSeal.pruned_at.is_(None))
                .order_by(AuditSeal.id)
                .limit(1)
            ).first()
            if seal is None or seal.newest_at >= before:
                return 0
            former = session.get(AuditSeal, seal.id - 1)
            ahead = seal_of(former) if former else None
            if not is_as_sealed(session, self.keys, ahead, seal_of(seal)):
                return 0
            seal.pruned_at = self.now
            seal.prune_mac = prune_mac(self.keys.derive(PURPOSE), seal.mac, self.now)
            session.flush()
            session.execute(
                delete(AuditEvent).where(AuditEvent.id.between(seal.first_id, seal.last_id))
            )
            return seal.entries

    def _ids(self, query: Select[int]) -> Sequence[int]:
        with reading(self.engine) as session:
            return session.scalars(query.limit(_AT_ONCE)).all()

    def _here(self, station: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
        return [] if self.stations is None else [station.in_(self.stations)]

    def _encounters(self, before: datetime) -> list[ColumnElement[bool]]:
        return [Interaction.occurred_at < before, *self._here(Interaction.station_id)]

    def _files(
        self, session: Session, before: datetime, *kept: ColumnElement[bool]
    ) -> Sequence[int]:
        """Some of the files that ended and came that long ago."""
        ended = (File.received_at < before, File.state.in_(sorted(ENDED)))
        query = select(File.id).where(*ended, *self._here(File.station_id), *kept)
        return session.scalars(query.limit(_AT_ONCE)).all()

    def _empty_files(self, session: Session, before: datetime) -> int:
        """The words go; steps and clocks stay."""
        has_words_of_steps = or_(FileStep.note != "", FileStep.reply.is_not(None))
        has_notes = exists().where(FileStep.file_id == File.id, has_words_of_steps)
        has_words = or_(File.content != "", File.demand != "", File.contact != "", has_notes)
        ids = self._files(session, before, has_words)
        emptied = {"content": "", "demand": "", "contact": "", "customer_ref": None}
        session.execute(update(File).where(File.id.in_(ids)).values(emptied))
        wordless = {"note": "", "reply": None}
        session.execute(update(FileStep).where(FileStep.file_id.in_(ids)).values(wordless))
        return len(ids)


def retain(engine: Engine, settings: Settings, *, now: datetime) -> dict[RetainedKind, int]:
    """Apply every rule; what was removed, by kind. It may be cut off and begun again."""
    everywhere = Keeper(engine, settings, keys_for(engine, settings.var_dir), now)
    removals: dict[RetainedKind, Callable[[Keeper, datetime], int]] = {
        RetainedKind.RECORDINGS: Keeper.recordings,
        RetainedKind.TRANSCRIPTS: Keeper.transcripts,
        RetainedKind.CLEAR_VALUES: Keeper.clear_values,
        RetainedKind.FORMER_STAFF: Keeper.former_staff,
        RetainedKind.SIGN_INS: Keeper.sign_ins,
        RetainedKind.LOG: Keeper.log,
    }
    with reading(engine) as session:
        times = {kind: list(spans(session, kind)) for kind in removals}
    removed: dict[RetainedKind, int] = {}
    for kind, remove in removals.items():
        for span in times[kind]:
            before = older_than(now, span.months)
            there = replace(everywhere, stations=span.stations)
            count = _until_done(partial(remove, there), before)
            _note(engine, kind, before, count, now)
            removed[kind] = removed.get(kind, 0) + count
    if any(removed.values()):
        erasure_traces.clean(engine)
    return removed


def _until_done(remove: Callable[[datetime], int], before: datetime) -> int:
    total = 0
    while count := remove(before):
        total += count
    return total


def _note(
    engine: Engine, kind: RetainedKind, before: datetime, removed: int, now: datetime
) -> None:
    if removed:
        with transaction(engine) as session:
            run = RetentionRun(at=now, kind=kind, older_than=before, removed=removed)
            session.add(run)
            session.flush()  # the event names the id
            event = Published(kind="retention", deed="remove", ids=(run.id,), who=None, now=now)
            publish(session, event)


def _drop_unused_customers(session: Session) -> None:
    encounters = exists().where(Interaction.customer_ref == Customer.ref)
    files = exists().where(File.customer_ref == Customer.ref)
    session.execute(delete(Customer).where(~encounters, ~files))
