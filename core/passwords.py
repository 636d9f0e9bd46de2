"""What a password must be: long enough, and not among the first an attacker would try."""

from __future__ import annotations

from collections.abc import Iterable

from zxcvbn import zxcvbn

from core.errors import InvalidInput

SHORTEST = 12
LONGEST = 128
_STRONG_ENOUGH = 3  # of 0..4: about 10^8 guesses or more
_JUDGED = 72  # as much as zxcvbn looks at
_OURS = ("portal", "quality", "service", "inspection")


def check_password(password: str, about: Iterable[str]) -> None:
    """Refuse a password that is short, endless or easy to guess; any character is welcome.

    Args:
        password: as it was typed.
        about: what an attacker knows of the person, such as the user name.

    Raises:
        InvalidInput: what is wrong, and what to do.
    """
    if len(password) < SHORTEST:
        raise InvalidInput("The password needs at least {count} characters.", count=SHORTEST)
    if len(password) > LONGEST:
        raise InvalidInput("The password may have at most {count} characters.", count=LONGEST)
    known = [word for text in about for word in (text, *text.split()) if word]
    if zxcvbn(password[:_JUDGED], user_inputs=[*known, *_OURS])["score"] < _STRONG_ENOUGH:
        raise InvalidInput(
            "This password is easy to guess. Take several words that have nothing to do with "
            "each other or with you."
        )
