"""Persons' names in Latin letters: after a cue such as "I have you as", before "speaking", listed.

Capitals tell a name from a word, but for the surest cues, behind which small letters count too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from core.safekeeping.masking.latin_spelling import (
    CAPITALS,
    PARTICLED,
    PROPER,
    SEVERAL_CAPITALS,
    SINGLE,
    SLASHED,
    SMALL,
    TITLE,
    TITLED_SLASH,
    NameLists,
    end_of,
    name_end,
)
from core.safekeeping.masking.patterns import Phrases, one_of
from core.safekeeping.masking.shadow import Shadow, Stretch
from core.safekeeping.masking.word_lists import (
    has_first_name,
    is_first_name,
    is_name,
    is_word,
    sections,
)

_ANY_SPELLING = (PROPER, SLASHED, CAPITALS)
_CERTAIN_SPELLING = (PROPER, PARTICLED, SLASHED, CAPITALS)
_WITH_SMALL_LETTERS = (PROPER, SLASHED)

_WORDS = sections("latin_names.txt")
_SURE = Phrases(
    _WORDS["sure"],
    r"(?: is| are| was| as| reads)?(?: it)?(?: is)?[\s:,\"“]{0,3}(?:1[.)] ?)?",
)
_SURE_OF_SMALL = Phrases(_WORDS["sure of small letters"], r"[\s:,]{1,3}")
_CUE = Phrases(
    _WORDS["cue"],
    r"(?:'s name)?(?: is| are| was)?(?: called| named| by the name of)?"
    r"[,:]?[ \"“]{1,3}(?:a )?",
)
_DEED = Phrases(_WORDS["deed"], " ")
_TITLE = Phrases(_WORDS["title"], r"\.?\s{1,3}")
# A greeting names a person alone, up to a sign.
_GREETING = Phrases(_WORDS["greeting"], ",? ")
_FAREWELL = Phrases(_WORDS["farewell"], r"[,.]?\s{1,3}")
_ALONE = re.compile(r" ?(?:$|[,.;:!?\n(-])")
_TWO_SMALL = Phrases(
    _WORDS["before two small words"], r" (?P<name>[a-z]{3,20} [a-z]{3,20})(?![a-z])"
)
_SPEAKING = Phrases(["speaking", "calling"])
_BEFORE = re.compile(rf"(?<![\w'-])({PROPER.pattern}),? $")
_SMALL_SPEAKING = Phrases(
    ["this is", "i am", "i'm", "it's", "my name is"],
    " (?P<name>[a-z' -]{3,40}?),? (?:speaking|calling|here)(?![a-z])",
)
_HERE = re.compile(rf"(?:^|[.!?\n] ?)({PROPER.pattern}),? here(?=[,.!?\n]|$)")
_MANY = re.compile("passengers|travell?ers|guests|customers|companions|clients|names|tickets")
_CALLER = re.compile("(?:i|we|you|they|he|she|have|had|ve|ever|just) $")

_CHINESE = sections("chinese_names.txt")
_HAN_LINK = r"(?:的?英文名字?|的?姓名|的?名字|是|叫|为|[\s:\"“「『(]){0,4}(?=[a-z]{2})"
_HAN_CUE = re.compile(
    "(?:{}){}".format(
        one_of(
            _CHINESE["words for oneself"]
            + _CHINESE["words for a person"]
            + ["我是", "这里是", "这边是", "怎么称呼", "位叫", "称呼我", "叫"]
        ),
        _HAN_LINK,
    )
)
_HAN_SURE = re.compile(f"(?:名字|姓名|英文名|拼音|乘机人|乘客|旅客){_HAN_LINK}")
_HAN_WRITTEN = re.compile("(?:应该是|写的是|写着|写|改成|改为|更正为)[ :]{0,2}(?=[a-z])")
_HAN_TITLE = re.compile(
    r"([A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2}) ?"
    r"(?:先生|小姐|女士|太太|夫人|老师|老師|经理|經理|医生|醫生)"
)
_ANSWER = re.compile(
    r"(?:[\s,.:!。、]|(?:sure|yes|yeah|ok|okay|of course|certainly|it's|it is|its|this is"
    r"|my name is|my name's|i'm|i am|the name is|names? (?:is|are)|hi|hello|both|we are"
    r"|full name|surname|first name)(?![a-z])|好的?|我叫|我是|是|叫)*"
)
_STOP = re.compile(r"\s*(?:$|[,.;:!?\n()、。/&]|and |speaking|calling)")


def latin_names(shadow: Shadow) -> Iterator[Stretch]:
    lists = NameLists(shadow.plain)
    yield from _sure(shadow, lists)
    for match in _TITLE(shadow):
        yield from lists.read(match.end(), (PROPER, PARTICLED, CAPITALS), is_certain=True)
    for match in _CUE(shadow):
        before = shadow.low[max(0, match.start() - 6) : match.start()]
        if match[1] != "called" or not _CALLER.search(before):
            commas = _MANY.search(match[0]) is not None
            yield from lists.read(match.end(), _WITH_SMALL_LETTERS, commas=commas)
    for match in _DEED(shadow):
        name = PROPER.match(shadow.plain, match.end())
        if name and is_name(name[0].split()[0]):
            yield from lists.read(match.end(), (PROPER,))
    yield from _greeted(shadow)
    yield from _speaking(shadow)
    yield from _in_full(shadow)
    yield from _in_small_letters(shadow)
    if not shadow.is_ascii:
        yield from _in_chinese(shadow, lists)


def _sure(shadow: Shadow, lists: NameLists) -> Iterator[Stretch]:
    """Names behind words that nothing else stands behind, also those that are words."""
    for match in _SURE(shadow):
        yield from lists.read(match.end(), _CERTAIN_SPELLING, commas=True)
        single = SINGLE.match(shadow.plain, match.end())
        if single and _ALONE.match(shadow.plain, single.end()):
            yield Stretch(single.start(), single.end(), "name")


def latin_answer(shadow: Shadow) -> Iterator[Stretch]:
    """The names that an answer begins with, after a question for them."""
    plain = shadow.plain
    match = _ANSWER.match(shadow.low)
    assert match is not None
    start = match.end()
    end = name_end(plain, start, _ANY_SPELLING)
    if end and _STOP.match(plain, end):
        yield from NameLists(plain).read(start, _ANY_SPELLING, commas=True)
    elif (end := name_end(plain, start, (SMALL,))) and end == len(plain.rstrip(" .!")):
        # Small letters are a name only where nothing else is said.
        words = plain[start:end].split()
        if len(words) > 1 or is_name(words[0]):
            yield Stretch(start, end, "name")


def _greeted(shadow: Shadow) -> Iterator[Stretch]:
    """Names behind greetings and farewells."""
    for match in chain(_GREETING(shadow), _FAREWELL(shadow)):
        if TITLE.match(shadow.plain, match.end()):
            continue
        end = name_end(shadow.plain, match.end(), (PROPER,))
        if end and _ALONE.match(shadow.plain, end):
            yield Stretch(match.end(), end, "name")


def _speaking(shadow: Shadow) -> Iterator[Stretch]:
    """Names before "speaking", "calling" and "here"."""
    for match in _SPEAKING(shadow):
        name = _BEFORE.search(shadow.plain, max(0, match.start() - 60), match.start())
        if name and not is_word(name[1].split()[0]):
            yield Stretch(name.start(), name.end(1), "name")
    for match in _HERE.finditer(shadow.plain) if "here" in shadow.vocabulary else ():
        if not is_word(match[1].split()[0]):
            yield Stretch(match.start(1), match.end(1), "name")


def _in_full(shadow: Shadow) -> Iterator[Stretch]:
    """A common first name before another that is no ordinary word; and names as in bookings."""
    for match in PROPER.finditer(shadow.plain) if has_first_name(shadow.vocabulary) else ():
        words = match[0].split(" ")
        is_full = is_first_name(words[0]) and len(words) > 1 and not is_word(words[1])
        if is_full and (end := end_of(match)):
            yield Stretch(match.start(), end, "name")
    for match in TITLED_SLASH.finditer(shadow.plain) if "/" in shadow.plain else ():
        yield Stretch(match.start(), match.end(), "name")


def _in_small_letters(shadow: Shadow) -> Iterator[Stretch]:
    for match in _SURE_OF_SMALL(shadow):
        if end := name_end(shadow.plain, match.end(), (SMALL,)):
            yield Stretch(match.end(), end, "name")
    for match in _TWO_SMALL(shadow):
        first, last = match["name"].split(" ")
        if is_first_name(first) and is_name(last):
            yield Stretch(match.start("name"), match.end("name"), "name")
    for match in _SMALL_SPEAKING(shadow):
        if not any(map(is_word, match["name"].split())):
            yield Stretch(match.start("name"), match.end("name"), "name")


def _in_chinese(shadow: Shadow, lists: NameLists) -> Iterator[Stretch]:
    """Latin names behind Chinese words for a person, and before a Chinese form of address."""
    for match in _HAN_CUE.finditer(shadow.low):
        yield from lists.read(match.end(), _WITH_SMALL_LETTERS, commas=True)
    for match in _HAN_WRITTEN.finditer(shadow.low):
        yield from lists.read(match.end(), (SEVERAL_CAPITALS,))
    for match in _HAN_SURE.finditer(shadow.low):
        yield from lists.read(match.end(), (SLASHED, CAPITALS), commas=True)
    for match in _HAN_TITLE.finditer(shadow.plain):
        if not is_word(match[1].split()[0]):
            yield Stretch(match.start(1), match.end(1), "name")
