"""Whether a name that is also a word, or a number that counts anything, is meant as a person's.

Such an entry of the staff list names somebody only beside a title, a word for a job, a number of
staff or a greeting. Texts are folded (`core/text/textfold.py`), without characters nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from core.safekeeping.masking.values import is_service_number
from core.safekeeping.masking.word_lists import is_word
from core.text.name_letters import SIGNED

LONGEST_WORD = 4
_FAR = 24
"""Characters before an entry in which a word that stands beside it begins."""
_CERTAIN_DIGITS = 7
"""A number of so many digits is no count, price, year or flight."""
_CODE_DIGITS = 4
"""A number with letters in it is no seat, gate or type of aircraft from so many digits on."""

_JOBS = (
    "客服(?:专员|人员|代表|经理|主管)?|专员|地勤(?:人员)?|空服员|空姐|空少|空乘|乘务[员长]|座舱长|事务长"
    "|副?机长|机师|经办人?|承办人?|负责人|代理人|客服代表|接线员|话务员|坐席|座席|督导|[组课科处队站店班]长"
    "|领班|柜员|柜台人员|主任|主管|经理|副理|襄理|协理|导游|领队|同事|同仁|员工|工作人员|服务人?员|业务员"
    "|助理|秘书|值机员|司机|工程师|老师|师傅|讲师|稽核员?|质检员?"
)
_LATIN_JOBS = (
    "agent|supervisor|manager|officer|representative|rep|advis[eo]r|consultant|steward|stewardess"
    "|attendant|operator|receptionist|clerk|colleague|assistant|employee|purser|captain|pilot|trainer"
)
_TITLES = "mr|mrs|ms|miss|mx|dr|prof|professor|capt|captain|madam|mdm|sir"
_TITLES_BEHIND = (
    "先生|女士|小姐|太太|夫人|同学|经理|主任|老师|主管|督导|[组课科处队站班机]长|领班|工程师|师傅"
)
_ONESELF = (
    "我是|我叫|名叫|叫做|姓名|名字|敝姓|这里?是|这边是"
    r"|\b(?:i am|i'm|this is|name is|name's|called|named|speaking (?:with|to)"
    r"|sp(?:eak|oke) (?:with|to)|talk(?:ed|ing)? (?:with|to)|through to|ask for)"
)
_HELLO = (
    r"您好|你好|早安|午安|晚安|早上好|下午好|晚上好|谢谢|感谢|\b(?:dear|hello|hi|hey|thank you"
    r"|thanks|regards|good (?:morning|afternoon|evening))"
)
_STAFF_NUMBER = (
    "工号|(?:员工|职员|人员|客服|坐席|座席|专员)(?:编号|代号|号码|证号|号)"
    rf"|\b(?:(?:staff|employee|badge|personnel|crew|{_LATIN_JOBS}) ?(?:no|number|id|code|#)|badge)"
)
_OPENING = r"\"'“‘「『《【〔\[(<*@#"
_LINK = rf"[\s:.,、/{_OPENING}-]{{0,3}}(?:[是为叫]|is |was )?[\s:{_OPENING}]{{0,2}}"
_NUMBER = (
    rf"(?:{_STAFF_NUMBER}){_LINK}[a-z]{{0,3}}[0-9]{{1,8}}|(?<![a-z0-9])[a-z]{{1,3}}[0-9]{{4,8}}"
)
_ADDRESSED = re.compile(rf"(?:\b(?:{_TITLES})|{_NUMBER}){_LINK}$")
_BESIDE = re.compile(rf"(?:{_JOBS}|{_ONESELF}|\b(?:{_LATIN_JOBS}|{_TITLES})\b|{_NUMBER}){_LINK}$")
_LISTED = re.compile(r"(?<=.)\s?[、/&和及跟与]\s?")
_GREETED = re.compile(rf"(?:{_HELLO})[\s,]{{0,2}}$")
_BEHIND = re.compile(
    rf"[\s\"'」』)>]{{0,2}}(?:{_TITLES_BEHIND}|为[您你]服务|竭诚|[您你]好|[\s(,:]{{0,2}}(?:{_STAFF_NUMBER})"
    r"|[\s(]{0,2}[a-z]{0,3}[0-9]{4,8}(?![a-z0-9年月元])|\([0-9]{3,8}\)"
    r"|\s?(?:speaking|at your service))"
)
_BETWEEN = re.compile(r"(?<=.)[\s(（,，:：/#-]{0,3}")
_HAN_SIGN = re.compile("[\u4e00-\u9fff]")
_SIGNED = re.compile(f"[{SIGNED}]")
_COUNTED = re.compile(r"\s?[年月日元块点分秒%]|-[0-9]")
_NUMBERED = re.compile(rf"(?:{_STAFF_NUMBER}){_LINK}$")
_NUMBERED_BEHIND = re.compile(rf"号?\s?(?:{_JOBS}|为[您你]服务)")
_AT_A_JOB = re.compile(rf"(?:{_JOBS}|\b(?:{_LATIN_JOBS})){_LINK}$")
_WORD = re.compile("[a-z]+")
_SMALL_WORDS = (
    "和与及或有会时来行以于在到为就也都是要让对给从向可能没不中上下里内外前后间之才进出使又再还"
)
_SURNAMES_AND_WORDS = "于钱白段时向常何付万应任成"
# First names and surnames to many, and words to everybody.
_WORDS_AND_NAMES = """
    amber angel april art august autumn bill black bob bond booker bright brook brown candy carol
    case cash chance chase cherry christian clay cliff close cook cool crystal daisy dale dawn day
    dean dean dell drew dusty earl early eve faith flower forest frank frost gene ginger glen gold
    good grace grant gray green hale hall harmony hazel heath heather hill holly honey hope house
    iris ivy jade jasmine jay jean jewel joy june justice key king lake lance lane lily long love
    lucky major mark max may melody mercy miles mild mill money moon noble olive page park pat
    patience peace pearl penny pepper pick price pride prince queen quick rain rainbow ray red reed
    rich rise rob robin rocky rose ruby rush rusty sandy savage sharp short silver sky small snow
    spring star still storm strong sue summer sun sunny swift tiger tony trip violet wade ward way
    west white wild will willow winter wise wolf wood worth young
