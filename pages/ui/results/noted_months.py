"""What happened in the months of a trend: numbered along the axis, and said in words."""

from __future__ import annotations

from collections.abc import Sequence

from core.periods import month_of
from db.results.queries.dated_notes import DatedNote, NoteKind
from pages.ui.kit.messages import _, day, plural


class NotedMonths:
    """The notes of some months, numbered in order of their days."""

    def __init__(self, notes: Sequence[DatedNote], months: Sequence[int]) -> None:
        inside = set(months)
        self.notes = [note for note in notes if month_of(note.day) in inside]
        self._numbered: dict[int, list[int]] = {}
        for number, note in enumerate(self.notes, start=1):
            self._numbered.setdefault(month_of(note.day), []).append(number)

    def mark(self, month: int) -> str:
        """The numbers of a month's notes, such as 2–4; empty without any."""
        numbers = self._numbered.get(month, [])
        if len(numbers) > 2:
            return f"{numbers[0]}–{numbers[-1]}"
        return ", ".join(map(str, numbers))

    def words(self, month: int) -> str:
        numbers = self._numbered.get(month, [])
        return _("; ").join(note_words(self.notes[number - 1]) for number in numbers)

    def lines(self) -> list[str]:
        """Each note with its number and day."""
        return [
            f"{number} · {day(note.day)} · {note_words(note)}"
            for number, note in enumerate(self.notes, start=1)
        ]


def note_words(note: DatedNote) -> str:
    """What happened, and nothing of what came of it."""
    if note.kind is NoteKind.WRITTEN:
        return note.what
    if note.kind is NoteKind.STAFF:
        return plural("{count} person new here", "{count} people new here", note.people)
    if note.kind is NoteKind.TRAINING:
        return plural(
            "Training: {course} ({count} person)",
            "Training: {course} ({count} people)",
            note.people,
            course=note.what,
        )
    return {
        NoteKind.VERSION: _("Version {number} of the checklist in force", number=note.what),
        NoteKind.PILOT: _("Version {number} of the checklist tried here", number=note.what),
        NoteKind.CLOCK: _("Clock set: {item}", item=note.what),
        NoteKind.CHOICE: _("The table of which checklist for what changed"),
    }[note.kind]
