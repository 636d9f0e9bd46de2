"""Persons' names in Chinese characters: after a word for a person, before a title, in lists.

A name is a common surname with one or two characters that are no function words, and no ordinary
word. Names said without any of these are missed: it is meant to miss rather than to blacken words.
The characters and words stand in `chinese_names.txt`, the ordinary words in `ordinary_words.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from core.safekeeping.masking.patterns import one_of
from core.safekeeping.masking.shadow import PLACEHOLDER, Shadow, Stretch
from core.safekeeping.masking.word_lists import sections

_LISTS = sections("chinese_names.txt")


def _characters(heading: str) -> frozenset[str]:
    return frozenset("".join(_LISTS[heading]).replace(" ", ""))


SURNAMES = _characters("surnames")
_LONG_SURNAMES = _LISTS["surnames of several characters"]
_AMBIGUOUS = _characters("surnames that begin many words")
_NO_FIRST = _characters("never in a given name") | _characters("verbs")
_TOGETHER = frozenset("同")
_AT_THE_END = _TOGETHER | frozenset("一今与和")
"""Verbs and the like that end a name where nothing follows that they could belong to."""
_NO_SECOND = _NO_FIRST | _characters("never last in a given name")
_AFTER = _characters("behind a name")
_AFTER_THREE = _AFTER | _characters("behind a name of three characters")
_LEFT = _characters("left of a name")
_ADDRESSED = frozenset({"先生", "女士", "小姐", "太太", "夫人", "同学"})

_HAN = "\u4e00-\u9fff"
_SURNAME = f"(?:{'|'.join(_LONG_SURNAMES)}|[{''.join(sorted(SURNAMES))}])"
_BEGINS = f"(?=[{''.join(sorted(SURNAMES | {name[0] for name in _LONG_SURNAMES}))}])"
_LINK = (
    r"(?:[一二三四五六七八九两0-9]{1,2}[位名个人]|的?姓名|的?名字|名叫|叫做|叫|就?是|分别是|为|有"
    r"|[\s:\"“「『(【<]){0,4}"
)
_ONESELF = tuple(_LISTS["words for oneself"])
_HERE = ("我是", "这是", "这里是", "这边是", "那是")
_SERVED = tuple("给帮替为用和跟与把将")
# Words for a person that are not listed: who signs, reports, checks.
_OTHERS = [f"{deed}人" for deed in "收手票请诉案络系件款卡机托表责办益证护查管保约购签"]
_OTHERS += ["员", "师(?![傅生范])"]
_CUES = re.compile(
    "(?:{}){},?{}".format(
        one_of(
            [*_ONESELF, *_HERE, *_SERVED, *_OTHERS]
            + _LISTS["words for a person"]
            + _LISTS["words that name somebody"]
        ),
        _LINK,
        _BEGINS,
    )
)
_OTHER = re.compile("[^客]人|员|师(?!傅)")
_DEED = re.compile(
    r"[订预买办改退收坐升选换、]|[和跟与](?![我您你])"
    r"|的(?:航班|机票|票|订位|订单|行李|座位|名字|预订|会员|电话|手机|护照|资料|帐号|账号|名义"
    r"|班机|机位|位)"
)
_TITLES = re.compile(one_of(_LISTS["forms of address"]))
_WITHOUT_GIVEN = re.compile(rf"姓(?:(?<=[我敝贵]姓)(?:是|:)?({_SURNAME})(?!名)|({_SURNAME})(?=的))")
_NICKNAME = re.compile(
    r"(?:叫我|称呼我|我叫|我是|客服|专员|地勤|工号 ?[0-9]{2,8} ?的?)"
    rf"([小阿老大](?![姐弟妹组时心伙孩朋人家哥编米沃二板])[{_HAN}])"
    r"(?=就|吧|$|[,。!、\s]|为您|帮您|很高兴)"
)
_CONTACT = re.compile(f"电话|手机|身份证|身分证|{PLACEHOLDER}")
_BEFORE_CONTACT = re.compile(rf"(?<![{_HAN}])([{_HAN}]{{2,4}})[\s,:]{{0,2}}$")
_LIST = re.compile(r"[\s\"”」』)】]?(?:还有|以及|[、,和跟与及/&;\s]){1,3}[\"“「『(【]?")
_ANSWER = re.compile(
    r"(?:[\s,、。:!]|好的?|嗯|是的?|对|我叫|我是|叫做?|姓名|名字|乘[机客]人?|旅客|请记一下)*"
)
_KANA = re.compile("[\u4e00-\u9fff]?[\u3041-\u30ff]{1,4}子?")
_LONG_SURNAME = re.compile("|".join(_LONG_SURNAMES))


class _OrdinaryWords(NamedTuple):
    """Words that look like a name, that begin like one, and that end in a surname."""

    names: frozenset[str]
    beginnings: frozenset[str]
    endings: frozenset[str]


@cache
def _ordinary_words() -> _OrdinaryWords:
    text = Path(__file__).with_name("ordinary_words.txt").read_text("utf-8")
    blocks = text.partition("\n\n")[2].split("\n\n")
    return _OrdinaryWords(*(frozenset(block.split()) for block in blocks))


def chinese_names(shadow: Shadow) -> Iterator[Stretch]:
    text, walked = shadow.low, set[int]()
    for match in _CUES.finditer(text):
        is_certain = match[0].startswith(_ONESELF)
        if is_certain or _is_meant(text, match):
            yield from _listed(text, match.end(), walked, is_certain=is_certain)
    yield from _addressed(text)


def chinese_answer(shadow: Shadow) -> Iterator[Stretch]:
    """The names that an answer begins with, after a question for them."""
    text = shadow.low
    match = _ANSWER.match(text)
    assert match is not None
    end = name_end(text, match.end())
    if end and (not _is_han(text[end : end + 1]) or _LIST.match(text, end)):
        yield from _listed(text, match.end(), set())


def _is_meant(text: str, cue: re.Match[str]) -> bool:
    """Whether what stands behind a name makes it one, after a word that others follow as well."""
    start = cue.end()
    end = name_end(text, start)
    if cue[0].startswith(_HERE):
        return end > 0 and not _is_han(text[end : end + 1])
    if cue[0].startswith(_SERVED):
        return end > 0 and _DEED.match(text, end) is not None
    return end > start + (2 if _OTHER.match(cue[0]) else 0)


def name_end(text: str, start: int, *, is_certain: bool = False) -> int:
    """The offset behind a name that begins at `start`, or 0.

    After a certain cue the longest name is taken; else one behind which a name can end.
    """
    surname = _surname_length(text, start)
    if not surname or text[max(0, start - 1) : start + 1] == "为何":
        return 0
    if surname > 1 and (kana := _KANA.match(text, start + surname)):
        return kana.end()
    for given in (2, 1):
        end = start + surname + given
        if _TITLES.match(text, end - given) or (given == 2 and _TITLES.match(text, end - 1)):
            continue
        ends = frozenset[str]() if _is_han(text[end : end + 1]) else _AT_THE_END
        if is_certain and given == 2 and not name_end(text, end):
            ends |= _TOGETHER  # with nobody who is named
        if _is_name(text[start:end], surname, given, ends) and (
            is_certain or _can_end(text, start, end)
        ):
            return end
    return _married_end(text, start) if surname == 1 else 0


def _addressed(text: str) -> Iterator[Stretch]:
    """Names before a title or a way to reach a person; surnames and nicknames said alone."""
    for match in _TITLES.finditer(text):
        if length := _length_before(text, match):
            yield Stretch(match.start() - length, match.start(), "name")
    for match in _CONTACT.finditer(text):
        name = _BEFORE_CONTACT.search(text, max(0, match.start() - 7), match.start())
        if name and name_end(text, name.start()) == name.end(1):
            yield Stretch(name.start(), name.end(1), "name")
    for match in chain(_WITHOUT_GIVEN.finditer(text), _NICKNAME.finditer(text)):
        yield Stretch(match.start(match.lastindex or 0), match.end(), "name")


def _listed(
    text: str, start: int, walked: set[int], *, is_certain: bool = False
) -> Iterator[Stretch]:
    """A name and those that are listed behind it.

    `walked` are the offsets at which a list was read, lest one be read from each of its names.
    """
    while start not in walked:
        walked.add(start)
        end = name_end(text, start, is_certain=is_certain)
        if not end:
            return
        yield Stretch(start, end, "name")
        separator = _LIST.match(text, end)
        if not separator:
            return
        start, is_certain = separator.end(), False


def _length_before(text: str, title: re.Match[str]) -> int:
    """The length of the name before a form of address: in full, or the surname alone."""
    end = title.start()
    words = _ordinary_words().endings
    for length in (4, 3, 2, 1):
        start = end - length
        if start < 0 or text[max(0, start - 1) : start + 1] in words:
            continue
        surname = _surname_length(text, start)
        given = length - surname
        if not surname or not 0 <= given <= 2 or not _can_begin(text, start, title[0]):
            continue
        if given == 0 or _is_name(text[start:end], surname, given):
            return length
    return 0


def _married_end(text: str, start: int) -> int:
    """The offset behind two surnames, of which the first is a husband's, and a given name; or 0."""
    words = _ordinary_words().names
    end = start + 4
    if text[start + 1 : start + 2] not in SURNAMES or text[start : start + 2] in words:
        return 0
    return end if _is_name(text[start + 1 : end], 1, 2) and _can_end(text, start, end) else 0


