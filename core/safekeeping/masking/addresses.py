"""Addresses: a street with a house number, a postcode, or what stands behind "I live in"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.safekeeping.masking.patterns import Phrases, one_of
from core.safekeeping.masking.shadow import Shadow, Stretch
from core.safekeeping.masking.word_lists import sections

_WORDS = sections("addresses.txt")
_MOST_PIECES = 6  # of an address on each side of the street
_LEFTMOST = 40

_NUMBER = "[0-9零〇一二三四五六七八九十百]{1,5}"
_STREET = "(?:大道|大街|胡同|(?<![跑通管渠频知报人轨铁赛线网走航隧哪这那])[路街道巷段])"
# The street sign, then section, lane and alley, then the number of the house.
_HOUSE = re.compile(
    rf"{_STREET}(?:[东南西北中上下]|[一二三四五六]路)?[ ,]?"
    rf"(?:{_NUMBER} ?[段巷弄街里村路邻][ ,]?){{0,4}}"
    rf"{_NUMBER}(?: ?[-之] ?{_NUMBER})?(?: ?[a-z])? ?(?:号|弄|栋|幢|座)"
    rf"|[里村] ?{_NUMBER} ?邻[^,。;!?\n]{{0,12}}?{_NUMBER} ?号"
    rf"|(?:小区|花园|公寓|新村|家园|苑|社区|宿舍|校区) ?{_NUMBER} ?(?:号楼|栋|幢|座)"
    r"|[都府县][\u4e00-\u9fff]{1,6}[区市町村][\u4e00-\u9fff]{1,10}"
    r"[0-9]{1,3}-[0-9]{1,3}(?:-[0-9]{1,4})?"
)
_HOUSE_HINT = re.compile(f"{_NUMBER}[a-z]? ?[号弄栋幢座]|[0-9]-[0-9]")
_LEFT = re.compile(
    r"(?!从(?!化))[\u4e00-\u9fffa-z0-9-]"
    r"(?<![我你您他她们的了吗呢是在到送寄住址请把这那哪什么怎至去])"
)
_INSIDE = re.compile(
    rf"[ ,]?(?:之 ?{_NUMBER}|地下{_NUMBER}楼"
    rf"|{_NUMBER} ?(?:号楼|单元|[号楼层室栋幢座房户弄]|f(?![a-z]))(?:之 ?{_NUMBER})?"
    r"|[a-z][0-9]{0,4} ?[座栋室楼]|[a-z]{0,2}[0-9]{1,5} ?(?:[室房户]|(?![0-9a-z年月日点元个位]))"
    r"|[\u4e00-\u9fff]{2,10}?"
    r"(?:大厦|大楼|广场|花园|公寓|中心|小区|新村|宿舍|酒店|饭店|苑|商场))"
)
_HAN_CUE = re.compile(f"(?:{one_of(_WORDS['before a chinese address'])})址?[是为:在到 ]{{0,3}}")
_HAN_LINE = re.compile(r"[\u4e00-\u9fff](?: ?[\u4e00-\u9fffa-z0-9-]){5,60}")
_HAN_SIGN = re.compile(
    "[\u4e00-\u9fff]{2}(?:[省市县镇乡村街巷弄]|(?<![线网道铁公思])路|大道|小区|花园|大厦|公寓"
    "|新村|社区)|[0-9] ?[号楼室栋座]"
)
_NO_ADDRESS = re.compile("[我你您他她吗呢么哪什怎谁请能可不没的了]|订单|电话|手机|账号|帐号")
# Where the public is received: no home.
_PUBLIC = re.compile(
    "营业厅|专柜|分店|门店|旗舰店|服务中心|维修|售后|机场|航站(?!.{0,2}路)|柜台|百货|总部"
)
_POSTCODE = re.compile(
    r"(?:邮编|邮政编码|邮递区号|邮区|postcode|postal code|zip code|zip)[是为: ]{0,3}(?:is )?"
    r"([a-z0-9]{3,6}(?: [0-9][a-z]{2}|-[0-9]{3,4})?)(?![a-z0-9])"
)

_CAPITAL = r"[A-ZÀ-ÖØ-Þ0-9][\w'’.-]*"
_KINDS = _WORDS["kinds of streets"]
_KIND = rf"(?i:{'|'.join(_KINDS)})\b(?:(?<=st|rd|ln|dr|pl|ct|sq)\.|(?<=ave)\.|(?<=blvd)\.)?"
_KIND_ABROAD = (
    "(?i:rue|avenue|boulevard|via|viale|piazza|calle|avenida|plaza|rua|jalan|jl\\.?|jln\\.?|lorong)"
    " (?:(?:de|du|des|la|le|del|da|do|della|al) ){0,2}"
    rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}}"
)
_NUMBERED = (
    r"(?:[Ss]ection|[Ss]ec\.?|[Ll]ane|[Ll]n\.?|[Aa]lley|[Aa]ly\.?|[Nn]o\.?|[0-9]{1,3}F\.?,?)"
    r"(?: ?[0-9]{1,4}(?:-[0-9]{1,4})?)?"
)
_GERMANIC = "(?:straße|strasse|str\\.|weg|platz|allee|gasse|straat|gracht|gatan|vej)"
_BRITISH_POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}(?![A-Za-z0-9])"
_JAPANESE = (
    r"[0-9]{1,3}-[0-9]{1,3}(?:-[0-9]{1,3})?,? [A-Z][a-z]+(?: [A-Z][a-z]+)?"
    r", [A-Z][a-z]+-(?:ku|shi|cho|gun|machi)"
)
_STREETS = tuple(
    re.compile(rf"(?<![\w'.,/-])(?:{pattern})")
    for pattern in (
        rf"[0-9]{{1,5}}[A-Za-z]?(?:[-/][0-9]{{1,5}})?,? (?:{_CAPITAL} ){{1,4}}{_KIND}",
        r"[0-9]{1,5}[A-Za-z]? (?:Queensway|Broadway)\b",
        rf"[0-9]{{1,5}}[A-Za-z]?,? (?:bis )?{_KIND_ABROAD}",
        rf"{_KIND_ABROAD},? [0-9]{{1,4}}(?![0-9])",
        rf"(?:{_NUMBERED},? ){{1,4}}(?:{_CAPITAL} ){{1,3}}{_KIND}",
        rf"[A-ZÄÖÜ][\wäöüß.-]{{1,24}}{_GERMANIC} [0-9]{{1,4}}[a-z]?",
        r"(?i:p\.? ?o\.? ?box) ?[0-9]{1,6}",
        _JAPANESE,
        _BRITISH_POSTCODE,
        r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}, [A-Z]{2} [0-9]{5}(?:-[0-9]{4})?(?![0-9])",
    )
)
_STREET_WORDS = frozenset(_KINDS + _WORDS["other words of streets"])
_OTHER_HINT = re.compile(
    rf"-(?:ku|shi|cho)\b|{_GERMANIC} [0-9]"
    r"|[a-z][0-9][a-z0-9]? [0-9][a-z]{2}(?![a-z0-9])|, [a-z]{2} [0-9]{5}(?![0-9])"
)
_TAIL = re.compile(rf",? (?:#[0-9]{{1,3}}-[0-9]{{1,4}}|{_CAPITAL})(?: {_CAPITAL}){{0,4}}(?![\w'])")
_FRONT = re.compile(
    r"(?<![\w'])(?:(?i:flat|apt|apartment|studio|unit|room|rm|suite|ste|floor|level|blk|block|tower"
    r"|building|bldg|no|house|lot)\.?(?: ?#?[\w/-]{1,8})?|[0-9]{1,3}/?[Ff]"
    rf"|#[0-9]{{1,3}}-[0-9]{{1,4}}|{_CAPITAL}(?: {_CAPITAL}){{0,3}}"
    r" (?:Centre|Center|Tower|Court|House|Mansions?|Building|Plaza|Garden|Estate))[, ]{1,2}$"
)
_LATIN_CUE = Phrases(_WORDS["before a latin address"], "[ :]{1,2}")
_SMALL_STREET = re.compile(
    r"(?:(?:flat|apartment|apt|unit|room|number|no) [a-z0-9]{1,8},? )?[0-9]{1,5}[a-z]?,? "
    rf"(?:[a-z']+ ){{1,4}}(?:{'|'.join(_KINDS)})(?![a-z])"
    r"(?:,? (?!and |but |please|so |is |can |could |i |in |near |thanks)[a-z0-9]+){0,5}"
)
# Behind a word that announces it: a number and words in capitals.
_ANNOUNCED = re.compile(
    rf"(?:[A-Z][\w'.-]* ){{0,2}}#?[0-9]{{1,5}}[A-Za-z]?(?:,? {_CAPITAL}){{1,12}}"
)
_ANSWER = re.compile(
    r"(?:[\s,.:!。、]|(?:sure|yes|ok|okay|it's|it is|my address is|i live at|i live in|to|at"
    r"|please)(?![a-z])|好的?|嗯|送到|寄到|我住在?|是|在|地址)*"
)
_ANSWER_END = re.compile(r"[。!?\n;]|\.(?= |$)|(?<=[\u4e00-\u9fff]),|$")
_SMALL_ANSWER = re.compile(r"[0-9]+[a-z]?,? [a-z]+ [a-z]+")


def addresses(shadow: Shadow) -> Iterator[Stretch]:
    text = shadow.low
    if not shadow.is_ascii:
        yield from _han_addresses(text)
    for match in _POSTCODE.finditer(text):
        if re.search("[0-9]", match[1]):
            yield Stretch(match.start(1), match.end(1), "address")
    if shadow.words:
        yield from _announced_streets(shadow)
        if not _STREET_WORDS.isdisjoint(shadow.vocabulary) or _OTHER_HINT.search(text):
            yield from _latin_addresses(shadow.plain)


def address_answer(shadow: Shadow) -> Iterator[Stretch]:
    """An answer that reads like an address, after a question for one."""
    text = shadow.low
    before = _ANSWER.match(text)
    assert before is not None
    end = _ANSWER_END.search(text, before.end())
    assert end is not None
    line = text[before.end() : end.start()]
    if not re.search(_NUMBER, line) or not 6 <= len(line) <= 120:
        return
    if _is_han_address(line) or _SMALL_ANSWER.match(line):
        yield Stretch(before.end(), end.start(), "address")


def _han_addresses(text: str) -> Iterator[Stretch]:
    for match in _HOUSE.finditer(text) if _HOUSE_HINT.search(text) else ():
        start, end = _leftwards(text, match.start()), _rightwards(text, match.end())
        if start < match.start() and not _is_public(text, start, end):
            yield Stretch(start, end, "address")
    for match in _HAN_CUE.finditer(text):
        line = _HAN_LINE.match(text, match.end())
        if line and _is_han_address(line[0]) and not _is_public(text, *line.span()):
            yield Stretch(line.start(), line.end(), "address")


def _is_han_address(line: str) -> bool:
    return _HAN_SIGN.search(line) is not None and not _NO_ADDRESS.search(line)


def _is_public(text: str, start: int, end: int) -> bool:
    return _PUBLIC.search(text, max(0, start - 14), end + 10) is not None


def _leftwards(text: str, start: int) -> int:
    """The offset at which the town and street before a street sign begin."""
    first = max(0, start - _LEFTMOST)
    while start > first and _LEFT.match(text, start - 1):
        start -= 1
    return start


def _rightwards(text: str, end: int) -> int:
    """The offset behind the building, floor and room that follow a house number."""
    for _ in range(_MOST_PIECES):
        match = _INSIDE.match(text, end)
        if not match:
            break
        end = match.end()
    return end


def _announced_streets(shadow: Shadow) -> Iterator[Stretch]:
    """What stands behind "I live at", in capitals or small letters."""
    for match in _LATIN_CUE(shadow):
        for pattern, spelling in ((_ANNOUNCED, shadow.plain), (_SMALL_STREET, shadow.low)):
            if line := pattern.match(spelling, match.end()):
                yield Stretch(line.start(), line.end(), "address")


def _latin_addresses(plain: str) -> Iterator[Stretch]:
    for pattern in _STREETS:
        for match in pattern.finditer(plain):
            start, end = _front(plain, match.start()), _tail(plain, match.end())
            yield Stretch(start, end, "address")


def _front(plain: str, start: int) -> int:
    """The offset at which flat, floor and building in front of a street begin."""
    for _ in range(_MOST_PIECES):
        match = _FRONT.search(plain, max(0, start - 50), start)
        if not match:
            break
        start = match.start()
    return start


def _tail(plain: str, end: int) -> int:
    """The offset behind district, town and postcode that follow a street."""
    for _ in range(_MOST_PIECES):
        match = _TAIL.match(plain, end)
        if not match:
            break
        end = match.end()
    return end
