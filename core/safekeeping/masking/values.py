"""Reading the value that a cue announces: where it begins behind other words, and where it ends.

A reader gets a text and an offset and returns the offset behind the value, or 0 when there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from core.safekeeping.masking.shadow import Shadow
from core.safekeeping.masking.word_lists import is_word

# Words between a cue and its value; "no" begins a code as well, so that a letter ends them.
_FILLER = re.compile(
    r"[\s:,.#=/~*'\"“”‘’「」『』【】<>()?!;、。…-]"
    r"|号码|番号|번호|编号|代号|代码|编码|序号|号|码|条码|条|牌|卡|帐[号户]|上面|上|就|是|系|为|叫|的|呢|吗|嘛"
    r"|喔|哦|啊|呀|多少|几号|几|什么|应该|目前|现在|我|您|你|好的|好|嗯|对|写|登记|资料|全部|如下|给|到|在|至"
    r"|记录|[后末尾][2-6两三四五六][码位]|帮我|查一下|查|显示|一样|名"
    r"|(?:numbers?|nos?|num|nr|id|ids|code|codes|ref|reference|is|was|are|it's|its|it|that's|that"
    r"|should|be|as|my|the|this|here|here's|of|on|to|at|in|for|us|uk|me|you|your|call|says|reads?"
    r"|ends?|ending|with|and|sure|yes|yeah|ok|okay|well|so|um|uh|please|hi|hello|thanks|sent|received"
    r"|got|i|day|date|digits|last|three|four|back|address|account|card|mobile|cell|phone|office|name"
    r"|under|would|book|record|will|s)(?![a-z0-9])"
)
_TOKEN = re.compile(r"[a-z0-9]+")
_BETWEEN = re.compile(r"(?:[ ()-]|[./·](?! )){0,3}")
_UNIT = re.compile(
    r"[\s-]?(?:公斤|千克|公里|元|块|美金|台币|港币|天|年|月|日|点|分|秒|小时|个|件|人|位|张|次|%|哩|哩程|里程"
    r"|万|千|百|折|岁|厘米|公分|吋|寸|米|号登机|号柜|航班|kgs?\b|usd|twd|ntd?\b|rmb|cny|hkd|eur|gbp"
    r"|points?|miles?|days?\b|hours?|minutes?|weeks?|months?|people|persons?|passengers?|adults?|pcs"
    r"|pieces?|bags?\b|dollars?|euros?|times\b|years?|a\.?m\b|p\.?m\b|:[0-9]|,[0-9]{3}|[0-9])"
)
_CALENDAR = re.compile(
    r"(?:19|20)[0-9]{2}[ ./-](?:0?[1-9]|1[0-2])[ ./-][0-3]?[0-9]"
    r"|[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}"
)
_NO_CODE = re.compile(
    rf"{_CALENDAR.pattern}|[0-9]{{1,6}}[.][0-9]{{1,2}}(?![0-9.])"
    r"|(?:rmb|usd|cny|twd|ntd?|hkd|eur|gbp|us|hk) ?[0-9]"
)
_FLIGHT = re.compile(r"[a-z][a-z0-9] ?[0-9]{3,4}[a-z]?")
# 400, 800 and the like, short numbers, senders of messages, and a town's line to a short number.
_SERVICE = re.compile(
    r"(?:0?80[0189]|400|1[ -]8(?:00|33|44|55|66|77|88))(?:[ -]?[0-9]){6,7}"
    # Eleven digits without a gap behind the 1 are a mainland mobile.
    r"|18(?:00|33|44|55|66|77|88)(?:(?:[ -]?[0-9]){6}|[ -][0-9]{3}[ -][0-9]{4})"
    r"|(?:0[0-9]{2,3}-?)?1[0-2][0-9]{3}(?:-[0-9]){0,4}|9[56][0-9]{3,5}|106[0-9]{2,10}|8000[0-9]{5}"
    r"|10[01][0-9]{4,5}|11[68][0-9]{3}"
)
_TELEPHONE = re.compile(r"[+(]?[0-9](?:[ ().-]{0,2}[0-9]){5,14}(?![0-9])")
_VERSION = re.compile(r"(?<![0-9])[0-9]\.|\.[0-9](?![0-9])")
_HANDLE = re.compile(r"@?[a-z][a-z0-9_:-]*(?:\.[a-z0-9_-]+)*|[0-9]{5,12}(?![0-9])")
_HAN_HANDLE = re.compile("[\u4e00-\u9fff]{1,8}[0-9]{2,8}(?![0-9])")
_PAGE = re.compile(r"^www|\.(?:com|cn|net|org|tw|hk)$")
_PLATE = re.compile(
    r"(?:[\u4e00-\u9fff] ?)?[a-z0-9]{1,4}(?:[ ·.-]?[a-z0-9]{1,5}){0,2}"
    r"[港澳挂学警使领试]?(?![a-z0-9])"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_CAPITALS = re.compile(r"[A-Z]{6}(?![A-Za-z0-9])")

Reader = Callable[[Shadow, int], int]


def skipped(text: str, offset: int, limit: int) -> int:
    """The offset behind the words that stand between a cue and its value."""
    end = offset + limit
    while offset < end and (match := _FILLER.match(text, offset)):
        offset = match.end()
    return offset


def code(*, least: int, most: int) -> Reader:
    """A reader of at least so many digits, at most so many letters and digits, grouped or not.

    No date, amount, time or flight is one.
    """

    def read(shadow: Shadow, start: int) -> int:
        end, digits = _code_end(shadow, start, most)
        if not end or digits < least or _is_mixed(shadow.low[start:end]):
            return 0
        text = shadow.digits
        if (digits <= 8 and _UNIT.match(text, end)) or _NO_CODE.match(text, start):
            return 0
        if is_service_number(text[start:end]):
            return 0
        return 0 if end - start < 6 and _FLIGHT.fullmatch(text, start, end) else end

    return read


def _code_end(shadow: Shadow, start: int, most: int) -> tuple[int, int]:
    """Where a code of groups with digits or capitals ends, and how many digits it has."""
    end = digits = length = 0
    offset = start
    # Numerals are dictated alone; behind digits they begin another word.
    text = shadow.low if shadow.low[start : start + 1].isascii() else shadow.digits
    while match := _TOKEN.match(text, offset):
        word, count = match[0], sum(character.isdecimal() for character in match[0])
        if length + len(word) > most or not (count or _beside(shadow, match, digits)):
            break
        length, digits = length + len(word), digits + count
        # Capitals in front count once digits follow.
        end = match.end() if digits else end
        between = _BETWEEN.match(text, match.end())
        assert between is not None
        offset = between.end()
    if end and text[end : end + 1] == ")" and "(" in text[start:end]:
        end += 1
    return end, digits


def _beside(shadow: Shadow, match: re.Match[str], digits: int) -> bool:
    """Whether letters belong to a code: a few capitals before digits, or one or two behind."""
    letters, end = shadow.plain[match.start() : match.end()], match.end()
    if not letters.isupper():
        return False
    if not digits:
        return len(letters) <= 6
    if re.match("[ -]?[0-9]", shadow.plain[end : end + 2]):
        return len(letters) <= 4
    return len(letters) <= 2 and not re.match(" ?[a-z]", shadow.plain[end : end + 2])


def _is_mixed(value: str) -> bool:
    """Whether numerals stand beside digits: the end of one word and the beginning of a number."""
    return re.search("[0-9]", value) is not None and _HAN.search(value) is not None


_BOOKING = code(least=1, most=12)
_ORDER = code(least=1, most=31)
_LONG_ORDER = code(least=6, most=31)


def locator(shadow: Shadow, start: int) -> int:
    """A booking code: letters and digits, or six capitals that are no common word."""
    if end := _BOOKING(shadow, start):
        return end if end - start >= 5 else 0
    capitals = _CAPITALS.match(shadow.plain, start)
    return capitals.end() if capitals and not is_word(capitals[0]) else 0


def weak_locator(shadow: Shadow, start: int) -> int:
    """The same after a word that flights follow too: none of those, and no short number."""
    end = locator(shadow, start)
    text = shadow.digits[start:end]
    return 0 if _FLIGHT.fullmatch(text) or (text.isdecimal() and len(text) < 6) else end


def mixed_locator(shadow: Shadow, start: int) -> int:
    """The same after a word for any number: letters beside digits."""
    end = weak_locator(shadow, start)
    return end if re.search("[a-z]", shadow.low[start:end]) else 0


def order(shadow: Shadow, start: int) -> int:
    """Six characters or more."""
    end = _ORDER(shadow, start)
    return end if end - start >= 6 else 0


def long_order(shadow: Shadow, start: int) -> int:
    """Six digits or more, and eight characters."""
    end = _LONG_ORDER(shadow, start)
    return end if end - start >= 8 else 0


def telephone(shadow: Shadow, start: int) -> int:
    """Seven digits or more; numbers of services stay readable."""
    match = _TELEPHONE.match(shadow.digits, start)
    if not match or is_service_number(match[0]) or _VERSION.search(match[0]):
        return 0
    if sum(character.isdecimal() for character in match[0]) < 7 or _CALENDAR.match(match[0]):
        return 0
    if _UNIT.match(shadow.digits, match.end()) or _is_mixed(shadow.low[start : match.end()]):
        return 0
    return match.end()


def long_telephone(shadow: Shadow, start: int) -> int:
    """Eight digits or more, where other numbers are meant as well."""
    end = telephone(shadow, start)
    return end if sum(map(str.isdecimal, shadow.digits[start:end])) >= 8 else 0


def is_calendar_day(text: str) -> bool:
    return _CALENDAR.match(text) is not None


def is_service_number(number: str) -> bool:
    """Whether a number is one of a service, such as 400-810-0999, 0800 365 777, 95583 or 10086."""
    national = re.sub(r"^\+1(?=[0-9])", "1-", number)
    return _SERVICE.fullmatch(re.sub("[().+]", "", national)) is not None


# 774 201, 77-42-01, 7 7 4 2: two groups of two digits may be from one number to another.
_IN_GROUPS = (
    "[0-9]{3}[ -][0-9]{3}|[0-9]{4}[ -][0-9]{4}|[0-9]{2}(?:[ -][0-9]{2}){2,3}"
    "|[0-9](?:[ -][0-9]){3,7}"
)


def exactly(*lengths: int, grouped: bool = False) -> Reader:
    """A reader of so many digits; of four to eight in groups too if they may be `grouped`."""
    alternatives = "|".join(f"[0-9]{{{length}}}" for length in sorted(lengths, reverse=True))
    if grouped:
        alternatives = f"{_IN_GROUPS}|{alternatives}"
    pattern = re.compile(f"(?:{alternatives})x?(?![0-9a-z])")

    def read(shadow: Shadow, start: int) -> int:
        match = pattern.match(shadow.digits, start)
        if not match or is_service_number(match[0]) or _UNIT.match(shadow.digits, match.end()):
            return 0
        return match.end()

    return read


def by_pattern(pattern: re.Pattern[str]) -> Reader:
    def read(shadow: Shadow, start: int) -> int:
        match = pattern.match(shadow.digits, start)
        return match.end() if match else 0

    return read


def account(shadow: Shadow, start: int) -> int:
    """A name in a messenger: no plain word, and no address of a page."""
    if not _HANDLE.match(shadow.low, start):
        return 0
    end = named_account(shadow, start)
    return end if re.search(r"[0-9_]|[a-z][.:][a-z]", shadow.low[start:end]) else 0


def named_account(shadow: Shadow, start: int) -> int:
    """The same behind a word such as "id": a plain word or a Chinese name with a number, too."""
    match = _HANDLE.match(shadow.low, start) or _HAN_HANDLE.match(shadow.low, start)
    if not match or not 3 <= len(match[0]) <= 40 or is_service_number(match[0]):
        return 0
    return 0 if _PAGE.search(match[0]) or is_word(match[0]) else match.end()


def plate(shadow: Shadow, start: int) -> int:
    """Letters and digits in up to three groups; letters apart from digits are capitals."""
    match = _PLATE.match(shadow.low, start)
    if not match or not 4 <= len(match[0]) <= 12:
        return 0
    text = shadow.plain[start : match.end()]
    if any(word.islower() for word in re.findall("[A-Za-z]{2,}(?![A-Za-z0-9])", text)):
        return 0
    return match.end() if re.search("[0-9].*[0-9]", text) and re.search("[A-Za-z]", text) else 0