def _surname_length(text: str, start: int) -> int:
    if match := _LONG_SURNAME.match(text, start):
        return len(match[0])
    return 1 if text[start : start + 1] in SURNAMES else 0


def _is_name(name: str, surname: int, given: int, ends: frozenset[str] = frozenset()) -> bool:
    """Whether a surname with given characters can be a name and is no ordinary word.

    `ends` may stand last in it here, though they are verbs and the like elsewhere.
    """
    if len(name) != surname + given or not all(map(_is_han, name)):
        return False
    if surname > 1:
        return name[surname] not in _NO_FIRST and (
            given == 1 or name[-1] not in _NO_SECOND - {"一"}
        )
    if name[1] in _NO_FIRST and not (given == 1 and name[1] in ends):
        return False
    if given == 2 and name[2] in _NO_SECOND and name[2] not in ends:
        return False
    words = _ordinary_words()
    return name not in words.names and (given == 1 or name[:2] not in words.beginnings)


def _can_begin(text: str, start: int, title: str) -> bool:
    """Whether a name can begin here: behind anything where a person is addressed."""
    before = text[start - 1] if start else ""
    return title in _ADDRESSED or before in _LEFT or not _is_han(before)


def _can_end(text: str, start: int, end: int) -> bool:
    """Whether a name can end here: before what is no word, or one that often follows names."""
    follower = text[end : end + 1]
    if end - start > 2:
        return follower in _AFTER_THREE or not _is_han(follower)
    # Two characters of which the first begins many words are too little.
    return text[start] not in _AMBIGUOUS and (follower in _AFTER or not _is_han(follower))


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
