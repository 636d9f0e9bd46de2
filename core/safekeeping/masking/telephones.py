"""Telephone numbers that nothing announces, of two dozen countries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from core.safekeeping.masking.shadow import Shadow, Stretch
from core.safekeeping.masking.values import is_calendar_day, is_service_number

# Their numbers count as they are written at home; abroad, or in unusual groups, only a word
# announces them.
_REGIONS = (
    *("US", "CA", "JP", "KR", "SG", "MY", "TH", "PH", "VN", "ID", "IN", "GB", "DE", "FR"),
    *("IT", "ES", "NL", "CH", "AU", "NZ", "AE", "SA", "IL", "TR", "RU", "ZA", "BR", "MX", "CN"),
)
_OPEN_TO_ALL = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
)
_LENGTHS = range(8, 13)
_TRIGGER = re.compile(r"[0-9](?:[ ().-]{0,2}[0-9]){6}")
_CERTAIN = tuple(
    re.compile(rf"(?<![0-9]){number}(?![0-9])")
    for number in (
        r"\+[1-9](?:[ .()-]{0,2}[0-9]){6,14}",
        r"(?<!\+)(?:86[ -]?)?1[3-9][0-9][ .-]?[0-9]{4}[ .-]?[0-9]{4}",  # mainland
        r"\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ -]?[1-9][0-9]{2,3}[ -]?[0-9]{4}",
        r"(?:\(?09[0-9]{2}\)?|886[ -]?9[0-9]{2})[ .-]?[0-9]{3}[ .-]?[0-9]{3}",  # Taiwan
        r"(?!\(?080[09])\(?0(?:[27]|[3-68][0-9]{0,2})\)?(?:[ -]?[0-9]{3,4}){2}",
        r"(?<![0-9][ -])(?!20[0-4])[235-9][0-9]{3}[ -][0-9]{4}(?![ -][0-9])",  # Hong Kong
    )
)
_ABROAD = re.compile(r"(?<![0-9])(?:00|011) ?[1-9](?:[ .()-]{0,2}[0-9]){8,14}(?![0-9])")
_AT_HOME = re.compile(
    r"(?<![0-9a-z.,/:$-])(?:[178][ -])?\(?[0-9]{2,6}\)?(?:[ .-][0-9]{2,7}){1,4}"
    r"(?![0-9a-z/:%-]|[.,][0-9])"
)


def telephones(shadow: Shadow) -> Iterator[Stretch]:
    text = shadow.low
    if not _TRIGGER.search(text):
        return
    for pattern, is_number in _FORMS:
        for match in pattern.finditer(text):
            if is_number(match[0]):
                yield Stretch(match.start(), match.end(), "phone")


def _is_no_service(number: str) -> bool:
    return not is_service_number(number)


def _is_international(number: str) -> bool:
    """Whether a number for calls abroad, such as 00 44 20 7946 0958, is one of any country."""
    digits = re.sub("[^0-9]", "", number)
    try:
        return phonenumbers.is_valid_number(
            phonenumbers.parse("+" + digits.removeprefix("00").removeprefix("011"))
        )
    except phonenumbers.NumberParseException:
        return False


def _is_national(number: str) -> bool:
    """Whether a number is one of a country, grouped as it is there, and a person's."""
    digits = re.sub("[^0-9]", "", number)
    if len(digits) not in _LENGTHS or is_calendar_day(number) or is_service_number(number):
        return False
    return any(_is_of(region, number) for region in _REGIONS)


def _is_of(region: str, number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return (
        phonenumbers.is_valid_number_for_region(parsed, region)
        and phonenumbers.number_type(parsed) not in _OPEN_TO_ALL
        and _groups(number) == _groups(_national(parsed))
    )


def _national(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def _groups(number: str) -> list[str]:
    """Its groups of digits, without a prefix for calls within the country."""
    groups = re.findall("[0-9]+", number)
    if groups[0] in ("0", "1", "7", "8"):
        groups = groups[1:]
    return [groups[0].lstrip("0"), *groups[1:]]


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    *((pattern, _is_no_service) for pattern in _CERTAIN),
    (_ABROAD, _is_international),
    (_AT_HOME, _is_national),
)
