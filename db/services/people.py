"""The portal's users: made, changed, and what they choose for themselves."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.errors import InvalidInput
from core.i18n import LANGUAGES
from db.models import User


def choose_language(session: Session, user_id: int, language: str) -> None:
    """Keep the language a person reads the portal in."""
    if language not in LANGUAGES:
        raise InvalidInput("This language is not available.")
    session.execute(update(User).where(User.id == user_id).values(language=language))
