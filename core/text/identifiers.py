"""Identifiers as they are stored and compared: numbers of people, codes of stations, references.

Two that look the same are the same: full-width and other compatibility forms, and characters that
nobody sees, come from keyboards, web pages and spreadsheets and mean nothing.
"""

from __future__ import annotations

import re
import unicodedata

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt) and format characters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NEAR = re.compile(r"[\W_]+")


def normal_identifier(text: str) -> str:
    """The form in which an identifier is stored: NFKC, nothing invisible, no spaces around it.

    Its case stays. Applied again it changes nothing.
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).strip()


def caseless(identifier: str) -> str:
    """What numbers of people and codes of stations are looked up by.

    All else, such as references of customers, is told apart by its case too.
    """
    return normal_identifier(normal_identifier(identifier).casefold())


def near(identifier: str) -> str:
    """Equal for identifiers that people take for one another.

    They differ in case, in signs and spaces, or in zeros at the beginning alone.
    """
    return _NEAR.sub("", caseless(identifier)).lstrip("0")
