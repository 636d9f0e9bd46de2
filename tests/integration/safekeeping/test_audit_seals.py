"""Seals over the audit log: written without holding anyone up, and nothing escapes them."""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.access import Action, require
from core.errors import NotAllowed
from core.safekeeping.seals import prune_mac
from db.__main__ import main
from db.safekeeping import log_sealing
from db.safekeeping.log_sealing import PURPOSE, Sealer, checkpoints
from db.safekeeping.log_verification import verify
from db.safekeeping.models import AuditSeal, OpeningDay
from db.safekeeping.queries.seals import alerts, note_verdict, seal_state
from db.store import audit, settling
from db.store.files import FolderFiles
from db.store.keys import Keys
from db.store.models import AuditEvent
from tests.support.clock import NOW
from tests.support.databases import postgres_only
from tests.support.importing.files import KEYS
from tests.support.safekeeping.tampering import tamper, unguarded

pytestmark = pytest.mark.both

TAMPERINGS = 1_000 if os.environ.get("SOAK") else 60
ENTRIES = 60


def fill(session, count, who=None, at=NOW):
    for number in range(count):
        audit.record(
            session, who, "view", ("inspection", number), now=at, reason="so", fields=["name"]
        )


@pytest.fixture
def sealer(seeded, tmp_path, monkeypatch):
    """A log of 60 entries and, beyond them, three that nobody sealed; nine seals of seven."""
    monkeypatch.setattr(log_sealing, "_BATCH", 7)
    with seeded.transaction() as session:
        fill(session, ENTRIES, seeded.alice)
    sealer = Sealer(seeded.engine, KEYS, FolderFiles(tmp_path))
    assert sealer.seal(now=NOW) == ENTRIES
    return sealer


def verdict(session, sealer):
    return verify(session, KEYS, checkpoints(sealer.files))


def test_an_untouched_log_is_whole(seeded, sealer):
    with seeded.transaction() as session:
        fill(session, 3)
    with seeded.reading() as session:
        found = verdict(session, sealer)
    assert (found.is_whole, found.seals, found.entries, found.unsealed) == (True, 9, 60, 3)


def test_sealing_again_seals_only_what_is_new(seeded, sealer):
    assert sealer.seal(now=NOW) == 0
    with seeded.transaction() as session:
        fill(session, 3)
    assert sealer.seal(now=NOW) == 3
    assert [point.last for point in checkpoints(sealer.files)] == [60, 63]


def test_any_tampering_is_found(seeded, sealer):
    unguarded(seeded.engine)
    dice = random.Random(20260316)
    missed = []
    for _ in range(TAMPERINGS):
        with Session(seeded.engine) as session:
            done = tamper(session, dice)
            session.flush()
            session.expire_all()
            if verdict(session, sealer).is_whole:
                missed.append(done)
    assert missed == []
    with seeded.reading() as session:
        assert verdict(session, sealer).is_whole, "the tampering was not taken back"


def test_without_the_checkpoint_a_log_cut_off_with_its_seals_would_pass(seeded, sealer):
    """Which is what the checkpoint is for."""
    unguarded(seeded.engine)
    with seeded.transaction() as session:
        session.query(AuditEvent).filter(AuditEvent.id > 56).delete()
        session.query(AuditSeal).filter(AuditSeal.id > 8).delete()
    with seeded.reading() as session:
        assert verify(session, KEYS, ()).is_whole
        (finding,) = verdict(session, sealer).findings
    assert "checkpoint" in finding.sentence


def test_seals_and_entries_cannot_be_changed_by_mistake(seeded, sealer):
    for statement in (
        "UPDATE audit_event SET action = 'x' WHERE id = 1",
        "DELETE FROM audit_event WHERE id = 1",
        "UPDATE audit_seal SET mac = 'x' WHERE id = 1",
        "DELETE FROM audit_seal WHERE id = 1",
    ):
        with pytest.raises(Exception, match="append-only"), seeded.transaction() as session:
            session.execute(text(statement))


def test_entries_removed_after_their_time_leave_the_rest_provable(seeded, sealer):
    with seeded.transaction() as session:
        seal = session.get_one(AuditSeal, 1)
        seal.pruned_at = NOW
        seal.prune_mac = prune_mac(KEYS.derive(PURPOSE), seal.mac, NOW)
        session.flush()
        session.execute(text("DELETE FROM audit_event WHERE id <= 7"))
    with seeded.reading() as session:
        found = verdict(session, sealer)
    assert (found.is_whole, found.pruned, found.entries) == (True, 7, 53)


def test_whoever_has_no_key_cannot_pretend_that_the_time_was_over(seeded, sealer):
    with seeded.transaction() as session:
        seal = session.get_one(AuditSeal, 1)
        seal.pruned_at, seal.prune_mac = NOW, "0" * 64
        session.flush()
        session.execute(text("DELETE FROM audit_event WHERE id <= 7"))
    with seeded.reading() as session:
        (finding,) = verdict(session, sealer).findings
    assert (finding.first, finding.last) == (1, 7)


