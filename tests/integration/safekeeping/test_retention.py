"""Records leave when their time is over; figures stay as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.safekeeping.retention import RetainedKind, older_than
from core.settings import Settings
from db.encounters import search_index
from db.encounters.models import ClearSpan, Interaction, Turn
from db.people.models import Staff
from db.safekeeping.database_key import take_over
from db.safekeeping.log_sealing import Sealer, checkpoints
from db.safekeeping.log_verification import verify
from db.safekeeping.models import AuditSeal, Customer, RetentionRule, RetentionRun
from db.safekeeping.retention import retain
from db.sign_in.models import LoginSession
from db.store import audit
from db.store.files import files_of
from db.store.keys import load_keys
from db.store.models import AuditEvent
from tests.support.clock import NOW
from tests.support.safekeeping.tampering import unguarded
from tests.support.sign_in.sessions import session_token

OLD = {
    RetainedKind.CLEAR_VALUES: 6,
    RetainedKind.RECORDINGS: 12,
    RetainedKind.TRANSCRIPTS: 24,
    RetainedKind.FORMER_STAFF: 36,
}


@pytest.fixture
def portal_folder(world, tmp_path):
    url = world.seeded.engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, var_dir=tmp_path)


@pytest.fixture
def encounter(world, portal_folder):
    """Ages an inspected call with everything that can be over its time."""
    keys = load_keys(portal_folder.var_dir)
    (portal_folder.var_dir / "recordings").mkdir()

    def made(months):
        inspection = world.inspection(world.scored())
        occurred = older_than(NOW, months) - timedelta(days=1)
        (portal_folder.var_dir / "recordings/old.wav").write_bytes(b"voice")
        with world.seeded.transaction() as session:
            row = session.get_one(Interaction, inspection.interaction_id)
            row.occurred_at, row.recording = occurred, "old.wav"
            row.customer_ref = keys.pseudonym("C-9")
            row.attributes = {"seat": "12A"}
            session.add(Customer(ref=row.customer_ref, cipher=keys.encrypt("C-9")))
            session.add(
                ClearSpan(
                    interaction_id=row.id,
                    position=1,
                    field="",
                    start=0,
                    length=1,
                    kind="name",
                    cipher=keys.encrypt("x"),
                )
            )
            session.get_one(Staff, world.seeded.staff_id).active = False
            for other in session.scalars(select(Interaction).where(Interaction.id != row.id)):
                other.occurred_at, other.turn_count = occurred, 0
            search_index.index_interactions(session, [row.id])
        return inspection.interaction_id

    return made


@pytest.mark.parametrize(("kind", "months"), OLD.items())
def test_each_kind_goes_when_its_time_is_over_and_not_before(
    world, portal_folder, encounter, kind, months
):
    interaction = encounter(months)
    figures = world.derived()
    removed = retain(world.seeded.engine, portal_folder, now=NOW - timedelta(days=3))
    assert removed[kind] == 0
    removed = retain(world.seeded.engine, portal_folder, now=NOW)
    assert removed[kind] == 1
    assert world.derived() == figures == world.rebuilt()
    with world.seeded.reading() as session:
        row = session.get_one(Interaction, interaction)
        texts = set(session.scalars(select(Turn.text).where(Turn.interaction_id == interaction)))
        assert session.scalars(select(ClearSpan)).all() == []
        assert session.scalars(select(Customer)).all() == []
        assert (row.recording is None) == (months >= 12)
        assert (texts == {""}) == (months >= 24)
        staff = session.get_one(Staff, world.seeded.staff_id)
        assert (staff.name == "") == (months >= 36)
        assert session.scalars(select(RetentionRun.kind)).all()
    assert (portal_folder.var_dir / "recordings/old.wav").exists() == (months < 12)
    assert not any(retain(world.seeded.engine, portal_folder, now=NOW).values())


def test_a_rule_can_keep_for_good_or_for_less(world, portal_folder, encounter):
    encounter(2)
    with world.seeded.transaction() as session:
        session.add(RetentionRule(kind=RetainedKind.TRANSCRIPTS, months=1))
        session.add(RetentionRule(kind=RetainedKind.CLEAR_VALUES, months=None))
    removed = retain(world.seeded.engine, portal_folder, now=NOW)
    assert removed[RetainedKind.TRANSCRIPTS] == 1
    assert RetainedKind.CLEAR_VALUES not in removed


def test_old_sessions_go_and_live_ones_stay(world, portal_folder):
    with world.seeded.transaction() as session:
        session_token(session, "alice", now=older_than(NOW, 7))
        session_token(session, "alice", now=NOW)
    assert retain(world.seeded.engine, portal_folder, now=NOW)[RetainedKind.SIGN_INS] == 1
    assert world.count(LoginSession) == 1


def test_old_entries_of_the_log_go_by_batches_and_the_rest_is_provable(world, portal_folder):
    keys = load_keys(portal_folder.var_dir)
    sealer = Sealer(world.seeded.engine, keys, files_of(portal_folder))
    for at in (older_than(NOW, 37), NOW):
        with world.seeded.transaction() as session:
            for number in range(3):
                audit.record(session, world.alice, "view", ("inspection", number), now=at)
        sealer.seal(now=at)
    assert retain(world.seeded.engine, portal_folder, now=NOW)[RetainedKind.LOG] == 3
    assert world.count(AuditEvent) == 3
    with world.seeded.reading() as session:
        verdict = verify(session, keys, checkpoints(files_of(portal_folder)))
    assert (verdict.is_whole, verdict.pruned, verdict.entries) == (True, 3, 3)


def test_a_batch_made_to_look_old_is_kept_for_the_check_to_find(world, portal_folder):
    """Else whoever has the database's password, and no key, has the portal remove it for good."""
    keys = take_over(world.seeded.engine, portal_folder.var_dir)
    with world.seeded.transaction() as session:
        audit.record(session, world.alice, "view", ("inspection", 7), now=NOW)
    Sealer(world.seeded.engine, keys, files_of(portal_folder)).seal(now=NOW)
    unguarded(world.seeded.engine)
    with world.seeded.transaction() as session:
        session.execute(update(AuditSeal).values(newest_at=older_than(NOW, 37)))
    assert retain(world.seeded.engine, portal_folder, now=NOW)[RetainedKind.LOG] == 0
    assert world.all(AuditEvent.object_id) == [("7",)]
    with world.seeded.reading() as session:
        assert not verify(session, keys, checkpoints(files_of(portal_folder))).is_whole


@pytest.mark.parametrize(
    ("now", "months", "expected"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 3, 16), 24, (2024, 3, 16)),
    ],
)
def test_months_back(now, months, expected):
    assert older_than(datetime(*now, tzinfo=UTC), months) == datetime(*expected, tzinfo=UTC)
