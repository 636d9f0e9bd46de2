"""Taking in recordings from a folder or an archive: matched, told, repeated, refused."""

from __future__ import annotations

from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed
from db.encounters.models import Interaction
from db.importing.recordings.sound_files import delivery
from db.importing.recordings.taking_in import TakingOrder, take_in
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


def taken(seeded, tmp_path, path, *, dry=False, **given):
    with delivery(path) as delivered:
        return take_in(
            seeded.engine,
            FolderFiles(tmp_path / "var"),
            TakingOrder(delivered, dry=dry),
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


def zipped(tmp_path, **parts):
    path = tmp_path / "calls.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_path_that_leads_out_of_the_archive_is_refused(seeded, calls, tmp_path):
    names = ("../pbx/a.wav", "/pbx/a.wav", "x/../../pbx/a.wav", "C:/pbx/a.wav", "..\\pbx\\a.wav")
    path = zipped(tmp_path, **dict.fromkeys(names, WAV))
    result = taken(seeded, tmp_path, path)
    assert reasons(result) == dict.fromkeys(names, "Its path leads out of the archive.")
    assert recording(seeded, calls["pbx", "a"]) is None


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_not_opened(tmp_path):
    """150 MB of silence in an archive of less than a 500th of it; speech does not shrink so."""
    path = zipped(tmp_path, **{"pbx/a.wav": WAV + bytes(150_000_000)})
    assert path.stat().st_size < 300_000
    with pytest.raises(InvalidInput, match="far more than its size"), delivery(path):
        pass


def test_a_part_that_says_it_is_small_is_not_unpacked_further(seeded, calls, tmp_path):
    """Both places where an archive says a part's size are made to lie: 100 bytes of 10,000."""
    path = zipped(tmp_path, **{"pbx/a.wav": WAV + bytes(10_000 - len(WAV))})
    said, lie = (10_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    content = path.read_bytes()
    assert content.count(said) == 2
    path.write_bytes(content.replace(said, lie))
    assert reasons(taken(seeded, tmp_path, path)) == {"pbx/a.wav": "The file is damaged."}


def test_a_damaged_part_is_refused_and_the_others_go_in(seeded, calls, tmp_path):
    path = tmp_path / "calls.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("pbx/a.wav", WAV + b"to be damaged")
        archive.writestr("pbx/b.wav", OTHER)
    path.write_bytes(path.read_bytes().replace(b"to be damaged", b"is now damage"))
    result = taken(seeded, tmp_path, path)
    assert reasons(result) == {"pbx/a.wav": "The file is damaged."}
    assert result.added == 1


def test_of_two_files_of_one_encounter_the_first_goes_in(seeded, calls, folder, tmp_path):
    """Else each run would replace the one by the other."""
    path = folder(pbx__a_wav=WAV, **{"pbx__a.ogg": b"OggS" + bytes(20)})
    for count in ("added", "unchanged"):
        result = taken(seeded, tmp_path, path)
        assert getattr(result, count) == 1
        assert reasons(result) == {
            "pbx/a.wav": "pbx/a.ogg of this delivery belongs to the same encounter."
        }


def test_one_sound_goes_in_by_its_name(seeded, calls, tmp_path):
    (tmp_path / "0f3").write_bytes(WAV)
    with delivery(tmp_path / "0f3", name="a.wav") as delivered:
        order, files = TakingOrder(delivered), FolderFiles(tmp_path / "var")
        result = take_in(seeded.engine, files, order, who=seeded.administrator, clock=lambda: NOW)
    assert (result.added, reasons(result)) == (1, {})
    assert recording(seeded, calls["pbx", "a"]).endswith(".wav")


def test_neither_folder_nor_archive(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(InvalidInput, match="neither a folder, nor a ZIP"), delivery(path):
        pass
