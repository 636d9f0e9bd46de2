"""What a password must be: long enough, and not among the first an attacker would try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zxcvbn import zxcvbn

from core.errors import InvalidInput

SHORTEST = 12
LONGEST = 128
_STRONG_ENOUGH = 3  # of 0..4: about 10^8 guesses or more
_JUDGED = 40  # zxcvbn takes seconds for more, where every character is a sign for a letter
_OURS = ("portal", "quality", "service", "inspection")


class Strength(NamedTuple):
    """`level` is from 1 to 4, `problem` why the password is not taken; 3 and 4 have none."""

    level: int
    problem: InvalidInput | None


def check_password(password: str, about: Iterable[str]) -> None:
    """Refuse a password that is short, endless or easy to guess; any character is welcome.

    Args:
        password: as it was typed.
        about: what an attacker knows of the person, such as the user name.

    Raises:
        InvalidInput: what is wrong, and what to do.
    """
    if problem := strength(password, about).problem:
        raise problem


def strength(password: str, about: Iterable[str]) -> Strength:
    """How hard a password is to guess; what `check_password` refuses has a problem here."""
    if len(password) < SHORTEST:
        few = InvalidInput("The password needs at least {count} characters.", count=SHORTEST)
        return Strength(1, few)
    if len(password) > LONGEST:
        many = InvalidInput("The password may have at most {count} characters.", count=LONGEST)
        return Strength(1, many)
    words = [word for text in about for word in (text, *text.split()) if word]
    score: int = zxcvbn(password[:_JUDGED], user_inputs=[*words, *_OURS])["score"]
    if score >= _STRONG_ENOUGH:
        return Strength(score, None)
    easy = InvalidInput(
        "This password is easy to guess. Take several words that have nothing to do with "
        "each other or with you."
    )
    return Strength(max(1, score), easy)
