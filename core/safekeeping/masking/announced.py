"""Values that a word announces: behind it, before it, or in the answer to a question with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from core.safekeeping.masking import values
from core.safekeeping.masking.cues import Cue, cues
from core.safekeeping.masking.dates import BIRTH_DATE, EXPIRY, EXPIRY_IN_WORDS, MONTH_NAMES
from core.safekeeping.masking.dictated import DICTATED_WORDS, HAN_NUMERALS, dictated_end
from core.safekeeping.masking.shadow import Shadow, Stretch
from core.safekeeping.masking.values import Reader, by_pattern, code, exactly, skipped

_READERS: dict[str, Reader] = {
    "passport": code(least=5, most=14),
    "permit": code(least=5, most=18),
    "id_card": code(least=4, most=20),
    "ticket": code(least=10, most=16),
    "locator": values.locator,
    "order": values.order,
    "number": values.mixed_locator,
    "bank_card": code(least=4, most=34),
    "digits": exactly(3, 4, 5, 6),
    "card_expiry": by_pattern(EXPIRY),
    "card_code": exactly(3, 4),
    "code": exactly(4, 5, 6, 7, 8, grouped=True),
    "birth": by_pattern(BIRTH_DATE),
    "member": code(least=3, most=20),
    "bag": code(least=4, most=14),
    "account": values.account,
    "plate": values.plate,
    "phone": values.telephone,
}
# Behind a word that other numbers follow as well.
_WEAK: dict[str, Reader] = {
    "permit": code(least=6, most=18),
    "id_card": code(least=6, most=20),
    "locator": values.weak_locator,
    "bank_card": code(least=7, most=34),
    "member": code(least=6, most=20),
    "bag": code(least=5, most=14),
    "phone": values.long_telephone,
}
# In an answer, far from the word that announces it. Machines, films and goods have numbers as well.
_ANSWERS: dict[str, Reader] = {
    **{kind: reader for kind, reader in _READERS.items() if kind != "number"},
    "passport": code(least=6, most=14),
    "permit": code(least=6, most=18),
    "id_card": code(least=6, most=20),
    "order": values.long_order,
    "bank_card": code(least=8, most=34),
    "member": code(least=6, most=20),
    "bag": code(least=5, most=14),
}
_STORED_AS = {"order": "locator", "number": "locator"}
_ONE_VALUE = frozenset({"birth", "card_code", "digits"})
_SEPARATE = re.compile(r" ?(?:[,、/&;]|和|跟|与|及|以及|and) ?")
_NAMED = re.compile(r"号|账|帐|(?<![a-z])id(?![a-z])|用户名|user|handle|昵称|login")
_LINKED = re.compile(r"[:是号]| is ")
_CARD = re.compile(r"卡|(?<![a-z])card|visa|amex")
_NO_CARD = re.compile(r"护照|签证|机票|票券|优惠|passport|visa|voucher|ticket|coupon|miles|积分")
_BEFORE = re.compile(
    r"(?<![a-z0-9])([a-z0-9+(][a-z0-9 ./·()+-]{3,30}?)[ ,、]{0,2}(?:就?是|为|is|was)?[ ,]{0,2}"
    r"(?:[我您他她](?:的)?|my|the|our)?(?:办公室|公司|家里|家)?(?:的)?[ ]?$"
)
_BORN = re.compile(rf"({BIRTH_DATE.pattern})[ ,]{{0,2}}(?=出?生(?!效))")
_QUESTION = re.compile(
    r"[?请几哪谁吗呢报留]|多少|什么|提供|告诉|给我|方便|麻烦|可以|能不能|能否|核对|确认|输入"
    r"|\b(?:may|can|could|would|will|what|what's|which|please|need|confirm|tell|give"
    r"|provide|spell|who|how|where|when|have|share|verify|enter|read|repeat|let me)(?![a-z])"
)
_VALUE = re.compile(r"[0-9]|[A-Z]{6}|[a-z][_.:-][a-z]")
_NUMBER_WORDS = DICTATED_WORDS | MONTH_NAMES
_START = re.compile(r"(?<![a-z0-9@.])(?<![0-9][ -])[a-z0-9+(@]")
_STOP = re.compile(r"\s*(?:$|[,.;:!?。、])")
_SHORT_ANSWER = 60  # characters; a longer one holds other numbers as well
_FARTHEST_ANSWER = 400
_FARTHEST = 60
_FARTHEST_ACCOUNT = 12


def announced(shadow: Shadow) -> Iterator[Stretch]:
    """What stands behind or before a word that announces it."""
    if not _has_values(shadow):
        return
    for cue in cues(shadow):
        start, end = _value(shadow, cue)
        while end:
            yield Stretch(start, end, _STORED_AS.get(cue.kind, cue.kind))
            start, end = _next_value(shadow, cue, end)
    if "生" in shadow.low:
        for match in _BORN.finditer(shadow.digits):
            yield Stretch(match.start(1), match.end(1), "birth")


def expected(shadow: Shadow) -> frozenset[str]:
    """The kinds that a question asks for: what it announces and does not say."""
    kinds = announced_kinds(shadow)
    return kinds if kinds and _QUESTION.search(shadow.low) else frozenset()


def announced_kinds(shadow: Shadow) -> frozenset[str]:
    """The kinds whose words stand in a text without a value."""
    has_values = _has_values(shadow)
    return frozenset(
        cue.kind
        for cue in cues(shadow)
        if not (has_values and _value(shadow, cue)[1])
        # Messengers are spoken of more often than anybody is asked for an account.
        and (cue.kind != "account" or _NAMED.search(shadow.low, cue.start, cue.end + 6))
    )


def answers(shadow: Shadow, kinds: Collection[str]) -> Iterator[Stretch]:
    """Values in the answer to a question for these kinds."""
    readers = [(kind, reader) for kind, reader in _ANSWERS.items() if kind in kinds]
    end = 0
    for match in _START.finditer(shadow.digits, 0, _FARTHEST_ANSWER if readers else 0):
        if match.start() < end:
            continue
        for kind, reader in readers:
            if kind == "account" and match.start() > skipped(shadow.digits, 0, _FARTHEST_ACCOUNT):
                continue
            if end := _answer_end(shadow, match.start(), reader):
                yield Stretch(match.start(), end, _STORED_AS.get(kind, kind))
                break


def _has_values(shadow: Shadow) -> bool:
    """Whether a text holds anything that a reader could take: most do not."""
    return (
        _VALUE.search(shadow.plain) is not None
        or not _NUMBER_WORDS.isdisjoint(shadow.vocabulary)
        or (not shadow.is_ascii and HAN_NUMERALS.search(shadow.low) is not None)
    )


def _answer_end(shadow: Shadow, start: int, reader: Reader) -> int:
    end, is_short = reader(shadow, start), len(shadow.low) <= _SHORT_ANSWER
    if end and not re.search("[0-9]", shadow.digits[start:end]):
        return end if _STOP.match(shadow.low, end) else 0
    if is_short:
        return end or dictated_end(shadow, start)
    return end if end - start >= 6 else 0


def _value(shadow: Shadow, cue: Cue) -> tuple[int, int]:
    """From where to where a cue has its value, or zeros."""
    if cue.kind not in _READERS:
        return 0, 0
    farthest = _FARTHEST_ACCOUNT if cue.kind == "account" else _FARTHEST
    start = skipped(shadow.digits, cue.end, farthest)
    if end := _reader(shadow, cue, start)(shadow, start) or dictated_end(shadow, start):
        return start, end
    if cue.kind == "card_expiry" and (end := _expiry_in_words(shadow, start)):
        return start, end
    return _value_before(shadow, cue)


def _next_value(shadow: Shadow, cue: Cue, end: int) -> tuple[int, int]:
    """From where to where the next of several values stands, or zeros."""
    separator = _SEPARATE.match(shadow.low, end)
    if not separator or cue.kind in _ONE_VALUE:
        return 0, 0
    start = separator.end()
    return start, _reader(shadow, cue, start)(shadow, start)


def _value_before(shadow: Shadow, cue: Cue) -> tuple[int, int]:
    match = _BEFORE.search(shadow.digits, max(0, cue.start - 50), cue.start)
    if match and _READERS[cue.kind](shadow, match.start(1)) >= match.end(1):
        return match.start(1), match.end(1)
    return 0, 0


def _reader(shadow: Shadow, cue: Cue, start: int) -> Reader:
    if cue.kind == "account":
        between = shadow.low[cue.start : start]
        if _NAMED.search(between) and _LINKED.search(between):
            return values.named_account
        # Behind the name of this network stand accounts that everybody reads.
        return _nothing if cue.word == "微博" else values.account
    return (_WEAK if cue.is_weak else _READERS).get(cue.kind, _READERS[cue.kind])


def _nothing(_shadow: Shadow, _start: int) -> int:
    return 0


def _expiry_in_words(shadow: Shadow, start: int) -> int:
    """Year and month in words, where a card is meant: passports and vouchers expire too."""
    near = shadow.low[max(0, start - 40) : start + 40]
    if not _CARD.search(near) or _NO_CARD.search(near):
        return 0
    match = EXPIRY_IN_WORDS.match(shadow.digits, start)
    return match.end() if match else 0
