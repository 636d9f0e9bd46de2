"""Taking in recordings from a folder or an archive: matched, told, repeated, refused."""

from __future__ import annotations

from zipfile import ZipFile

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed
from db.encounters.models import Interaction
from db.importing.recordings.sound_files import delivery
from db.importing.recordings.taking_in import take_in
from db.store.files import FileKey, FileKind, FolderFiles
from db.store.models import AuditEvent
from tests.factories import make_interaction
from tests.support.clock import NOW

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt first"
OTHER = b"RIFF\x24\x00\x00\x00WAVEfmt other"


@pytest.fixture
def calls(seeded):
    """Calls a, b of source pbx and b of source crm, without words; c names a file; d has words."""
    given = [
        {"source": "pbx", "external_id": "a", "turn_count": 0},
        {"source": "pbx", "external_id": "b", "turn_count": 0},
        {"source": "crm", "external_id": "b", "turn_count": 0},
        {"source": "crm", "external_id": "c", "recording": "2026/call-c.wav"},
        {"source": "crm", "external_id": "d", "turn_count": 3},
    ]
    with seeded.transaction() as session:
        rows = [make_interaction(session, **one) for one in given]
        session.flush()
        return {(row.source, row.external_id): row.id for row in rows}


@pytest.fixture
def folder(tmp_path):
    def put(**named):
        for name, content in named.items():
            path = tmp_path / "in" / name.replace("__", "/").replace("_wav", ".wav")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tmp_path / "in"

    return put


def taken(seeded, tmp_path, path, **given):
    with delivery(path) as delivered:
        return take_in(
            seeded.engine,
            FolderFiles(tmp_path / "var"),
            delivered,
            **({"who": None, "clock": lambda: NOW} | given),
        )


def recording(seeded, key):
    with seeded.reading() as session:
        return session.get_one(Interaction, key).recording


def reasons(result):
    return {refused.name: str(refused.reason) for refused in result.refused}


def test_files_are_matched_by_folder_by_name_and_by_what_an_encounter_names(
    seeded, calls, folder, tmp_path
):
    path = folder(pbx__b_wav=WAV, a_wav=WAV, **{"2026__call-c_wav": WAV})
    result = taken(seeded, tmp_path, path)
    assert (result.added, result.unchanged, reasons(result)) == (3, 0, {})
    assert [*result.lacking] == [("crm", "b")]
    files = FolderFiles(tmp_path / "var")
    for key in (("pbx", "a"), ("pbx", "b"), ("crm", "c")):
        name = recording(seeded, calls[key])
        assert name.endswith(".wav")
        assert files.read(FileKey(FileKind.RECORDINGS, name)) == WAV
    with seeded.reading() as session:
        deeds = session.scalars(
            select(AuditEvent.object_id).filter_by(action="attach_recording")
        ).all()
    assert len(deeds) == 3


def test_the_same_again_changes_nothing_and_another_sound_replaces_the_first(
    seeded, calls, folder, tmp_path
):
    taken(seeded, tmp_path, folder(pbx__a_wav=WAV))
    first = recording(seeded, calls["pbx", "a"])
    again = taken(seeded, tmp_path, folder(pbx__a_wav=WAV))
    assert (again.added, again.replaced, again.unchanged) == (0, 0, 1)
    better = taken(seeded, tmp_path, folder(pbx__a_wav=OTHER))
    assert (better.added, better.replaced, better.unchanged) == (0, 1, 0)
    files = FolderFiles(tmp_path / "var")
    assert files.about(FileKey(FileKind.RECORDINGS, first)) is None
    [stored] = files.list(FileKind.RECORDINGS)
    assert stored.key.name == recording(seeded, calls["pbx", "a"])


def test_an_archive_with_a_manifest(seeded, calls, tmp_path):
    path = tmp_path / "calls.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("x/0001.mp3", b"ID3\x04" + bytes(50))
        archive.writestr("x/0002.mp3", b"ID3\x04" + bytes(60))
        archive.writestr("__MACOSX/x/._0001.mp3", b"")
        archive.writestr(
            "manifest.csv",
            "file,source,external_id\nx/0001.mp3,crm,b\nx/0002.mp3,crm,nobody\n",
        )
    result = taken(seeded, tmp_path, path)
    assert result.added == 1
    assert recording(seeded, calls["crm", "b"]).endswith(".mp3")
    assert reasons(result) == {
        "x/0002.mp3": "The manifest names an encounter that is not there: crm nobody."
    }


def test_what_cannot_be_taken_in_is_refused_with_its_reason(seeded, calls, folder, tmp_path):
    with seeded.transaction() as session:
        session.get_one(Interaction, calls["pbx", "a"]).consent = False
    path = folder(pbx__a_wav=WAV, b_wav=WAV, z_wav=WAV, pbx__b_wav=b"<html>")
    result = taken(seeded, tmp_path, path)
    assert reasons(result) == {
        "b.wav": "Several encounters have this name: say which in a manifest.",
        "pbx/a.wav": "The customer refuses that this encounter is used.",
        "pbx/b.wav": "This is no sound that can be played: wav, mp3, ogg, m4a and webm are.",
        "z.wav": "No encounter has this name.",
    }
    assert list(FolderFiles(tmp_path / "var").list(FileKind.RECORDINGS)) == []
    assert set(result.lacking) == {("pbx", "b"), ("crm", "b"), ("crm", "c")}


def test_a_dry_run_only_says(seeded, calls, folder, tmp_path):
    result = taken(seeded, tmp_path, folder(pbx__a_wav=WAV), dry=True)
    assert result.added == 1
    assert recording(seeded, calls["pbx", "a"]) is None


def test_only_who_imports_may(seeded, calls, folder, tmp_path):
    with pytest.raises(NotAllowed):
        taken(seeded, tmp_path, folder(pbx__a_wav=WAV), who=seeded.alice)


def test_neither_folder_nor_archive(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(InvalidInput, match="neither a folder nor a ZIP"), delivery(path):
        pass
