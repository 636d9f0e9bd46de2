"""Dates of birth and the months in which cards expire, in digits and in words."""

from __future__ import annotations

import re

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
MONTH_NAMES = frozenset(_MONTHS)
_SHORT_MONTHS = [f"{name[:3]}\\.?" for name in _MONTHS]
_MONTH = f"(?:{'|'.join([*_MONTHS, *_SHORT_MONTHS])}|sept\\.?)(?![a-z])"
_COUNT = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,5}teen|twenty|thirty"
    "|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|oh|zero|and)"
)
_ORDINAL = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    "|[a-z]{3,5}teenth|twentieth|thirtieth|thirty[ -]first"
    "|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
)
_DAY = f"(?:[0-3]?[0-9](?:st|nd|rd|th)?|{_ORDINAL})"
_YEAR = f"(?:[0-9]{{4}}|'?[0-9]{{2}}|{_COUNT}(?:[ -]{_COUNT}){{0,5}})(?![a-z0-9])"
_HAN_NUMBER = "[0-9十廿卅元初百]{1,5}"

# Numerals have become digits where these are looked for, but for those above nine.
BIRTH_DATE = re.compile(
    rf"(?:民国|公元|西元|农历|阴历)? ?{_HAN_NUMBER} ?年 ?"
    rf"(?:{_HAN_NUMBER} ?月 ?(?:{_HAN_NUMBER} ?[日号]?)?)?"
    rf"|{_HAN_NUMBER} ?月 ?{_HAN_NUMBER} ?[日号]?"
    r"|(?:19|20)?[0-9]{2}[ ./-][01]?[0-9][ ./-][0-3]?[0-9](?![0-9])"
    r"|[0-3]?[0-9] ?[./-] ?[0-3]?[0-9] ?[./-] ?(?:[0-9]{4}|[0-9]{2})(?![0-9])"
    r"|[0-9]{6,8}(?![0-9])|(?:19|20)[0-9]{2}(?![0-9])|[01][0-9][0-3][0-9](?![0-9])"
    rf"|(?:the )?{_DAY}(?: day)?(?: of)?[ -]?{_MONTH}[, -]{{0,2}}(?:of )?(?:{_YEAR})?"
    rf"|{_MONTH},? (?:of )?(?:19|20)[0-9]{{2}}(?![0-9])"
    rf"|{_MONTH} (?:the )?{_DAY}(?:[, ]{{1,2}}{_YEAR})?"
    rf"|[0-3][0-9]{_MONTH}[0-9]{{2,4}}"
)
EXPIRY = re.compile(
    r"(?:0?[1-9]|1[0-2]) ?[/.-] ?(?:20)?[0-9]{2}(?![0-9./-])"
    r"|(?:0[1-9]|1[0-2])[2-4][0-9](?![0-9])"
)
EXPIRY_IN_WORDS = re.compile(
    r"(?:20)?[0-9]{2} ?年 ?(?:[0-9]{1,2}|十[0-9]?) ?月"
    r"|(?:[0-9]{1,2}|十[0-9]?) ?月 ?(?:20)?[0-9]{2} ?年?"
    rf"|{_MONTH}[, ]{{1,2}}(?:of )?{_YEAR}"
)
