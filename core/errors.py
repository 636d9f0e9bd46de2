"""The few errors a person may meet, each one plain sentence.

The sentence is an English template that is also its own translation key; what varies stands in
`values`, so that the page can render it in the reader's language.
"""

from __future__ import annotations

from numbers import Real
from typing import Any


class PortalError(Exception):
    """Base of every error that is shown to a person.

    Args:
        sentence: English template, e.g. ``"Unknown station {code}."``; the translation key.
        values: what fills the template's named places.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


class InvalidInput(PortalError):
    """What was given cannot be used; nothing was changed."""


class OutOfTurn(InvalidInput):
    """A deed came too late or too early for the state that its record is in, which is `current`."""

    def __init__(self, sentence: str, current: object, **values: object) -> None:
        super().__init__(sentence, **values)
        self.current = current


LARGEST = 1e100
"""Numbers beyond it are a mistake, and their squares might not be finite."""


def finite(value: Any) -> float:  # noqa: ANN401  whatever a caller takes for a number
    """The number that was given.

    Raises:
        InvalidInput: it is none, not finite, or beyond all reason.
    """
    is_number = isinstance(value, Real)
    if not is_number or not abs(value) <= LARGEST:
        raise InvalidInput("{value} is no number to reckon with.", value=str(value)[:40])
    return float(value)


class Refused(PortalError):
    """A person was kept out. `user_id` and `subject`, (kind, id), go into the audit log."""

    def __init__(
        self,
        sentence: str,
        *,
        user_id: int | None = None,
        subject: tuple[str, object] = ("", ""),
        **values: object,
    ) -> None:
        super().__init__(sentence, **values)
        self.user_id = user_id
        self.subject = subject
        self.noted = False


class NotAllowed(Refused):
    """The person's role does not permit this."""


class CodesWanted(PortalError):
    """A role demands one-time codes, and the person, who reads `language`, has none yet."""

    def __init__(self, language: str | None) -> None:
        super().__init__(
            "Your role must use one-time codes. Set them up first; everything else opens then."
        )
        self.language = language


class NotFound(PortalError):
    """The thing asked for does not exist, or the person may not know that it does."""


class Withheld(Refused, NotFound):
    """It exists, and the person may not know that it does."""


def not_found(
    sentence: str, *, user_id: int, subject: tuple[str, object], exists: bool
) -> NotFound:
    """What to raise where a person may not learn whether a thing exists.

    The sentence is the same either way; only if the thing exists is the refusal noted in the audit
    log. No other code tells a stranger "not found".
    """
    return Withheld(sentence, user_id=user_id, subject=subject) if exists else NotFound(sentence)


class StaleEdit(PortalError):
    """Someone else saved first; `current` holds what is stored now, nothing was lost."""

    def __init__(self, sentence: str, current: object, **values: object) -> None:
        super().__init__(sentence, **values)
        self.current = current


class Unavailable(PortalError):
    """The database or another host cannot serve now; nothing was changed, later may help."""


class SettingError(PortalError):
    """A setting from the environment is wrong; the start stops."""
