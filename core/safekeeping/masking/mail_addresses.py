"""E-mail addresses, also with spaces around the @ and in words: "john dot li at mail dot com"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.safekeeping.masking.shadow import Shadow, Stretch

_SIGN = re.compile(r"@|\( ?at ?\)|\[ ?at ?\]| at |小老鼠|艾特")
_HINTS = ("@", " dot ", "at)", "at]", "at )", "小老鼠", "艾特")
_LOCAL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9._%+'-]{1,40}"
    r"(?: (?:dot|underscore|dash|hyphen|minus|plus) [a-z0-9]{1,30}){0,4}$"
)
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_SPOKEN_DOMAIN = re.compile(
    r"[a-z0-9-]{1,63}(?:(?:\.| ?[(\[] ?dot ?[)\]] ?| dot | ?点 ?)[a-z0-9-]{1,63}){0,4}"
    r"(?:\.| ?[(\[] ?dot ?[)\]] ?| dot | ?点 ?)[a-z]{2,10}(?![a-z0-9])"
)
_CUE = re.compile("mail|邮|信箱")
_FARTHEST = 90


def mail_addresses(shadow: Shadow) -> Iterator[Stretch]:
    text = shadow.low
    if not any(hint in text for hint in _HINTS):
        return
    for sign in _SIGN.finditer(text):
        start = sign.start() - (text[sign.start() - 1 : sign.start()] == " ")
        end = sign.end() + (text[sign.end() : sign.end() + 1] == " ")
        domain = _domain(text, sign, end)
        local = domain and _LOCAL.search(text, max(0, start - _FARTHEST), start)
        if domain and local and _is_meant(text, sign, local):
            yield Stretch(local.start(), domain.end(), "email")


def _domain(text: str, sign: re.Match[str], start: int) -> re.Match[str] | None:
    """What stands behind an @ or a word for it, if it can be a domain."""
    if sign[0] == "@" and start == sign.end() and text[sign.start() - 1 : sign.start()] != " ":
        return _DOMAIN.match(text, start)
    # Between spaces an @ may mean "at": what follows must end like a domain.
    domain = _SPOKEN_DOMAIN.match(text, start)
    return domain if domain and (sign[0] != " at " or " dot " in domain[0]) else None


def _is_meant(text: str, sign: re.Match[str], local: re.Match[str]) -> bool:
    """Whether an @ beside spaces belongs to an address: it begins the name of an account, too."""
    if sign[0] != "@" or text[sign.start() - 1] != " ":
        return True
    return text[sign.end() : sign.end() + 1] == " " and (
        re.search("[0-9._-]", local[0]) is not None
        or _CUE.search(text, max(0, local.start() - 20), local.start()) is not None
    )
