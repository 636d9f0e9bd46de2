"""Dialogues written by hand, and the real ones, for tests of what is answered from words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from core.prescore.dialogue import Dialogue, SpokenTurn
from tests.real_data import crsa_interactions
from tests.support.requirements import real_data

_SPEAKERS = {"A": "agent", "C": "customer", "B": "bot", "S": "system", "?": "both"}


def dialogue(*turns: str, language: str = "", name: str = "one") -> Dialogue:
    """A dialogue of turns such as "A: hello" and "C: hi"; B is a bot, ? may be anybody."""
    spoken = (turn.split(": ", maxsplit=1) for turn in turns)
    return Dialogue(
        id=name,
        language=language,
        turns=tuple(
            SpokenTurn(number, _SPEAKERS[speaker], text)
            for number, (speaker, text) in enumerate(spoken, start=1)
        ),
    )


def row(one: Dialogue, **more: Any) -> dict[str, Any]:
    """The dialogue as a row of a file."""
    turns = [{"speaker": turn.speaker, "text": turn.text} for turn in one.turns]
    return {"id": one.id, "language": one.language, "turns": turns, **more}


def write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """A file of the rows, packed where its name says so."""
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode()
    path.write_bytes(gzip.compress(lines, mtime=0) if path.suffix == ".gz" else lines)
    return path


def crsa() -> list[Dialogue]:
    """The 768 airline-ticket dialogues."""
    return [
        Dialogue(
            id=encounter["external_id"],
            language=encounter["language"],
            turns=tuple(
                SpokenTurn(number, turn["speaker"], turn["text"])
                for number, turn in enumerate(encounter["turns"], start=1)
            ),
        )
        for encounter in crsa_interactions()
    ]


def stc3_english() -> Iterator[Dialogue]:
    """The 1,672 Chinese helpdesk dialogues that people have translated into English."""
    with gzip.open(real_data("stc3") / "dialogues_en.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            data = json.loads(line)
            yield Dialogue(
                id=data["id"],
                language="",
                turns=tuple(
                    SpokenTurn(
                        number,
                        "agent" if turn["sender"] == "helpdesk" else "customer",
                        "\n".join(turn["utterances"]),
                    )
                    for number, turn in enumerate(data["turns"], start=1)
                ),
            )


def rewritten(one: Dialogue, change: Any) -> Dialogue:
    """The same dialogue with each text changed."""
    turns = (SpokenTurn(turn.number, turn.speaker, change(turn.text)) for turn in one.turns)
    return Dialogue(one.id, one.language, tuple(turns))
