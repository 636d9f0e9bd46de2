"""Personal data that needs no word to announce it: its form or a check digit tells what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.iso7064 import mod_11_2
from stdnum.it import codicefiscale
from stdnum.my import nric
from stdnum.us import ssn

from core.safekeeping.masking.dates import EXPIRY
from core.safekeeping.masking.shadow import PLACEHOLDER, Shadow, Stretch

_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


class Form(NamedTuple):
    """A pattern over a folded text, and how much of a match is accepted; 0 refuses it."""

    kind: str
    pattern: re.Pattern[str]
    accepted: Callable[[str], int] = len
    group: int = 0


def formed(shadow: Shadow) -> Iterator[Stretch]:
    """Stretches of a text that one of the forms accepts."""
    text = shadow.low
    # Only what is near a few digits is looked at by the many patterns of numbers.
    for run in _RUN.finditer(text):
        for form in _NUMBERS:
            yield from _of_form(form, text, max(0, run.start() - 8), run.end() + 1)
    if PLACEHOLDER in text:
        for form in _BEHIND_A_CARD:
            yield from _of_form(form, text, 0, len(text))
    if not shadow.is_ascii:
        yield from _of_form(_PLATE, text, 0, len(text))


def _of_form(form: Form, text: str, start: int, end: int) -> Iterator[Stretch]:
    for match in form.pattern.finditer(text, start, end):
        first = match.start(form.group)
        if length := form.accepted(match[form.group]):
            yield Stretch(first, first + length, form.kind)


def _if(is_valid: Callable[[str], bool]) -> Callable[[str], int]:
    """Accepts all of a number that a function of stdnum takes for valid."""

    def accepted(number: str) -> int:
        return len(number) if is_valid(re.sub("[ -]", "", number).upper()) else 0

    return accepted


def _is_taiwan_id(number: str) -> bool:
    """Whether the check digit of a Taiwan identity or resident number is right."""
    letter = _LETTERS.index(number[0]) + 10
    total = letter // 10 + letter % 10 * 9 + int(number[9])
    total += sum(int(d) * w for d, w in zip(number[1:9], range(8, 0, -1), strict=True))
    return total % 10 == 0


def _is_hong_kong_id(number: str) -> bool:
    """Whether the check character of a Hong Kong identity number is right."""
    characters = re.sub("[^0-9A-Z]", "", number)
    values = [36] * (9 - len(characters)) + [int(character, 36) for character in characters]
    total = sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True))
    return total % 11 == 0


def _is_singapore_id(number: str) -> bool:
    """Whether the check letter of a Singapore identity number is right."""
    total = sum(int(d) * w for d, w in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += 4 if number[0] in "TG" else 0
    letters = "JZIHGFEDCBA" if number[0] in "ST" else "XWUTRQPNMLK"
    return number[8] == letters[total % 11]


def _bank_card(number: str) -> int:
    """The length of the longest run of whole groups with 15 to 19 digits and a right Luhn digit."""
    for end in (len(number), *(m.start() for m in reversed([*re.finditer("[ -]", number)]))):
        digits = re.sub("[ -]", "", number[:end])
        if 15 <= len(digits) <= 19 and luhn.is_valid(digits):
            return end
    return 0


def _plate_length(number: str) -> int:
    """A mainland plate, but not a province's short name before a flight."""
    return 0 if re.fullmatch("[a-z]{2}[0-9]{3,4}", number[1:]) else len(number)


# Five digits, with letters and separators among them, and up to eight letters in front.
_RUN = re.compile(
    r"[0-9](?:[ ./()-]{0,2}[a-z]?[ ./()-]?[0-9]|(?<=[0-9]{2}) ?[a-z]{4} ?[0-9]){4}"
    r"[0-9a-z ./()-]{0,40}"
)
# Quantifiers are bounded and starts are fixed by what stands before, so that no text is slow.
_NUMBERS: tuple[Form, ...] = (
    Form(
        "id_card",
        re.compile(
            r"(?<![0-9])[1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12][0-9]|3[01])[ -]?[0-9]{3}[0-9x](?![0-9])"
        ),
        _if(mod_11_2.is_valid),
    ),
    Form("ticket", re.compile(r"(?<![0-9-])[0-9]{3}-[0-9]{10}(?![0-9-])")),
    Form("bank_card", re.compile(r"(?<![0-9])[2-6](?:[ -]?[0-9]){14,22}(?![0-9])"), _bank_card),
    Form(
        "bank_card",
        re.compile(
            r"(?<![a-z0-9])[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])"
        ),
        _if(iban.is_valid),
    ),
    Form(
        "hk_id",
        re.compile(r"(?<![a-z0-9])[a-z]{1,2}[ -]?[0-9]{6} ?\([0-9a]\)"),
        _if(_is_hong_kong_id),
    ),
    Form(
        "tw_id",
        re.compile(r"(?<![a-z0-9])[a-z][ -]?[1289][0-9]{8}(?![a-z0-9])"),
        _if(_is_taiwan_id),
    ),
    Form(
        "id_card",
        re.compile(r"(?<![a-z0-9])[stfg][0-9]{7}[a-z](?![a-z0-9])"),
        _if(_is_singapore_id),
    ),
    Form(
        "id_card",
        re.compile(r"(?<![0-9-])[0-9]{6}-[0-9]{2}-[0-9]{4}(?![0-9-])"),
        _if(nric.is_valid),
    ),
    Form(  # Korea; numbers since 2020 have no check digit
        "id_card",
        re.compile(
            r"(?<![0-9-])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[1-8][0-9]{6}(?![0-9-])"
        ),
    ),
    Form(
        "id_card",
        re.compile(r"(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])"),
        _if(ssn.is_valid),
    ),
    Form(
        "id_card",
        re.compile(r"(?<![0-9.-])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![0-9.-])"),
        _if(cpf.is_valid),
    ),
    Form(
        "id_card",
        re.compile(r"(?<![a-z0-9])[a-z]{6}[0-9]{2}[a-z][0-9]{2}[a-z][0-9]{3}[a-z](?![a-z0-9])"),
        _if(codicefiscale.is_valid),
    ),
)
_BEHIND_A_CARD = (
    Form(
        "card_expiry",
        re.compile(rf"█{{14,30}}[ ,、;/和]{{1,4}}({EXPIRY.pattern})(?=$|[ ,、;。.\n])"),
        group=1,
    ),
    Form(
        "card_code",
        re.compile("█{14,30}[ ,、;/]{1,4}█{4,7}[ ,、;/]{1,4}([0-9]{3,4})(?![0-9])"),
        group=1,
    ),
)
_PLATE = Form(
    "plate",
    re.compile(
        "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][a-z][·. -]?"
        "(?=[a-z0-9]{0,4}[0-9][a-z]{0,2}[0-9])[a-z0-9]{4,5}[a-z0-9挂学警港澳](?![a-z0-9])"
    ),
    _plate_length,
)
