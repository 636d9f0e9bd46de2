"""Telling the encoding of a text file from its bytes, with a stated confidence, or not at all.

Each encoding in which the bytes are text at all is a hypothesis. The text that it gives has a
likelihood: frequent characters of its language are likely, rare ones and broken words are not. The
best is taken when all others that give another text are far less likely; else nobody can know.
A detector of common use (charset-normalizer) always gives an answer, which for files with few names
is wrong more often than right: see docs/decisions.md.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from db.tabular.tables import Unreadable

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB18030, GBK",
    "cp950": "Big5",
    "big5hkscs": "Big5-HKSCS",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "cp1252": "Windows-1252, Latin-1",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp1258": "Windows-1258",
    "cp874": "Windows-874",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
}
"""Codec -> what people call it; these can be named for a file."""

_ENOUGH = 9.2  # ln(10,000): the runner-up is ten thousand times less likely
_LEAST_PLAUSIBLE = -13.0  # mean log-likelihood of what is not ASCII; text has -4 to -9
_LONGEST_SAMPLE = 60_000
_PUNCTUATION = frozenset("，。、：；！？（）「」『』《》“”‘’…—·　【】～％")
_ASCII = -3.4
_ODD = -12.0  # a damaged or private character, besides being rare
_UTF8_PRIOR = 8.0  # most files are in UTF-8


@dataclass(frozen=True)
class Recognised:
    """An encoding, and how sure it is, 0 to 1."""

    codec: str
    confidence: float


def recognise(sample: bytes) -> Recognised:
    """The encoding of bytes that are not UTF-8.

    Args:
        sample: whole lines of the file; those in ASCII alone say nothing and may lack.

    Raises:
        Unreadable: nothing fits, or several do; names what may be named for the file.
    """
    sample = (
        sample[:_LONGEST_SAMPLE].rsplit(b"\n", 1)[0] if len(sample) > _LONGEST_SAMPLE else sample
    )
    texts = {codec: text for codec in _LIKELIHOODS if (text := _decoded(sample, codec)) is not None}
    likelihoods = {
        codec: _PRIORS[codec] + _LIKELIHOODS[codec](text) for codec, text in texts.items()
    }
    ranked = sorted(likelihoods, key=likelihoods.__getitem__, reverse=True)
    plausible = [codec for codec in ranked if _is_plausible(texts[codec], likelihoods[codec])]
    if not plausible:
        raise Unreadable("The encoding of the file is not known; save it as UTF-8.")
    best = plausible[0]
    if _odd(texts[best], "Cc", "Cn", "Co"):
        raise Unreadable("The encoding of the file is not known; save it as UTF-8.")
    other = next((codec for codec in ranked if texts[codec] != texts[best]), None)
    margin = likelihoods[best] - likelihoods[other] if other else math.inf
    if margin < _ENOUGH:
        rivals = [c for c in ranked if likelihoods[best] - likelihoods[c] < _ENOUGH]
        raise _undecided(list({texts[codec]: codec for codec in reversed(rivals)}.values())[::-1])
    return Recognised(best, 1 / (1 + math.exp(-min(margin, 50))))


def refuse_if_chinese(sample: bytes) -> None:
    """Refuse bytes that are UTF-8 and far more likely Chinese in another encoding.

    Raises:
        Unreadable: names both.
    """
    text = sample.decode("utf-8", "replace")
    as_utf8 = max(
        *(_LIKELIHOODS[codec](text) for codec in ("cp1252", "cp1250", "cp1254", "cp1258")),
        *(_LIKELIHOODS[codec](text) for codec in _ALPHABETS),
    )
    as_utf8 -= 20.0 * (_mixed_scripts(text) + _rare_characters(text))
    for codec in ("gb18030", "cp950"):
        chinese = _decoded(sample, codec)
        if chinese is not None and _chinese(chinese) > as_utf8 + _UTF8_PRIOR:
            raise _undecided(["utf-8", codec])


def _mixed_scripts(text: str) -> int:
    """How often a letter beyond ASCII stands beside one of another script, or a mark beside none.

    Chinese bytes that happen to be UTF-8 look so; no word is written so.
    """
    return sum(
        right > "\x7f" and right.isalpha() and left.isalpha() and _script(left) != _script(right)
        for left, right in pairwise(text)
    ) + sum(
        unicodedata.category(right)[0] == "M" and not left.isalpha()
        for left, right in pairwise(f" {text}")
    )


def _rare_characters(text: str) -> int:
    """How many characters of two bytes are in no living alphabet, and how many are unassigned."""
    return sum(
        ("\x7f" < character <= "\u07ff" and not _USUAL.match(character))
        or unicodedata.category(character) in ("Cn", "Co")
        for character in text
    )


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


# Signs; letters of Latin, Greek, Cyrillic, Hebrew, Arabic with Persian; accents behind letters.
_USUAL = re.compile(
    "[\u00a0-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u0300-\u0345\u0386-\u03ce\u0400-\u045f"
    "\u0490\u0491\u05d0-\u05ea\u0621-\u0652\u067e\u0686\u0698\u06a9\u06af\u06cc]"
)


def _undecided(codecs: Sequence[str]) -> Unreadable:
    return Unreadable(
        "The file may be in {encodings}: too few characters tell. Save it as UTF-8, or name the"
        " encoding.",
        encodings=" / ".join(ENCODINGS[codec] for codec in codecs),
    )


def _decoded(sample: bytes, codec: str) -> str | None:
    """The text; None where the bytes are none in an encoding that has a letter for every byte.

    Damaged bytes of the others become surrogates: a fault in one row must not make the whole file
    look like one in another encoding.
    """
    is_strict = codec in _LETTERS or codec in _ALPHABETS
    try:
        text = sample.decode(codec, "strict" if is_strict else "surrogateescape")
    except UnicodeDecodeError:
        return None
    return None if is_strict and _odd(text, "Cc", "Cn", "Co") else text


def _odd(text: str, *categories: str) -> int:
    """How many characters beyond ASCII are of some categories: control, unassigned, private."""
    return sum(
        count
        for letter, count in Counter(text).items()
        if letter > "\x7f" and unicodedata.category(letter) in categories
    )


def _is_plausible(text: str, likelihood: float) -> bool:
    beyond_ascii = sum(character > "\x7f" for character in text)
    ascii_likelihood = _ASCII * (len(text) - beyond_ascii)
    return (likelihood - ascii_likelihood) / max(1, beyond_ascii) > _LEAST_PLAUSIBLE


@cache
def _ranks(language: str) -> dict[str, int]:
    lines = Path(__file__).with_name("frequent_characters.txt").read_text(encoding="utf-8")
    section = lines.split(f"[{language}]\n")[1].split("\n[")[0]
    return {character: rank for rank, character in enumerate(section.replace("\n", ""))}


def _chinese(text: str) -> float:
    return _of_characters(text, _chinese_character)


def _of_characters(text: str, one: Callable[[str], float]) -> float:
    """The log-likelihood of a text whose characters follow one another at random."""
    total = sum(count * one(character) for character, count in Counter(text).items())
    total += _ODD * _odd(text, "Cc", "Cn", "Co", "Cs")
    mixed = sum(
        (left > "\u2e7f") != (right > "\u2e7f") and (left if left < "\x80" else right).isalpha()
        for left, right in pairwise(text)
    )
    return total - 4.0 * mixed


@cache
def _chinese_character(character: str) -> float:
    if character < "\x80":
        return _ASCII
    rank = _ranks("chinese").get(character)
    if rank is not None:
        return -math.log(6 * (rank + 30))
    if character in _PUNCTUATION:
        return -5.3
    if "\u4e00" <= character <= "\u9fff":
        return -15.2
    if "\uff01" <= character <= "\uff5e":
        return -9.2
    return -18.4


@cache
def _japanese_character(character: str) -> float:
    if character < "\x80":
        return _ASCII
    if "\u3041" <= character <= "\u30fc":
        return -5.5
    rank = _ranks("japanese").get(character)
    if rank is not None:
        return -math.log(10 * (rank + 20))
    if "\uff61" <= character <= "\uff9f":
        return -9.2
    return _chinese_character(character) - 3.0


@cache
def _korean_character(character: str) -> float:
    if character < "\x80":
        return _ASCII
    rank = _ranks("korean").get(character)
    if rank is not None:
        return -math.log(5 * (rank + 15))
    if "\uac00" <= character <= "\ud7a3":
        return -10.4 if _is_in("euc_kr", character) else -18.4
    return _chinese_character(character) - 4.0


def _is_in(codec: str, character: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


_MOST_ODD = 4  # of so many words of an alphabet one may be broken or mixed
_WORDS = re.compile(r"[^\W\d_]+")
# Letters beyond ASCII that a language writes often; the others of its encoding are rare.
_LETTERS = {
    "cp1252": "äöüßÄÖÜéèêëàâçîïôùûœÉÈÀÇáíóúñÁÍÓÚÑåæøÅÆØãõÃÕ¿¡’“”–",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůúýžáéíČĎĚŇŘŠŤŮÚÝŽÁÉÍőűŐŰöüÖÜăâîșțşţ„”–",
    "cp1254": "çğıöşüÇĞİÖŞÜâîû’“”–",
    "cp1257": "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽąęėįųĄĘĖĮŲõäöüÕÄÖÜ„”–",
    "cp1258": "ăâđêôơưĂÂĐÊÔƠƯáàéèíóòúùý\u0301\u0300\u0309\u0303\u0323",
    "mac_roman": "äöüßÄÖÜéèêëàâçîïôùûœÉÈÀÇáíóúñÁÍÓÚÑåæøÅÆØãõ’“”–",
    "cp850": "äöüßÄÖÜéèêëàâçîïôùûÉÈÀÇáíóúñÁÍÓÚÑåæøÅÆØãõ",
}


def _latin(codec: str, text: str) -> float:
    """Words of ASCII letters with single letters beyond them between."""
    usual = _LETTERS[codec]
    total = 0.0
    for character, count in Counter(text).items():
        if character < "\x80":
            total += _ASCII * count
        elif character in usual:
            total -= count * math.log(3 * len(usual))
        else:
            total += count * (-12.0 if character.isalpha() else -14.0)
    for left, right in pairwise(text):
        if left > "\x7f" and (right > "\x7f" or (left.isalpha() and right.isdigit())):
            total -= 4.0
    return total - 12.0 * _signs_in_words(text) + _case(text)


def _signs_in_words(text: str) -> int:
    """How often a letter stands beside a sign or number beyond ASCII, which no word holds.

    In another encoding the same bytes are letters.
    """
    return sum(
        left.isalpha() != right.isalpha() and (_is_sign(left) or _is_sign(right))
        for left, right in pairwise(text)
    )


@cache
def _is_sign(character: str) -> bool:
    return character > "\x7f" and (
        unicodedata.category(character)[0] in "SN" or character in "\xa7\xb6"
    )


def _alphabet(first: str, last: str, letters: int, text: str) -> float:
    """Words of one script beyond ASCII, without letters of another in them."""
    total = 0.0
    for character, count in Counter(text).items():
        if character < "\x80":
            total += _ASCII * count
        elif first <= character <= last and unicodedata.category(character)[0] in "LM":
            total -= count * math.log(letters)
        else:
            total -= 12.0 * count
    mixed = sum(
        (left < "\x80") != (right < "\x80") and (left if left < "\x80" else right).isalnum()
        for left, right in pairwise(text)
    )
    words = [word for word in _WORDS.findall(text) if not word.isascii()]
    odd = sum(any(letter < "\x80" for letter in word) or _broken(word) for word in words)
    if _MOST_ODD * odd > len(words):
        return -math.inf
    return total - 5.0 * mixed - 12.0 * _signs_in_words(text) + _case(text)


# A vowel sign or tone mark without a letter before it, a leading vowel without one after it.
_MISSPELT_THAI = re.compile(
    "(?<![\u0e01-\u0e2e\u0e30-\u0e3a\u0e47-\u0e4e])[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]"
    "|[\u0e40-\u0e44](?![\u0e01-\u0e2e])"
)


def _thai(text: str) -> float:
    """Thai has a sign for nearly every byte, and any bytes look like it but for its spelling."""
    return _alphabet(*_ALPHABETS["cp874"], text) - 12.0 * len(_MISSPELT_THAI.findall(text))


def _case(text: str) -> float:
    """What capitals inside of words cost; a word in capitals alone costs nothing."""
    words = (word for word in _WORDS.findall(text) if not word.isascii())
    return float(-6 * sum(map(_broken, words)))


def _broken(word: str) -> int:
    """How often a capital follows a small letter in a word."""
    return sum(left.islower() and right.isupper() for left, right in pairwise(word))


_ALPHABETS = {
    "cp1251": ("\u0400", "\u04ff", 33),
    "koi8_r": ("\u0400", "\u04ff", 33),
    "cp1253": ("\u0370", "\u03ff", 33),
    "cp1255": ("\u0590", "\u05ff", 30),
    "cp1256": ("\u0600", "\u06ff", 36),
    "cp874": ("\u0e00", "\u0e7f", 80),
}
"""First and last letter of a script, and how many are common."""
_LIKELIHOODS: dict[str, Callable[[str], float]] = {
    "gb18030": _chinese,
    "cp950": _chinese,
    "big5hkscs": _chinese,
    "cp932": partial(_of_characters, one=_japanese_character),
    "euc_jp": partial(_of_characters, one=_japanese_character),
    "cp949": partial(_of_characters, one=_korean_character),
    **{codec: partial(_latin, codec) for codec in _LETTERS},
    **{codec: partial(_alphabet, *script) for codec, script in _ALPHABETS.items()},
    "cp874": _thai,
}
# Before a byte is read: how likely files of each encoding are in a house that writes Chinese.
_PRIORS = dict.fromkeys(_LIKELIHOODS, -7.0) | {
    "gb18030": 0.0,
    "cp950": 0.0,
    "big5hkscs": -1.0,
    "cp932": -3.0,
    "euc_jp": -5.0,
    "cp949": -3.0,
    "cp1252": -4.0,
    "mac_roman": -6.0,
    "cp850": -6.0,
}
