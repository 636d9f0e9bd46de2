"""What kind of sound a file holds, told by its first bytes and never by its name."""

from __future__ import annotations

from enum import StrEnum

HEAD = 4096
"""Bytes from the beginning of a file that are looked at."""
_MPEG_4_SOUND = (b"M4A ", b"M4B ", b"isom", b"iso2", b"mp41", b"mp42", b"dash")
_WEBM = b"\x1a\x45\xdf\xa3"


class SoundKind(StrEnum):
    """The kinds that browsers play; the value is the ending of a stored file's name."""

    WAV = "wav"
    MP3 = "mp3"
    OGG = "ogg"
    M4A = "m4a"
    WEBM = "webm"


def sound_kind(head: bytes) -> SoundKind | None:
    """The kind of sound that begins so; None for everything else.

    Args:
        head: the first bytes of the file, HEAD of them or fewer where it is shorter.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return SoundKind.WAV
    if head[:4] == b"OggS":
        return SoundKind.OGG
    if head[4:8] == b"ftyp" and head[8:12] in _MPEG_4_SOUND:
        return SoundKind.M4A
    if head[:4] == _WEBM and b"webm" in head[:64]:
        return SoundKind.WEBM
    if head[:3] == b"ID3" or _is_mpeg_frame(head[:4]):
        return SoundKind.MP3
    return None


def _is_mpeg_frame(header: bytes) -> bool:
    """Whether a frame of MPEG sound, layer III, begins here: ISO/IEC 11172-3, section 2.4.1.3.

    Eleven bits are set; version, bit rate and sampling rate are none of the reserved ones.
    """
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return False
    version, layer = header[1] >> 3 & 0b11, header[1] >> 1 & 0b11
    bit_rate, sampling = header[2] >> 4, header[2] >> 2 & 0b11
    return version != 0b01 and layer == 0b01 and bit_rate not in (0, 0b1111) and sampling != 0b11
