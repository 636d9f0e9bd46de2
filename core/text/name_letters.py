"""Letters of names as they are compared, in any script and however they are composed.

An accent, a point over an Arabic or Hebrew letter and a stroke through a Latin one do not count;
the vowel signs of Indic scripts are letters like others. Thai, Lao, Khmer and Burmese are written
like Chinese, without anything between words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from core.text.seen_text import INVISIBLE, MARKS, Edit, SeenText, edited, unaccented
from core.text.textfold import fold

RUN_TOGETHER = (
    "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
    "\u0e00-\u0e3e\u0e40-\u0edf\u1000-\u109f\uaa60-\uaa7f\u1780-\u17b3\u17b6-\u17d3"
)
"""For a class of a pattern: characters that need no others beside them to make a word."""
_POINTS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
)
_WITH_SIGNS = (range(0x900, 0x1100), range(0x1700, 0x1AB0), range(0xA800, 0xABF0))
SIGNED = "".join(
    sign
    for sign in (chr(code) for codes in _WITH_SIGNS for code in codes)
    if unicodedata.category(sign) in {"Mn", "Mc"} and not re.match(f"[{INVISIBLE}]", sign)
)
"""For a class of a pattern: the vowel signs and the like of Indic scripts, Thai's among them."""
SIGNS = re.sub(f"[{RUN_TOGETHER}]", "", SIGNED)
"""For a class of a pattern: those of them that stand in words with a space between."""
_LETTER = f"[^\\W_{RUN_TOGETHER}]"
WORD = f"{_LETTER}+(?:[{SIGNS}]+{_LETTER}*)*"
"""A pattern of a word between other signs; `re` is fastest where it has no marks."""
NO_WORD_BEFORE = f"(?<!{_LETTER})(?<![{SIGNS}])"
_UNSEEN = f"{INVISIBLE}{MARKS}{_POINTS}"
_SPELLED = "ßẞæÆœŒþÞ\ufb00-\ufb06"
_VOICED = "\uff9e\uff9f"
_COMPOSED = re.compile(f"[{_UNSEEN}{SIGNED}{_SPELLED}{_VOICED}\u1100-\u11ff\u0958-\u095f]")
_ACCENTED = re.compile("[\u00c0-\u07ff\u1e00-\u1fff]")
_STROKES = str.maketrans("ıøłđðħŧØŁĐÐĦŦ", "iolddhtOLDDHT")
_ALIKE = {
    **dict(zip("ىیئکةۀؤٱ", "يييكههوا", strict=True)),
    "ς": "σ",
}
"""A stroke through a letter, or a dot that it lacks, is no accent: Łukasz and Lukasz are one."""
_WORDS_SPELLED = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_SPELLED_UMLAUT = re.compile("[ao]e|aa|(?<![aeq])ue")
_LONG_WORD = re.compile("[a-z]{5,}")
"""In a shorter word, such as Sue or Joe, two vowels are two."""


def composed(text: str) -> SeenText:
    """The text with letter and marks as one character, and without what nobody sees."""
    return edited(text, _edits() if _COMPOSED.search(text) else ())


def plain(text: str) -> str:
    """A composed text in which each letter stands as it is compared, as long as before."""
    folded = fold(text)
    return folded.translate(_PLAIN) if _ACCENTED.search(folded) else folded


def bare(text: str) -> str:
    """A composed text with Latin letters without accents and strokes, as long as before."""
    return unaccented(text).translate(_STROKES) if _ACCENTED.search(text) else text


def spellings(name: str) -> Iterable[str]:
    """A name, and as it is written where letters with dots are not at hand; and the other way."""
    small = unicodedata.normalize("NFC", name).lower()
    dotted = _LONG_WORD.sub(lambda word: _SPELLED_UMLAUT.sub(_first, word[0]), small)
    return dict.fromkeys([name, small.translate(_UMLAUTS), dotted])


def _first(letters: re.Match[str]) -> str:
    return letters[0][0]


@cache
def _edits() -> tuple[Edit, ...]:
    marks = f"{MARKS}{_POINTS}{SIGNED}{_VOICED}"
    return (
        (re.compile(f"[{INVISIBLE}]+"), lambda _: ""),
        (re.compile(f"[^\\s{marks}][{marks}]+|[\u0958-\u095f]"), _one_letter),
        (re.compile("[\u1100-\u115e][\u1161-\u11a7][\u11a8-\u11ff]?"), _one_letter),
        (re.compile(f"[{MARKS}{_POINTS}]+"), lambda _: ""),
        (re.compile(f"[{_SPELLED}]"), _spelled),
    )


def _one_letter(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", match[0]))


def _spelled(match: re.Match[str]) -> str:
    letter = match[0].lower()
    spelled = _WORDS_SPELLED.get(letter) or unicodedata.normalize("NFKC", letter)
    return spelled if letter == match[0] else spelled.title()


class _Plain(dict[int, int]):
    """Letters as they are compared; found out when a letter is first met."""

    def __missing__(self, code: int) -> int:
        letter = chr(code)
        base, *marks = list(unicodedata.normalize("NFD", letter))
        is_accented = marks and all(re.match(f"[{MARKS}{_POINTS}]", mark) for mark in marks)
        if is_accented and not "\u3040" <= letter <= "\u30ff":  # Japanese dots are no accents
            letter = base
        letter = letter.lower().translate(_STROKES)
        self[code] = ord(_ALIKE.get(letter, letter)) if len(letter) == 1 else code
        return self[code]


_PLAIN = _Plain()
