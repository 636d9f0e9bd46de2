"""The portal's files: written whole or not at all, by kind, never outside of their folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from db.store.files import FileKey, FileKind, FolderFiles

ROWS = FileKey(FileKind.UPLOADS, "7/rows")
NOTE = FileKey(FileKind.IMPORTS, "7/rows")


@pytest.fixture
def files(tmp_path):
    return FolderFiles(tmp_path / "var")


def test_what_is_written_is_read_again_by_its_kind_and_name(files):
    files.write(ROWS, b"rows")
    files.write(NOTE, b"note")
    assert (files.read(ROWS), files.read(NOTE)) == (b"rows", b"note")
    assert files.about(ROWS)[:2] == (ROWS, 4)
    with files.open(ROWS) as file:
        file.seek(2)
        assert file.read() == b"ws"
    with files.local(ROWS) as path:
        assert path.read_bytes() == b"rows"


def test_what_is_not_there_is_told_and_may_be_removed(files):
    files.remove([ROWS])
    assert (files.read(ROWS), files.about(ROWS)) == (None, None)
    assert list(files.list(FileKind.UPLOADS)) == []
    for look in (files.open, files.local):
        with pytest.raises(FileNotFoundError), look(ROWS):
            pytest.fail("there is none")
    with pytest.raises(FileNotFoundError):
        files.move(ROWS, NOTE)


def test_a_kind_lists_its_own_files_by_name_with_their_size_and_time(files):
    for name in ("b/2", "a", "b/1"):
        files.write(FileKey(FileKind.PHOTOS, name), name.encode())
    files.write(ROWS, b"another kind")
    stored = list(files.list(FileKind.PHOTOS))
    assert [(file.key.name, file.size) for file in stored] == [("a", 1), ("b/1", 3), ("b/2", 3)]
    assert all(datetime.now(UTC) - file.written_at < timedelta(minutes=5) for file in stored)


def test_a_file_keeps_its_content_when_the_next_one_is_never_finished(files):
    files.write(ROWS, b"before")

    def fill():
        with files.making(ROWS) as path:
            path.write_bytes(b"half")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fill()
    assert files.read(ROWS) == b"before"
    assert [file.key for file in files.list(FileKind.UPLOADS)] == [ROWS]


def test_a_growing_file_is_seen_while_it_comes_in(files):
    with files.writing(ROWS) as file:
        file.write(b"first half")
        file.flush()
        assert files.about(ROWS).size == 10


def test_lines_are_added_at_the_end(files):
    for line in (b"one\n", b"two\n"):
        files.append(ROWS, line)
    assert files.read(ROWS) == b"one\ntwo\n"


def test_a_move_takes_the_place_of_what_was_there(files):
    files.write(ROWS, b"new")
    files.write(NOTE, b"old")
    files.move(ROWS, NOTE)
    assert (files.read(ROWS), files.read(NOTE)) == (None, b"new")


def test_only_the_portals_own_account_may_look_into_a_folder(files, tmp_path):
    before = os.umask(0)
    try:
        files.write(ROWS, b"x")
    finally:
        os.umask(before)
    for folder in ("var/uploads", "var/uploads/7"):
        assert (tmp_path / folder).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", ".", "..", "/etc/passwd", "a/../../b", "s3://a/b", "a\0b"])
def test_no_name_leads_out_of_the_folder_of_its_kind(name):
    assert FileKey.of(FileKind.RECORDINGS, name) is None
    with pytest.raises(ValueError, match="names no file"):
        FileKey(FileKind.RECORDINGS, name)