@postgres_only
def test_an_entry_that_commits_late_is_neither_lost_nor_waited_for(seeded, tmp_path, monkeypatch):
    """SQLite has one writer; here number 1 is drawn first and committed after number 2."""
    waits = Event()

    def nap(seconds):
        waits.set()
        time.sleep(seconds)

    monkeypatch.setattr(settling, "time", SimpleNamespace(monotonic=time.monotonic, sleep=nap))
    monkeypatch.setattr(settling, "_PATIENCE_SECONDS", 120)
    sealer = Sealer(seeded.engine, KEYS, FolderFiles(tmp_path))
    with ThreadPoolExecutor(1) as pool:
        with seeded.transaction() as slow:
            fill(slow, 1)
            slow.flush()
            with seeded.transaction() as quick:
                fill(quick, 1)
            sealed = pool.submit(sealer.seal, now=NOW)
            assert waits.wait(120)
            with seeded.transaction() as another:  # the sealer waits, writers do not
                fill(another, 1)
            assert not sealed.done()
        assert sealed.result() == 2
    with seeded.reading() as session:
        assert verify(session, KEYS, checkpoints(FolderFiles(tmp_path))).is_whole
    assert sealer.seal(now=NOW) == 1


def test_who_opens_far_more_than_usual_is_named(seeded, tmp_path):
    """Five days of 10, so 30 would be thrice the usual; 40 is the least; 41 is an alert."""
    bob = seeded.bob
    with seeded.transaction() as session:
        for back in range(8, 13):
            fill(session, 10, bob, NOW - timedelta(days=back))
        fill(session, 40, bob, NOW - timedelta(days=1))
        fill(session, 41, bob, NOW)
    Sealer(seeded.engine, KEYS, FolderFiles(tmp_path)).seal(now=NOW)
    with seeded.reading() as session:
        assert session.scalar(select(OpeningDay.opened).where(OpeningDay.day == NOW.date())) == 41
        (alert,) = alerts(session, seeded.administrator, today=NOW.date())
        with pytest.raises(NotAllowed):
            alerts(session, bob, today=date(2026, 3, 16))
    assert (alert.who, alert.unusual.opened, alert.unusual.usual) == ("bob", 41, 10)


def test_the_state_of_the_seals_is_shown_to_auditors(seeded, sealer):
    with seeded.transaction() as session:
        note_verdict(session, verdict(session, sealer), now=NOW)
        note_verdict(session, verdict(session, sealer), now=NOW)
        fill(session, 2)
    with seeded.reading() as session:
        state = seal_state(session, seeded.administrator)
    assert (state.seals, state.unsealed, state.sealed_at) == (9, 2, NOW)
    assert state.checked
    assert state.checked.findings == 0


def test_the_command_seals_checks_and_names_what_is_wrong(
    seeded_sqlite, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DATABASE_URL", str(seeded_sqlite.engine.url))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    with seeded_sqlite.transaction() as session:
        fill(session, 5)
    assert main(["verify-audit", "--seal"]) == 0
    assert "all as sealed" in capsys.readouterr().out
    unguarded(seeded_sqlite.engine)
    with seeded_sqlite.transaction() as session:
        session.execute(text("UPDATE audit_event SET user_id = 7 WHERE id = 3"))
    assert main(["verify-audit"]) == 1
    told = capsys.readouterr()
    assert "entries 1 to 5" in told.err
    assert "1 findings" in told.out


def test_a_former_secret_that_is_not_there_is_told_from_tampering(seeded, sealer):
    """Sixty entries under the first secret, the change of key and five more under the second."""
    second = Keys(b"another secret of thirty-two byte", (KEYS.secret,))
    with seeded.transaction() as session:
        audit.record(session, None, "rotate", ("key", second.id), now=NOW)
        fill(session, 5)
    assert Sealer(seeded.engine, second, sealer.files).seal(now=NOW) == 6
    points = checkpoints(sealer.files)
    with seeded.reading() as session:
        assert verify(session, second, points).is_whole
        found = verify(session, Keys(second.secret), points).findings
    sentences = {finding.sentence for finding in found}
    assert (found[0].first, found[-1].last, len(sentences)) == (1, ENTRIES, 1)
    assert "secret that the key file does not hold" in sentences.pop()
    unguarded(seeded.engine)
    with seeded.transaction() as session:
        session.execute(text("UPDATE audit_event SET user_id = 7 WHERE id = 63"))
    with seeded.reading() as session:
        [whole] = verify(session, second, points).findings
        found = verify(session, Keys(second.secret), points).findings
    assert whole.sentence == found[-1].sentence == "an entry or the seal was changed"


def test_a_refusal_is_noted_once_with_person_and_object(seeded):
    with (
        pytest.raises(NotAllowed),
        audit.refusals_noted(seeded.engine, lambda: NOW),
        audit.refusals_noted(seeded.engine, lambda: NOW),
    ):
        require(seeded.charlie, Action.IMPORT)
    with seeded.reading() as session:
        (event,) = session.scalars(select(AuditEvent)).all()
    assert (event.user_id, event.action) == (seeded.charlie.user_id, "refuse")
    assert (event.object_type, event.object_id) == ("action", "import")
