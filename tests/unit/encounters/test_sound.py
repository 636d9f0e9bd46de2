"""What a sound file is, told by its first bytes."""

import pytest

from core.encounters.sound import SoundKind, sound_kind

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
MP3 = b"\xff\xfb\x90\x00" + bytes(100)
OGG = b"OggS\x00\x02" + bytes(20)
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (WAV, SoundKind.WAV),
        (MP3, SoundKind.MP3),
        (b"ID3\x04\x00" + bytes(20), SoundKind.MP3),
        (OGG, SoundKind.OGG),
        (M4A, SoundKind.M4A),
        (WEBM, SoundKind.WEBM),
    ],
)
def test_each_kind_is_known_by_how_it_begins(head, kind):
    assert sound_kind(head) is kind


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska",
        b"\x00\x00\x00\x20ftypqt  ",
        b"\xff\xd8\xff\xe0",  # a JPEG
        b"\xff\xfe<\x00h\x00",  # UTF-16
        b"\xff\xfb\xf0\x00",  # a bit rate that is reserved
        b"%PDF-1.7",
        b"<html>",
    ],
)
def test_whatever_else_is_no_sound(head):
    assert sound_kind(head) is None