"""


def is_meant(text: str, written: str, start: int, end: int, named: int) -> bool:
    """Whether an entry that stands in a folded text names a person there.

    `written` is the text with its capitals, without which a Latin word is one wherever no title or
    number stands before it.
    `named` is the offset behind the person who was named last, or 0.
    """
    entry = text[start:end]
    if any(character.isdecimal() for character in entry):
        return _BETWEEN.fullmatch(text, named, start) is not None or _is_meant_number(
            text, start, end
        )
    if not _is_ordinary(text, written, start, end):
        return True
    before = text[max(0, start - _FAR) : start]
    if entry.isascii() and not _has_capitals(written[start:end]):
        return _ADDRESSED.search(before) is not None
    return (
        _LISTED.fullmatch(text, named, start) is not None
        or _BESIDE.search(before) is not None
        or _BEHIND.match(text, end) is not None
        or (_GREETED.search(before) is not None and not _HAN_SIGN.match(text, end))
    )


def _is_meant_number(text: str, start: int, end: int) -> bool:
    """A long number always; a shorter one where a number of staff is expected."""
    entry = re.sub(r"[\W_]", "", text[start:end])
    digits = sum(character.isdecimal() for character in entry)
    if is_service_number(entry) or _COUNTED.match(text, end):
        return False
    if digits >= (_CERTAIN_DIGITS if digits == len(entry) else _CODE_DIGITS):
        return True
    before = text[max(0, start - _FAR) : start]
    if _NUMBERED.search(before):
        return True
    return digits >= _CODE_DIGITS and (
        _AT_A_JOB.search(before) is not None or _NUMBERED_BEHIND.match(text, end) is not None
    )


def _is_ordinary(text: str, written: str, start: int, end: int) -> bool:
    """Whether ordinary words explain every character of an entry."""
    entry = text[start:end]
    words = _WORD.findall(entry)
    if not words:
        return _is_covered(text, start, end) or _are_two_words(entry)
    if not entry.isascii() or not all(
        is_word(word) or word in _words_and_names() for word in words
    ):
        return False
    return len(words) == 1 or not _has_capitals(written[start:end])


def _are_two_words(entry: str) -> bool:
    """Whether two characters stand apart, or are both words by themselves, such as 钱 and 有."""
    first, *others = re.findall(r"[^\W_]", entry)
    if len(others) != 1 or _SIGNED.search(entry):
        return False
    return len(entry) > 2 or (first in _SURNAMES_AND_WORDS and others[0] in _SMALL_WORDS)


def _is_covered(text: str, start: int, end: int) -> bool:
    """Whether Chinese words that follow each other take up every character of a stretch.

    They may begin before it and end behind it: the last of 行李 and the first of 明天 are no 李明.
    """
    ends = {
        word_end
        for first in range(max(0, start - LONGEST_WORD + 1), start + 1)
        for word_end in _word_ends(text, first)
        if word_end > start
    }
    while ends and max(ends) < end:
        ends = {longer for one in ends for longer in _word_ends(text, one)} | {
            one + 1 for one in ends if text[one] in _SMALL_WORDS
        }
    return bool(ends)


@cache
def _words_and_names() -> frozenset[str]:
    return frozenset(_WORDS_AND_NAMES.split())


def _word_ends(text: str, start: int) -> Iterator[int]:
    for length in range(2, LONGEST_WORD + 1):
        if text[start : start + length] in _chinese_words() and start + length <= len(text):
            yield start + length


@cache
def _chinese_words() -> frozenset[str]:
    text = Path(__file__).with_name("chinese_words.txt").read_text("utf-8")
    return frozenset(text.partition("\n\n")[2].split())


def _has_capitals(entry: str) -> bool:
    """Whether each word of a Latin name begins with a capital, and not all letters are such."""
    return entry.istitle()
