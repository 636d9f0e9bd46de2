"""How persons' names are written in Latin letters, alone and in lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.safekeeping.masking.shadow import Stretch
from core.safekeeping.masking.word_lists import is_first_name, is_word, sections

Spellings = tuple[re.Pattern[str], ...]

_UPPER, _LOWER = "A-Z", "a-z"
_WORD = rf"(?:[OD]['’]|Mc|Mac|Al-|El-)?[{_UPPER}][{_LOWER}]+(?:['’-][{_UPPER}]?[{_LOWER}]+)*"
_PARTICLE = "(?:van|von|der|den|de|da|dos|del|di|la|le|bin|binti|bte|al|el|ibn|ten|ter|y)"
_IN_CAPITALS = rf"[{_UPPER}]{{2,25}}(?:['’-][{_UPPER}]{{2,25}}){{0,3}}"
_IN_SMALL = rf"[{_LOWER}]{{2,20}}(?:['’-][{_LOWER}]{{2,20}})?"
# As in a booking: surname, given name and perhaps a title that belongs to the entry.
_ENTRY_TITLE = "(?: ?(?:MR|MRS|MS|MISS|MSTR|CHD|INF|DR)(?![A-Za-z]))"

PROPER = re.compile(
    rf"{_WORD}(?:(?: {_PARTICLE}){{0,2}} (?:{_WORD}|[{_UPPER}]\.?(?= [{_UPPER}]))){{0,3}}"
)
CAPITALS = re.compile(
    rf"(?:[{_UPPER}]\.? ){{0,2}}{_IN_CAPITALS}(?:,? {_IN_CAPITALS}){{0,3}}(?![{_LOWER}0-9])"
)
PARTICLED = re.compile(rf"(?:{_PARTICLE} ){{1,2}}(?:{PROPER.pattern})")
"""Van der Berg: where a name is certain, it may begin with a small word."""
SEVERAL_CAPITALS = re.compile(r"[A-Z]{2,20}(?:[ /-][A-Z]{2,20}){1,3}(?![A-Za-z0-9])")
SMALL = re.compile(rf"{_IN_SMALL}(?: {_IN_SMALL}){{0,2}}")
SLASHED = re.compile(
    r"[A-Z]{2,25}(?: [A-Z]{2,25})?/[A-Z]{2,25}(?: [A-Z]{2,25})?"
    rf"{_ENTRY_TITLE}?(?![A-Za-z0-9])"
)
TITLED_SLASH = re.compile(rf"(?<![A-Z/])[A-Z]{{2,25}}/[A-Z]{{2,25}}{_ENTRY_TITLE}")
TITLE = re.compile(
    r"(?:(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Professor|Capt|Captain|MRS?|MS|MISS|MSTR|DR)\b\.? ?){1,2}"
)
_LIST = re.compile(r"(?:,? (?:and|&) |,? [2-9][.)] ?| ?[/&和跟与及、] ?|以及|还有)")
_COMMA = re.compile(r"[,;] ?(?:and )?")
_NO_PERSON = frozenset(sections("latin_names.txt")["no person"])
# Words that are names as well where another name follows.
_WORDS_AND_NAMES = frozenset(
    {"may", "june", "april", "will", "jan", "august", "mark", "sunny", "christian", "ana", "eva"}
    | {"sue", "sydney", "hope", "art", "max", "milan"}
)
_VIETNAMESE = frozenset(
    {"nguyen", "tran", "pham", "huynh", "hoang", "phan", "vu", "vo", "dang", "bui", "ngo", "duong"}
    | {"le", "do", "ho", "ly", "dinh", "trinh", "truong", "lam", "mai"}
)
"""Surnames behind which short words stand that other languages have as well: An, Long, Son, My."""
_IRISH = re.compile("[OD]['’][A-Z]")
_LEADING = re.compile(rf"(?:{_PARTICLE} )*")
SINGLE = re.compile("(?:{})(?![\\w-])".format("|".join(sorted(map(str.title, _WORDS_AND_NAMES)))))


class NameLists:
    """Reads names, and those listed behind them, in a text with its capitals."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._walked: set[tuple[int, Spellings]] = set()  # lest a list be read from each name in it

    def read(
        self, start: int, spellings: Spellings, *, commas: bool = False, is_certain: bool = False
    ) -> Iterator[Stretch]:
        """The name at `start` and those listed behind it; with `commas` also behind a comma.

        Where `is_certain` says that a name must stand there, ordinary words are taken for one.
        """
        while (start, spellings) not in self._walked:
            self._walked.add((start, spellings))
            if title := TITLE.match(self._text, start):
                start, is_certain = title.end(), True
            end = name_end(self._text, start, spellings, is_certain=is_certain)
            if not end:
                return
            yield Stretch(start, end, "name")
            separator = _LIST.match(self._text, end) or (commas and _COMMA.match(self._text, end))
            if not separator:
                return
            start, is_certain = separator.end(), False


def name_end(text: str, start: int, spellings: Spellings, *, is_certain: bool = False) -> int:
    """The offset behind a name, cut where words follow that belong to none; or 0."""
    for spelling in spellings:
        match = spelling.match(text, start)
        if match and (end := end_of(match, is_certain=is_certain)):
            return end
    return 0


def end_of(match: re.Match[str], *, is_certain: bool = False) -> int:
    """The offset behind the words of a match that can be a name, or 0."""
    leading = _LEADING.match(match[0])
    assert leading is not None
    words = match[0][leading.end() :].split(" ")
    if any(word.lower().strip(",.") in _NO_PERSON for word in words):
        return 0
    if not is_certain and is_word(words[0]) and not _IRISH.match(words[0]):
        is_followed = len(words) > 1 and not is_word(words[1])
        if not (is_followed and words[0].lower() in _WORDS_AND_NAMES):
            return 0
    length = leading.end() + len(words[0])
    most = 3 if words[0].lower() in _VIETNAMESE else int(is_first_name(words[0]))
    for number, word in enumerate(words[1:], 1):
        # "Timothy English" is a name, and so is every word behind a first name.
        if is_word(word) and not (number <= most and word.istitle()):
            break
        length += 1 + len(word)
    return match.start() + length
