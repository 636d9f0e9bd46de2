"""Which encoding a text file is in: UTF-8, GB18030 or Big5, told from its bytes."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from db.tabular.tables import Unreadable

_CHUNK = 1 << 20
_LEAST = 0.1  # traditional text in GB18030 has few characters of level 1
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Most text in an encoding uses its frequent characters; text in the other one, read as this one,
# scatters over rare ones. Frequent are the symbols and level 1 of GB 2312 and of Big5.
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_FREQUENT = {
    "gb18030": re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),
    "cp950": re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]"),
}


def detect(path: Path) -> str:
    """The codec to read a text file with; told right from about twenty Chinese characters on.

    A file with a few damaged bytes counts as UTF-8: only the rows that hold them are refused.

    Raises:
        Unreadable: the file is empty, or in UTF-16.
    """
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        if not chunk.strip():
            raise Unreadable("The file is empty.")
        if chunk.startswith(_UTF16):
            raise Unreadable("The file is in UTF-16; save it as UTF-8.")
        if chunk.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        decoder = codecs.getincrementaldecoder("utf-8")()
        while chunk:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return _guess(_whole_lines(chunk))
            chunk = file.read(_CHUNK)
    return "utf-8"


def _whole_lines(chunk: bytes) -> bytes:
    """The lines with more than ASCII in them, without those cut off by the chunk's ends."""
    lines = chunk.splitlines()
    return b"\n".join(line for line in lines[1:-1] or lines if not line.isascii())


def _guess(sample: bytes) -> str:
    text = sample.decode("utf-8", "surrogateescape")
    damaged = sum("\udc80" <= character <= "\udcff" for character in text)
    beyond_ascii = sum(character >= "\x80" for character in text)
    if beyond_ascii > 10 * damaged:
        return "utf-8"
    shares = {codec: _share_frequent(codec, sample) for codec in _FREQUENT}
    likely = max(shares, key=shares.__getitem__)
    return likely if shares[likely] > _LEAST else "utf-8"


def _share_frequent(codec: str, sample: bytes) -> float:
    """The share of frequent characters among all, undecodable bytes counted against."""
    pairs = _PAIR.findall(sample)
    frequent = sum(bool(_FREQUENT[codec].fullmatch(pair)) for pair in pairs)
    broken = sample.decode(codec, "replace").count("�")
    return (frequent - broken) / max(1, len(pairs))
