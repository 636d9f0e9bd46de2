"""Recordings: in pieces, only for who scores them, and plain words where there is none."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from db.store.models import AuditEvent
from pages.web.encounters.recordings import Piece, wanted_piece
from tests.factories import make_assignment, make_interaction
from tests.support.inspection.pads import Browser

WAVE = bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("header", "piece"),
    [
        (None, Piece(0, 1000)),
        ("bytes=0-", Piece(0, 1000)),
        ("bytes=0-99", Piece(0, 100)),
        ("bytes=900-5000", Piece(900, 1000)),
        ("bytes=-100", Piece(900, 1000)),
        ("bytes=-5000", Piece(0, 1000)),
        ("bytes=1000-", None),
        ("bytes=5-4", None),
        ("bytes=-0", None),
        ("bytes=0-1,5-6", Piece(0, 1000)),
        ("lines=0-1", Piece(0, 1000)),
        ("bytes=-", Piece(0, 1000)),
        pytest.param(f"bytes={'9' * 5000}-", Piece(0, 1000), id="longer than a number may be"),
    ],
)
def test_a_range_of_bytes_is_read_as_the_standard_says(header, piece):
    assert wanted_piece(header, 1000) == piece


def test_a_long_recording_comes_in_pieces():
    two_hours = 2 * 3600 * 16_000
    piece = wanted_piece("bytes=0-", two_hours)
    assert 0 < piece.stop < 5_000_000


@pytest.fixture
def recorded(wired, tmp_path):
    (tmp_path / "recordings" / "calls").mkdir(parents=True)
    (tmp_path / "recordings" / "calls" / "1.wav").write_bytes(WAVE)
    (tmp_path / "secret.wav").write_bytes(WAVE)

    def call(recording):
        with wired.seeded.transaction() as session:
            made = make_interaction(session, recording=recording)
            make_assignment(session, interaction=made, checklist_version_id=wired.version_id)
            return made.id

    return call


def test_a_recording_is_played_in_ranges(alice, recorded):
    call = recorded("calls/1.wav")
    part = alice.listen(call, "bytes=256-511")
    assert (part.status_code, part.content) == (206, bytes(range(256)))
    assert part.headers["content-range"] == f"bytes 256-511/{len(WAVE)}"
    assert part.headers["content-type"].startswith("audio/")
    assert alice.listen(call).content == WAVE
    assert alice.listen(call, "bytes=99999-").status_code == 416


def test_listening_from_the_beginning_is_in_the_audit_log(wired, alice, recorded):
    call = recorded("calls/1.wav")
    alice.listen(call, "bytes=0-99")
    alice.listen(call, "bytes=100-199")
    heard = select(func.count()).where(
        AuditEvent.action == "listen", AuditEvent.object_id == str(call)
    )
    assert wired.one(lambda s: s.scalar(heard)) == 1


@pytest.mark.parametrize("span", ["bytes=1-", "bytes=-10000"])
def test_listening_from_further_on_is_in_the_audit_log_too(wired, alice, recorded, span):
    """Else all but the first byte could be heard without a trace."""
    call, other = recorded("calls/1.wav"), recorded("calls/1.wav")
    for each in (call, call, other):
        assert alice.listen(each, span).status_code == 206
    heard = select(AuditEvent.object_id).where(AuditEvent.action == "listen")
    assert wired.one(lambda s: s.scalars(heard).all()) == [str(call), str(other)]


@pytest.mark.parametrize(
    "name",
    ["calls/2.wav", "calls", "../secret.wav", "/etc/passwd", "https://example.org/1.wav", None],
)
def test_a_recording_that_is_not_there_is_said_so(alice, recorded, name):
    reply = alice.listen(recorded(name))
    assert reply.status_code == 404
    assert "recording" in reply.json()["error"].lower()


def test_nobody_listens_to_anothers_encounter(wired, recorded):
    wired.inspector("dora")
    call = recorded("calls/1.wav")
    assert Browser(wired, "dora").listen(call).status_code == 404
    assert Browser(wired, "bob").listen(call).status_code == 403
    noted = wired.all(AuditEvent.object_type, AuditEvent.object_id, AuditEvent.action)
    assert [row for row in noted if row.action == "refuse"] == [
        ("interaction", str(call), "refuse"),
        ("action", "score", "refuse"),
    ]
