"""Opening a text file in its encoding, which its content tells or a person names."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from db.tabular.encodings import ENCODINGS, Recognised, recognise, refuse_if_chinese
from db.tabular.tables import Unreadable

_CHUNK = 1 << 20
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ESCAPES = {
    "iso2022_jp": re.compile(rb"\x1b\$[@B]"),
    "iso2022_kr": re.compile(rb"\x1b\$\)C"),
    "hz": re.compile(rb"~\{(?:[!-w][!-~])+~\}"),
}
_UNKNOWN_ESCAPE = re.compile(rb"\x1b\$")
_UTF7 = re.compile(rb"\+(?=[0-9]*[A-Za-z/])([A-Za-z0-9+/]{3,})(?![A-Za-z0-9+/])")
_HAN = re.compile("[\u4e00-\u9fff]+")
_CERTAIN, _ALMOST = 1.0, 0.999


@contextmanager
def opened_text(path: Path, codec: str) -> Iterator[tuple[TextIO, Callable[[], float]]]:
    """A text file, and which share of it has been read; damaged bytes become surrogates."""
    size = max(1, path.stat().st_size)
    errors = "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, codec, errors=errors, newline="") as file,
    ):
        if codec.startswith("utf-16-"):
            _skip_mark(file)
        yield file, lambda: min(1.0, raw.tell() / size)


def encoding_of(path: Path, named: str) -> Recognised:
    """The codec to read a text file with.

    A file with a few damaged bytes counts as UTF-8: only the rows that hold them are refused.

    Args:
        named: the codec that a person names, empty: the content tells.

    Raises:
        Unreadable: the file is empty, not in the encoding that is named, or may be in several.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if not head.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty.")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable("The encoding of the file is not known; save it as UTF-8.")
    if named:
        return _named(path, head, named)
    if codec := _marked(head):
        return Recognised(_complete(path, codec), _ALMOST if codec in _ESCAPES else _CERTAIN)
    return _from_content(path)


def _marked(head: bytes) -> str:
    """The codec that a mark at the beginning, zero bytes or escapes tell; empty without any."""
    for mark, codec in _BOMS.items():
        if head.startswith(mark):
            return codec
    if b"\0" in head and (codec := utf16_order(head)):
        return codec
    if not head.isascii():
        return ""
    escaped = (codec for codec, escape in _ESCAPES.items() if escape.search(head))
    codec = next(escaped, "")
    if not codec and (_UNKNOWN_ESCAPE.search(head) or _is_utf7(head)):
        raise Unreadable("The encoding of the file is not known; save it as UTF-8.")
    return codec


def _is_utf7(head: bytes) -> bool:
    """Whether what stands behind each plus sign, telephone numbers aside, is Chinese in UTF-7."""
    texts = [b"+%b-" % run for run in _UTF7.findall(head)]
    try:
        return len(texts) > 0 and all(_HAN.fullmatch(text.decode("utf-7")) for text in texts)
    except UnicodeDecodeError:
        return False


def _complete(path: Path, codec: str) -> str:
    if codec.startswith("utf-16") and path.stat().st_size % 2:
        raise Unreadable("The file is cut off in the middle of a character.")
    return codec


def _skip_mark(file: TextIO) -> None:
    if file.read(1) != "\ufeff":
        file.seek(0)


def _named(path: Path, head: bytes, named: str) -> Recognised:
    """The encoding that a person names, unless the file is none of it from its beginning on."""
    mark = next((mark for mark in _BOMS if head.startswith(mark)), b"")
    if named == "utf-8" and mark == codecs.BOM_UTF8:
        return Recognised("utf-8-sig", _CERTAIN)
    whole = head if len(head) < _CHUNK else head.rsplit(b"\n", 1)[0]
    line = _first_odd_line(whole, named)
    if line and named != "utf-8":
        raise Unreadable(
            "The file is not in {encoding}: line {line} cannot be read in it.",
            encoding=ENCODINGS[named],
            line=line,
        )
    return Recognised(_complete(path, named), _CERTAIN)


def _first_odd_line(content: bytes, codec: str) -> int:
    """The first line that is no text in an encoding, 0 where all are."""
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    odd = {letter for letter in set(text) if _is_no_text(letter)} - {"\0", "\ufeff"}
    return text.count("\n", 0, min(map(text.index, odd))) + 1 if odd else 0


def utf16_order(head: bytes) -> str:
    """Which byte order gives text where no mark names it; empty where neither does."""
    even = head[: len(head) // 2 * 2]
    for codec in ("utf-16-le", "utf-16-be"):
        text = even.decode(codec, "replace")
        ascii_share = sum(" " <= letter < "\x7f" for letter in text) / max(1, len(text))
        odd = sum(_is_no_text(letter) for letter in set(text))
        if ascii_share > 0.1 and not odd:
            return codec
    return ""


def _is_no_text(letter: str) -> bool:
    return letter not in "\t\r\n\ufffd" and unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs")


def _from_content(path: Path) -> Recognised:
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk, is_first = b"", True
    with path.open("rb") as file:
        while True:
            before, chunk = chunk, file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                sample = chunk or before
                return _guess(_lines_beyond_ascii(sample, whole=is_first and len(chunk) < _CHUNK))
            if not chunk:
                return Recognised("utf-8", _CERTAIN)
            if is_first and len(chunk) < _CHUNK:
                _refuse_doubtful(chunk, text)
            is_first = False


def _refuse_doubtful(content: bytes, text: str) -> None:
    """A few Chinese characters in GB18030 or Big5 can be letters in UTF-8 by chance."""
    if not text.isascii() and max(text) < "\u0800":
        refuse_if_chinese(_lines_beyond_ascii(content, whole=True))


def _lines_beyond_ascii(chunk: bytes, *, whole: bool) -> bytes:
    """The lines with more than ASCII in them, without those cut off by the chunk's ends."""
    lines = chunk.splitlines()
    inner = lines if whole else lines[1:-1] or lines
    return b"\n".join(line for line in inner if not line.isascii())


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _is_utf8_of_utf16(sample: bytes) -> bool:
    """Whether all is UTF-8 but for signs such as emoji, of which each half was written alone.

    Some databases and programs in Java write so (CESU-8); rows that hold such signs are refused.
    """
    try:
        sample.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _guess(sample: bytes) -> Recognised:
    """UTF-8 with damage, or another encoding: by chance three bytes rarely make a character."""
    if _is_utf8_of_utf16(sample):
        return Recognised("utf-8", 0.9)
    text = sample.decode("utf-8", "surrogateescape")
    damaged = sum(map(_is_surrogate, text))
    beyond_ascii = sum(character >= "\x80" for character in text)
    long = sum(character >= "\u0800" and not _is_surrogate(character) for character in text)
    if beyond_ascii > 10 * damaged or (long > 1 and 2 * long >= damaged):
        return Recognised("utf-8", 0.9)
    return recognise(sample)
