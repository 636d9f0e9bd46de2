"""Identifiers of an import that people take for one another, named before anything is stored."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.text.identifiers import near
from core.text.sentence import Sentence
from db.importing.kinds import ImportPlan
from db.people.models import Staff, Station

_COLUMNS = {"stations": ("code", Station.code), "staff": ("staff_no", Staff.staff_no)}
_MOST, _NAMED = 50_000, 10


class Twins:
    """The new codes of stations or numbers of people in a file."""

    def __init__(self, kind: str) -> None:
        self._column = _COLUMNS.get(kind)
        self._new: dict[str, int] = {}

    def take(self, plan: ImportPlan) -> None:
        if self._column and len(self._new) < _MOST:
            self._new |= {item.values[self._column[0]]: item.line for item in plan.added}

    def notes(self, session: Session) -> list[Sentence]:
        """The first new ones that are nearly like another, new or stored."""
        if not self._column or not self._new:
            return []
        alike: dict[str, str] = {
            near(code): code for code in session.scalars(select(self._column[1]))
        }
        notes: list[Sentence] = []
        for code, line in self._new.items():
            other = alike.setdefault(near(code), code)
            if other != code and len(notes) < _NAMED:
                sentence = "Line {line}: {new} is new, and nearly {other}."
                notes.append(Sentence(sentence, {"line": line, "new": code, "other": other}))
        return notes
