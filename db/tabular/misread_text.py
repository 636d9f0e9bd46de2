"""Text that some program read in a wrong encoding before it came into a file.

The file itself is sound, such as UTF-8 opened as Windows-1252 and saved again: æž— was 林.
"""

from __future__ import annotations

import re

# The letters in which Windows-1252 shows bytes 80 to 9F; some programs leave these as they are.
_SHOWN = {
    letter: byte
    for byte in range(0x80, 0xA0)
    for letter in (bytes([byte]).decode("cp1252", "ignore"), chr(byte))
    if letter
}
_WITHIN = re.escape("".join(_SHOWN)) + "\u00a0-\u00bf"
_PAIR = re.compile(f"[\u00c2-\u00f4][{_WITHIN}]")
_RUN = re.compile(r"[^\x00-\x7f]+")
_CHINESE = rb"[\xe4-\xe9][\x80-\xbf]{2}"
_TWO_CHINESE = re.compile(b"(?:%b){2}" % _CHINESE)
_CHINESE_RUN = re.compile(b"(?:%b)+" % _CHINESE)
_REPLACED = "\u951f\u65a4\u62f7"
"""Two characters that were lost already, read once more in GB18030."""
_ENOUGH = 0.7
_LOOKED_AT = 4000


def may_be_misread(text: str) -> bool:
    """A quick look at the beginning of a text: most that are sound are not suspected."""
    if text.isascii():
        return False
    text = text[:_LOOKED_AT]
    return (
        _REPLACED in text
        or _PAIR.search(text) is not None
        or _TWO_CHINESE.search(text.encode("gb18030", "ignore")) is not None
    )


def is_misread(text: str) -> bool:
    """Whether a text is UTF-8 that was read as Windows-1252, Latin-1 or GB18030."""
    return _REPLACED in text or _was_latin(text) or _was_chinese(text)


def _was_latin(text: str) -> bool:
    """Each run of letters beyond ASCII is some other text once its bytes are read as UTF-8."""
    runs = [_as_utf8(run) for run in _RUN.findall(text)]
    written = "".join(run or "" for run in runs)
    if not written or not all(runs):
        return False
    return len(written) > 1 or "\u00a0" <= written <= "\u00ff"


def _as_utf8(run: str) -> str | None:
    codes = [_SHOWN.get(letter, ord(letter)) for letter in run]
    if max(codes) > 0xFF:
        return None
    try:
        text = bytes(codes).decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() or "\u00a0" in text else None


def _was_chinese(text: str) -> bool:
    """Its bytes in GB18030 are Chinese in UTF-8 nearly throughout, as no other is."""
    encoded = text.encode("gb18030", "ignore")
    if not _TWO_CHINESE.search(encoded):
        return False
    beyond_ascii = sum(byte > 0x7F for byte in encoded)
    return sum(map(len, _CHINESE_RUN.findall(encoded))) >= _ENOUGH * beyond_ascii
