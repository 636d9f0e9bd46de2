"""Personal data in transcripts replaced by placeholders of the same length.

E-mail addresses, identity numbers of the mainland and Taiwan, bank cards, telephone numbers;
passports, tickets, bookings, orders and names after a word that announces them. A number with a
check digit that nothing announces is masked only when the digit is right; service numbers (400,
0800, short numbers) stay readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.safekeeping import name_patterns

PLACEHOLDER = "█"


class MaskedSpan(NamedTuple):
    """A stretch that was masked: `clear` stood at `start`, counted in characters."""

    start: int
    length: int
    kind: str
    clear: str


@dataclass(frozen=True)
class Masked:
    """A text fit to be stored, as long as the original, and what was taken out of it."""

    text: str
    spans: tuple[MaskedSpan, ...] = ()


def mask(text: str) -> Masked:
    """Replace personal data by placeholders; offsets into the text stay true.

    Full-width digits and letters, and spaces and hyphens of every kind, count as plain ones;
    characters that nobody sees do not count. Masking a masked text finds nothing.
    """
    if not _UNSEEN.search(text):
        return _masked(text)
    offsets = [offset for offset, character in enumerate(text) if not _UNSEEN.match(character)]
    seen = _masked("".join(text[offset] for offset in offsets))
    spans = tuple(_spread(text, offsets, span) for span in seen.spans)
    return Masked(_blanked(text, spans), spans)


def _masked(text: str) -> Masked:
    """The same for a text of visible characters."""
    if not _TRIGGER.search(text):
        return Masked(text)
    shadow = text.translate(_PLAIN)
    spans: list[MaskedSpan] = []
    # A stretch that is masked may have hidden what stands beside it.
    while new_spans := _next_spans(shadow, text):
        shadow = _blanked(shadow, new_spans)
        spans += new_spans
    spans.sort()
    return Masked(_blanked(text, spans), tuple(spans))


def masked(text: str) -> str:
    """The same where nobody will ever need the clear words again."""
    return mask(text).text


class PlacedSpan(NamedTuple):
    """What was masked in a text within data; `field` is the way to it, such as /passenger/0."""

    field: str
    span: MaskedSpan


def mask_data(value: object, field: str = "") -> tuple[object, list[PlacedSpan]]:
    """The same for every text in data made of objects, lists and plain values; keys stay."""
    if isinstance(value, str):
        masked = mask(value)
        return masked.text, [PlacedSpan(field, span) for span in masked.spans]
    if isinstance(value, dict):
        elements = {key: mask_data(element, f"{field}/{key}") for key, element in value.items()}
        spans = [span for _, inner_spans in elements.values() for span in inner_spans]
        return {key: element for key, (element, _) in elements.items()}, spans
    if isinstance(value, list):
        listed = [mask_data(element, f"{field}/{number}") for number, element in enumerate(value)]
        return [element for element, _ in listed], [
            span for _, inner_spans in listed for span in inner_spans
        ]
    return value, []


def _next_spans(shadow: str, text: str) -> list[MaskedSpan]:
    """What the first rule that finds anything finds, outside what is masked already."""
    for rule in _RULES:
        accepted = (
            (match.start(rule.group), rule.accepted(match[rule.group]))
            for match in rule.pattern.finditer(shadow)
        )
        if spans := [
            MaskedSpan(
                start=start, length=length, kind=rule.kind, clear=text[start : start + length]
            )
            for start, length in accepted
            if length
        ]:
            return spans
    return []


def _spread(text: str, offsets: Sequence[int], span: MaskedSpan) -> MaskedSpan:
    """A stretch of what is seen, in the whole text; `offsets` are those of the visible."""
    start, end = offsets[span.start], offsets[span.start + span.length - 1] + 1
    return MaskedSpan(start=start, length=end - start, kind=span.kind, clear=text[start:end])


def _blanked(text: str, spans: Iterable[MaskedSpan]) -> str:
    pieces, end = [], 0
    for span in spans:
        pieces += [text[end : span.start], PLACEHOLDER * span.length]
        end = span.start + span.length
    return "".join([*pieces, text[end:]])


def _id_card(candidate: str) -> int:
    """Its length if the ISO 7064 MOD 11-2 check character of GB 11643 is right, else 0."""
    digits = re.sub("[ -]", "", candidate)
    total = sum(int(d) * w for d, w in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return len(candidate) if "10X98765432"[total % 11] == digits[17].upper() else 0


def _taiwan_id(candidate: str) -> int:
    """Its length if the check digit of a Taiwan identity or resident number is right, else 0."""
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(candidate[0].upper()) + 10
    total = letter // 10 + letter % 10 * 9
    total += sum(int(d) * w for d, w in zip(candidate[-9:], (*range(8, 0, -1), 1), strict=True))
    return len(candidate) if total % 10 == 0 else 0


def _hong_kong_id(candidate: str) -> int:
    """Its length if the check character of a Hong Kong identity number is right, else 0."""
    code = re.sub("[^0-9A-Z]", "", candidate.upper())
    values = [36] * (9 - len(code)) + [int(character, 36) for character in code]
    total = sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True))
    return len(candidate) if total % 11 == 0 else 0


def _bank_card(candidate: str) -> int:
    """The length of the longest run of whole groups with 15 to 19 digits and a right Luhn digit."""
    ends = [m.start() for m in re.finditer("[ -]", candidate)]
    for end in (len(candidate), *reversed(ends)):
        digits = re.sub("[ -]", "", candidate[:end])
        if 15 <= len(digits) <= 19 and _luhn(digits):
            return end
    return 0


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


class _Rule(NamedTuple):
    """A kind of personal data: a pattern, the group to mask, how much of it is accepted."""

    kind: str
    pattern: re.Pattern[str]
    accepted: Callable[[str], int] = len
    group: int = 0


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


_ID_WEIGHTS = tuple(2**k % 11 for k in range(17, 0, -1))
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010-\u2013\u2212"
_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    | dict.fromkeys((*range(0x2010, 0x2014), 0x2212), "-")
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TRIGGER = re.compile(
    f"[0-9０-９](?:[ ().{_SPACES}{_HYPHENS}（）．－-]{{0,2}}[0-9０-９]){{5}}"
    "|[!-~！-～][@＠][0-9A-Za-z０-９Ａ-Ｚａ-ｚ-]"
    "|单号|單號|订单|訂單|编号|編號|代号|代號|代码|代碼|编码|編碼|记录|記錄|紀錄|確認碼|确认码|参考|參考"
    f"|(?i:pnr|booking|locator|confirmation|reservation|order)|{name_patterns.CUES}"
)
_FILLER = (
    r"(?:numbers?|no|is|编号|編號|参考号|參考號|号码|號碼|号|號|码|碼|是|为|為|[\s:.#,，]){0,12}"
)
_PASSPORT = "(?:护照|護照|台胞证|台胞證|通行证|通行證|passport)"
_IDENTITY = "(?:身份证|身分證|证件|證件)"
_TICKET = "(?:客票|票号|票號|机票|機票|ticket)"
_BOOKING = (
    "(?:订座记录|訂位紀錄|订位代[号码]|訂位代[號碼]|订位编[号码]|訂位編[號碼]|订位记录|訂位記錄|预订编号|預訂編號|预订参考|預訂參考|预订号|預訂號|确认码|確認碼"
    "|订座编码|pnr|(?:booking|reservation|confirmation) (?:reference|number|code)|record locator)"
)
_ORDER = "(?:单号|單號|订单|訂單|工单|工單|order (?:number|no|id))"
_CODE = r"(?!(?-i:[a-z]+\b))[a-z0-9]"  # no plain word
_CALL = "(?:电话|電話|手机|手機|致电|致電|拨打|撥打|phone|mobile|tel|call)"

# Quantifiers are bounded and starts are fixed by what stands before, so that no text is slow.
_RULES: tuple[_Rule, ...] = (
    _Rule(
        "email",
        _re(r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}"),
    ),
    _Rule(
        "id_card",
        _re(
            r"(?<![0-9])[1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12][0-9]|3[01])[ -]?[0-9]{3}[0-9x](?![0-9])"
        ),
        _id_card,
    ),
    _Rule("id_card", _re(rf"{_IDENTITY}{_FILLER}([0-9]{{14,18}}[0-9x])(?![a-z0-9])"), group=1),
    _Rule(
        "ticket",
        _re(rf"{_TICKET}{_FILLER}([0-9]{{3}}[ -]?[0-9]{{10}})(?![0-9])"),
        group=1,
    ),
    _Rule("ticket", _re(r"(?<![0-9-])[0-9]{3}-[0-9]{10}(?![0-9-])")),
    _Rule("locator", _re(rf"{_BOOKING}{_FILLER}({_CODE}{{5,12}})(?![a-z0-9])"), group=1),
    _Rule(
        "locator",
        _re(rf"{_ORDER}{_FILLER}((?=[a-z-]{{0,12}}[0-9])[a-z0-9][a-z0-9-]{{4,30}}[a-z0-9])"),
        group=1,
    ),
    _Rule("bank_card", _re(r"(?<![0-9])[2-6](?:[ -]?[0-9]){14,22}(?![0-9])"), _bank_card),
    _Rule("hk_id", _re(r"(?<![a-z0-9])[a-z]{1,2}[ -]?[0-9]{6} ?\([0-9a]\)"), _hong_kong_id),
    _Rule("tw_id", _re(r"(?<![a-z0-9])[a-z][ -]?[1289][0-9]{8}(?![a-z0-9])"), _taiwan_id),
    _Rule(
        "passport",
        _re(rf"{_PASSPORT}{_FILLER}([a-z]{{0,2}}(?:[ -]?[0-9]){{6,9}})(?![a-z0-9])"),
        group=1,
    ),
    *(
        _Rule("phone", _re(rf"(?<![0-9]){number}(?![0-9])"))
        for number in (
            r"\+[1-9](?:[ .()-]{0,2}[0-9]){6,14}",
            r"00(?:86|85[23]|886)(?:[ -]?[0-9]){8,12}",
            r"(?:86[ -]?)?1[3-9][0-9][ .-]?[0-9]{4}[ .-]?[0-9]{4}",  # mainland
            r"\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ -]?[1-9][0-9]{2,3}[ -]?[0-9]{4}",
            r"(?:\(?09[0-9]{2}\)?|886[ -]?9[0-9]{2})[ .-]?[0-9]{3}[ .-]?[0-9]{3}",  # Taiwan
            r"(?!\(?080[09])\(?0(?:[27]|[3-68][0-9]{0,2})\)?(?:[ -]?[0-9]{3,4}){2}",
            r"(?<![0-9][ -])(?!20[0-4])[235-9][0-9]{3}[ -][0-9]{4}(?![ -][0-9])",  # Hong Kong
        )
    ),
    _Rule(
        "phone",
        _re(rf"{_CALL}{_FILLER}(?!0?800|0809|400)([0-9](?:[ -]?[0-9]){{6,10}})(?![0-9])"),
        group=1,
    ),
    *(_Rule("name", pattern, group=1) for pattern in name_patterns.PATTERNS),
)
