"""Files of dialogues for the commands: JSON lines, packed with gzip or plain.

A row is {"id", "language", "turns": [{"speaker", "text"}], "labels": {item: {"yes", "turns"}}}; a
label may be the share of yes alone. One with "consent": false is passed over: its customer refuses.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import InvalidInput
from core.prescore.dialogue import Dialogue, Label, SpokenTurn

_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class DialogueFile:
    """The bytes of a file whose rows have all been looked at, so that nothing breaks half way."""

    name: str
    content: bytes

    def dialogues(self) -> Iterator[Dialogue]:
        """Each dialogue in order.

        Raises:
            InvalidInput: a line is no row.
        """
        return (dialogue for dialogue, _ in self._rows())

    def labelled(self, item: str) -> Iterator[tuple[Dialogue, Label]]:
        """The dialogues that people answered the item for, in order.

        Raises:
            InvalidInput: a label is none, or two dialogues have one id.
        """
        ids: set[str | int] = set()
        for dialogue, row in self._rows():
            label = row.label(item)
            if label is None:
                continue
            if dialogue.id in ids:
                raise row.refused("id {id} is there twice", id=dialogue.id)
            ids.add(dialogue.id)
            yield dialogue, label

    def _rows(self) -> Iterator[tuple[Dialogue, _Row]]:
        for number, line in enumerate(self._lines(), start=1):
            if line.strip():
                row = _Row(self.name, number, line)
                dialogue = row.dialogue()
                if row.data.get("consent") is not False:
                    yield dialogue, row

    def _lines(self) -> Iterator[str]:
        raw = io.BytesIO(self.content)
        packed = self.content.startswith(_MAGIC)
        file = gzip.GzipFile(fileobj=raw) if packed else raw
        try:
            yield from io.TextIOWrapper(file, encoding="utf-8-sig", newline="\n")
        except (OSError, EOFError, UnicodeDecodeError, zlib.error):
            raise InvalidInput("The file {file} cannot be read.", file=self.name) from None


def read_dialogues(path: Path) -> DialogueFile:
    """A file of dialogues, looked through from beginning to end.

    Raises:
        InvalidInput: it cannot be read, holds no row, or a line is none.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        raise InvalidInput("The file {file} cannot be read.", file=path.name) from None
    if path.suffix == ".gz" and not content.startswith(_MAGIC):
        raise InvalidInput("The file {file} is not packed with gzip.", file=path.name)
    file = DialogueFile(path.name, content)
    if not sum(1 for _ in file.dialogues()):
        raise InvalidInput("The file {file} is empty.", file=path.name)
    return file


class _Row:
    """One line, taken apart with an eye to what may be wrong with it."""

    def __init__(self, file: str, line: int, text: str) -> None:
        self.file, self.line = file, line
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise self.refused("this is no JSON") from None
        if not isinstance(data, dict):
            raise self.refused("this is no object with an id and turns")
        self.data: dict[str, Any] = data

    def dialogue(self) -> Dialogue:
        name = self.data.get("id")
        if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
            raise self.refused("the row has no id")
        turns = self.data.get("turns")
        if not isinstance(turns, list):
            raise self.refused("the row has no list of turns")
        language, customer = self.data.get("language"), self.data.get("customer")
        return Dialogue(
            id=name,
            language=language if isinstance(language, str) else "",
            turns=tuple(self._turn(number, turn) for number, turn in enumerate(turns, start=1)),
            customer=str(customer) if isinstance(customer, str | int) else "",
        )

    def label(self, item: str) -> Label | None:
        """None where nobody answered the item."""
        labels = self.data.get("labels")
        label = labels.get(item) if isinstance(labels, dict) else None
        fields = label if isinstance(label, dict) else {"yes": label}
        share = fields.get("yes")
        if share is None:
            return None
        if not isinstance(share, int | float) or not 0 <= share <= 1:
            raise self.refused("yes of {item} lies not from 0 to 1", item=item)
        turns, count = fields.get("turns") or [], len(self.data["turns"])
        if not isinstance(turns, list) or not all(
            isinstance(turn, int) and 1 <= turn <= count for turn in turns
        ):
            raise self.refused("{item} names a turn that is not there", item=item)
        return Label(float(share), frozenset(turns))

    def _turn(self, number: int, turn: object) -> SpokenTurn:
        text = turn.get("text") if isinstance(turn, dict) else None
        if not isinstance(turn, dict) or not isinstance(text, str | None):
            raise self.refused("turn {turn} has no text", turn=number)
        speaker = turn.get("speaker")
        spoken_by = speaker.strip().lower() if isinstance(speaker, str) else ""
        return SpokenTurn(number, speaker=spoken_by, text=text or "")

    def refused(self, problem: str, **values: object) -> InvalidInput:
        """The error that names the file and the line."""
        excerpts = {key: str(value)[:40] for key, value in values.items()}
        return InvalidInput(
            f"{{file}}, line {{line}}: {problem}.", file=self.file, line=self.line, **excerpts
        )
