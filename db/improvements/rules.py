"""What several changes of actions share: how long words are, and what the log has of them."""

from __future__ import annotations

from core.errors import InvalidInput
from core.improvements.terms import LONGEST_WORDS, SHORTEST_WORDS

SEE_RECORD = "as written in the action"
"""What the log has for a reason: the action's words can be erased, those of the log cannot."""


def check_words(*texts: str) -> None:
    """Refuse words that are too few to say anything, or too many.

    Raises:
        InvalidInput: they are.
    """
    for text in texts:
        if len(text.strip()) < SHORTEST_WORDS:
            raise InvalidInput("Write at least {fewest} characters.", fewest=SHORTEST_WORDS)
        if len(text) > LONGEST_WORDS:
            raise InvalidInput("Write at most {most} characters.", most=LONGEST_WORDS)
