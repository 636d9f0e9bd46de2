"""The demo's lessons, recordings and photos, through the services."""

from __future__ import annotations

import wave
from datetime import timedelta
from io import BytesIO

import pytest

from core.access import Role
from core.encounters.sound import SoundKind, sound_kind
from core.inspection.picture import read_picture
from db.demo.evidence import call_sound, counter_photo, load_evidence
from db.demo.lessons import load_lessons
from db.encounters.models import Interaction
from db.inspection.models import CorrectionRequest, Inspection, Photo
from db.store.files import FileKind, FolderFiles
from db.teaching.models import CaseSetMember, CaseSetVersion, PracticeTask
from tests.factories import (
    identity,
    make_assignment,
    make_interaction,
    make_user,
    make_version,
)
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO, SMALL


@pytest.fixture
def named(world):
    """The accounts that the demo's lessons are made by and for; what alice scored is ins01's."""
    with world.seeded.transaction() as session:
        for name, role in (
            ("trainer", Role.TRAINER),
            *((name, Role.INSPECTOR) for name in ("ins01", "ins02", "ins03")),
        ):
            make_user(session, name, role)
    return world


@sqlite_only
def test_two_issued_sets_a_practice_and_a_correction_are_there(named):
    """Four cases a set; in the practice four for each of two inspectors."""
    for days in range(1, 7):
        scored = named.scored(HELLO=NO)
        with named.seeded.transaction() as session:
            row = session.get_one(Inspection, scored)
            row.submitted_at = NOW - timedelta(days=10 + days)
            row.inspector_id = identity(session, "ins01").user_id
    with named.seeded.transaction() as session:
        load_lessons(session, now=NOW)
    versions = named.all(CaseSetVersion.id, CaseSetVersion.issued_at)
    assert len(versions) == 2
    assert all(version.issued_at for version in versions)
    assert (named.count(CaseSetMember), named.count(PracticeTask)) == (8, 8)
    [words] = named.all(CorrectionRequest.words)
    assert words[0].startswith("HELLO：")


@sqlite_only
def test_a_demo_without_results_has_two_empty_sets_and_no_more(named):
    with named.seeded.transaction() as session:
        load_lessons(session, now=NOW)
    counted = (CaseSetVersion, CaseSetMember, PracticeTask, CorrectionRequest)
    assert [named.count(table) for table in counted] == [2, 0, 0, 0]


@sqlite_only
def test_calls_that_wait_have_a_tone_for_each_turn_and_counters_a_drawing(named, tmp_path):
    with named.seeded.transaction() as session:
        counter = make_version(session, SMALL | {"key": "counter", "channels": ["counter"]}).id
        for channel, version in (("phone", named.version_id), ("counter", counter)):
            made = make_interaction(session, channel=channel, duration_seconds=30.0)
            make_assignment(session, interaction=made, checklist_version_id=version)
    files = FolderFiles(tmp_path)
    for _ in range(2):
        load_evidence(named.seeded.engine, files, now=NOW)
    recorded = [name for (name,) in named.all(Interaction.recording) if name]
    stored = [file.key.name for file in files.list(FileKind.RECORDINGS)]
    assert sorted(recorded) == stored
    assert len(stored) >= 1
    assert named.count(Photo) == len(list(files.list(FileKind.PHOTOS))) == 1


def test_a_call_of_ten_seconds_is_one_and_silent_where_nobody_speaks():
    """The customer from 0 to 4.4 s, the agent from 5 to 9.4 s; 128 is silence."""
    sound = call_sound([("customer", 0.0), ("agent", 5.0)], 10.0)
    assert sound_kind(sound) is SoundKind.WAV
    with wave.open(BytesIO(sound)) as file:
        samples = file.readframes(file.getnframes())
        assert file.getnframes() / file.getframerate() == 10
    assert set(samples[8000 * 9 + 4000 :]) == {128}
    assert len(set(samples[:8000])) > 50


def test_a_drawn_counter_is_a_photo_as_any_other():
    assert (read_picture(counter_photo(1)).width, read_picture(counter_photo(1)).height) == (
        960,
        640,
    )
