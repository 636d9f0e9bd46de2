"""Texts with personal data marked in them, and how well the masking finds it."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.safekeeping.masking import MaskedSpan, mask_turns
from tests.support.requirements import ROOT, real_data

_DATA = ROOT / "tests/data"
_MARK = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")
_TURNS = "‖"


class Label(NamedTuple):
    start: int
    length: int
    kind: str


@dataclass(frozen=True)
class Labelled:
    text: str
    labels: tuple[Label, ...] = ()


Conversation = Sequence[Labelled]


@dataclass(frozen=True)
class Measured:
    """Labels by kind, those of them that were masked whole, and what was masked besides.

    A masked stretch counts as right when it touches a label, whatever its kind.
    """

    wanted: Counter[str]
    found: Counter[str]
    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found.total() / self.wanted.total()

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    def recall_of(self, *kinds: str) -> float:
        return sum(self.found[kind] for kind in kinds) / sum(self.wanted[kind] for kind in kinds)

    def __str__(self) -> str:
        kinds = ", ".join(f"{k} {self.found[k]}/{n}" for k, n in sorted(self.wanted.items()))
        return f"recall {self.recall:.3f}, precision {self.precision:.3f} ({kinds})"


def shipped(name: str = "personal_data") -> list[Conversation]:
    """The conversations of a file of invented texts."""
    lines = (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [
        [_marked(turn) for turn in line.split(_TURNS)]
        for line in lines
        if line and not line.startswith("#")
    ]


def real() -> list[Conversation]:
    """The 200 turns; skips the test where the texts are absent, as they do not ship."""
    texts = {
        (turn.corpus, turn.dialogue, turn.turn): turn.text
        for turns in real_conversations()
        for turn in turns
    }
    rows = json.loads((_DATA / "personal_data_real.json").read_text(encoding="utf-8"))["turns"]
    found: list[Conversation] = []
    for corpus, dialogue, turn, length, labels in rows:
        text = texts[corpus, dialogue, turn]
        assert len(text) == length
        found.append([Labelled(text, tuple(Label(*label) for label in labels))])
    return found


class RealTurn(NamedTuple):
    corpus: str
    dialogue: str
    turn: str
    text: str


def real_conversations() -> Iterator[list[RealTurn]]:
    """Every conversation of both corpora; skips the test where the texts are absent."""
    path = real_data("crsa") / "RawDialoguesData.json"
    for key, turns in json.loads(path.read_text(encoding="utf-8")).items():
        yield [RealTurn("crsa", key, name, text) for name, text in turns.items()]
    with gzip.open(real_data("stc3") / "dialogues_cn.jsonl.gz", "rt", encoding="utf-8") as file:
        for dialogue in map(json.loads, file):
            yield [
                RealTurn("stc3", dialogue["id"], str(number), "\n".join(turn["utterances"]))
                for number, turn in enumerate(dialogue["turns"])
            ]


def measure(conversations: Iterable[Conversation]) -> Measured:
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right, wrong, missed = 0, [], []
    for conversation in conversations:
        masked_turns = mask_turns([turn.text for turn in conversation])
        for turn, masked in zip(conversation, masked_turns, strict=True):
            covered = {
                at for span in masked.spans for at in range(span.start, span.start + span.length)
            }
            for label in (label for label in turn.labels if label.kind != "uncertain"):
                wanted[label.kind] += 1
                if covered >= set(range(label.start, label.start + label.length)):
                    found[label.kind] += 1
                else:
                    missed.append(f"{label.kind}: {turn.text}")
            for span in masked.spans:
                if any(_touch(span, label) for label in turn.labels):
                    right += 1
                else:
                    wrong.append(f"{span.kind} {span.clear}: {turn.text}")
    return Measured(wanted, found, right, tuple(wrong), tuple(missed))


def _touch(span: MaskedSpan, label: Label) -> bool:
    return span.start < label.start + label.length and label.start < span.start + span.length


def _marked(line: str) -> Labelled:
    text, labels, end = "", [], 0
    for match in _MARK.finditer(line):
        text += line[end : match.start()]
        labels.append(Label(len(text), len(match[2]), match[1]))
        text, end = text + match[2], match.end()
    return Labelled(text + line[end:], tuple(labels))
