"""Names in Cyrillic, Greek, Arabic, Hebrew, Thai and Hangul, behind words that announce one.

Capitals tell Cyrillic and Greek names. Arabic, Hebrew and Thai have none: there a name goes on for
a word or two, as long as none follows that belongs to a sentence. A Korean name begins with a
surname and is one with a title behind it or words for a name before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.safekeeping.masking.shadow import Shadow, Stretch
from core.safekeeping.masking.word_lists import sections

_WORDS = sections("other_names.txt")
_SCRIPTS = re.compile("[\u0370-\u052f\u0590-\u06ff\u0e00-\u0e7f\u1f00-\u1fff\uac00-\ud7a3]")
_LINK = r"(?:\s?[:\-—–]\s?|\s)[«„\"“]?"
_COLON = r"\s?:\s?"
_LETTERS = r"[\u0370-\u052f\u1f00-\u1fff]"
_WORD = re.compile(rf"{_LETTERS}+(?:[-'’]{_LETTERS}+)*")
_INITIALS = re.compile("(?:[А-ЯЁІЇЄҐΑ-Ω]\\. ?){1,2}")
_SEMITIC = re.compile("[\u0590-\u05ff\u0600-\u06ff]+(?:[-'׳][\u0590-\u05ff\u0600-\u06ff]+)*")
_LINKED = frozenset({"بن", "ابن", "بنت", "عبد", "أبو", "ابو", "آل", "בן", "בר", "בת"})
"""Words that stand inside a name: another one follows."""
_THAI_RUN = re.compile("[\u0e00-\u0e7f]+")
_PARTICLE = re.compile("(?:นะ)?(?:ครับ|ค่ะ|คะ|จ้ะ|จ้า|ค้าบ)|นามสกุล")
_NAME_THAI, _SURNAME_THAI = 14, 18
_BEHIND_KOREAN = "(?:이?라고|입니다|이에요|예요|이고|이며|으로|로 |님|씨|[,.)\\s]|$)"
_MOST_CAPITALS = 3


def other_names(shadow: Shadow) -> Iterator[Stretch]:
    """The names of a text in these scripts; nothing is looked for in texts without them."""
    if shadow.is_ascii or not _SCRIPTS.search(shadow.low):
        return
    for cue, read in _READERS:
        for match in cue.finditer(shadow.plain):
            if end := read(shadow.plain, match.end()):
                yield Stretch(match.end(), end, "name")
    for match in _TITLED_KOREAN.finditer(shadow.plain):
        if _is_korean(match[1]):
            yield Stretch(match.start(1), match.end(1), "name")


def _capitals(text: str, start: int) -> int:
    """The offset behind up to three words with capitals, or 0."""
    end = 0
    initials = _INITIALS.match(text, start)
    offset = initials.end() if initials else start
    for _ in range(_MOST_CAPITALS):
        word = _WORD.match(text, offset)
        if not word or not word[0][0].isupper() or word[0].lower() in _NO["no capitals"]:
            break
        end = word.end()
        if text[end : end + 1] != " ":
            break
        offset = end + 1
    return end


def _semitic(section: str, article: str) -> Callable[[str, int], int]:
    """Two words, more where some stand inside a name; the first one has no article."""

    def read(text: str, start: int) -> int:
        offset, end, words = start, 0, 0
        while words < 2 and (word := _SEMITIC.match(text, offset)):
            if word[0] in _NO[section] or (not words and word[0].startswith(article)):
                break
            if len(word[0]) == 1 or (words and _is_joined(word[0], section)):
                break
            end = word.end()
            words += word[0] not in _LINKED
            if text[end : end + 1] != " ":
                break
            offset = end + 1
        return end

    return read


def _is_joined(word: str, section: str) -> bool:
    """Whether a word is one of a sentence behind "and", which is written with it."""
    return word[0] in "وו" and word[1:] in _NO[section]


def _thai(text: str, start: int) -> int:
    """A run of letters up to a particle, and a second one that begins like a surname."""
    end = _thai_run(text, start, _NAME_THAI)
    if not end or text[end : end + 1] != " ":
        return end
    return _thai_run(text, end + 1, _SURNAME_THAI) or end


def _thai_run(text: str, start: int, most: int) -> int:
    run = _THAI_RUN.match(text, start)
    if not run:
        return 0
    particle = _PARTICLE.search(text, start, run.end())
    end = particle.start() if particle else run.end()
    is_name = 2 <= end - start <= most and not run[0].startswith(tuple(_NO["no thai"]))
    return end if is_name else 0


def _korean(text: str, start: int) -> int:
    match = _KOREAN.match(text, start)
    return match.end(1) if match and _is_korean(match[1]) else 0


def _is_korean(name: str) -> bool:
    return not any(name.startswith(word) for word in _NO["no korean"])


def _cue(heading: str, link: str = _LINK, before: str = r"(?<![^\W_])") -> re.Pattern[str]:
    words = {form for word in _WORDS[heading] for form in (word, _unaccented(word))}
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(f"{before}(?:{listed}){link}", re.IGNORECASE)


def _unaccented(word: str) -> str:
    return word.translate(str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ"))


_NO = {heading: frozenset(words) for heading, words in _WORDS.items() if heading[:3] == "no "}
_SURNAME = "|".join(sorted(_WORDS["korean surnames"], key=len, reverse=True))
_KOREAN_NAME = f"(?:{_SURNAME})[가-힣]{{2}}"
_KOREAN = re.compile(f"({_KOREAN_NAME}){_BEHIND_KOREAN}")
_TITLED_KOREAN = re.compile(
    f"(?<![가-힣])({_KOREAN_NAME})(?: ?(?:고객|승객|손님|회원))? ?(?:님|씨)(?![가-힣]{{3}})"
)
_READERS: tuple[tuple[re.Pattern[str], Callable[[str, int], int]], ...] = (
    (_cue("capitals"), _capitals),
    (_cue("capitals before a colon", _COLON), _capitals),
    (_cue("regards", r"[,!]?\s{1,3}"), _capitals),
    (_cue("arabic", before="(?<![^\\W_])[وف]?"), _semitic("no arabic", "ال")),
    (_cue("hebrew", before="(?<![^\\W_])[ול]?"), _semitic("no hebrew", "ה")),
    (_cue("arabic before a colon", _COLON), _semitic("no arabic", "ال")),
    (_cue("hebrew before a colon", _COLON), _semitic("no hebrew", "ה")),
    (_cue("thai", r"[\s:]{0,2}", before=""), _thai),
    (_cue("korean", r"[\s:]{1,2}"), _korean),
    (_cue("korean before a colon", _COLON), _korean),
)
