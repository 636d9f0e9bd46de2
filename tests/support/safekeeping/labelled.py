"""Texts with personal data marked in them, and how well the masking finds it."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from core.safekeeping.masking import MaskedSpan, mask
from tests.support.requirements import ROOT, real_data

_DATA = ROOT / "tests/data"
_MARK = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")


class Label(NamedTuple):
    start: int
    length: int
    kind: str


@dataclass(frozen=True)
class Labelled:
    text: str
    labels: tuple[Label, ...]


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


def shipped() -> list[Labelled]:
    lines = (_DATA / "personal_data.txt").read_text(encoding="utf-8").splitlines()
    return [_marked(line) for line in lines if not line.startswith("#")]


def real() -> list[Labelled]:
    """The 200 turns; skips the test where the texts are absent, as they do not ship."""
    texts = _crsa() | _stc3()
    rows = json.loads((_DATA / "personal_data_real.json").read_text(encoding="utf-8"))["turns"]
    found = []
    for corpus, dialogue, turn, length, labels in rows:
        text = texts[corpus, dialogue, turn]
        assert len(text) == length
        found.append(Labelled(text, tuple(Label(*label) for label in labels)))
    return found


def measure(texts: list[Labelled]) -> Measured:
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right, wrong, missed = 0, [], []
    for each in texts:
        spans = mask(each.text).spans
        covered = {at for span in spans for at in range(span.start, span.start + span.length)}
        for label in (label for label in each.labels if label.kind != "uncertain"):
            wanted[label.kind] += 1
            if covered >= set(range(label.start, label.start + label.length)):
                found[label.kind] += 1
            else:
                missed.append(f"{label.kind}: {each.text}")
        for span in spans:
            if any(_touch(span, label) for label in each.labels):
                right += 1
            else:
                wrong.append(f"{span.kind} {span.clear}: {each.text}")
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


def _crsa() -> dict[tuple[str, str, str], str]:
    path = real_data("crsa") / "RawDialoguesData.json"
    dialogues = json.loads(path.read_text(encoding="utf-8"))
    return {("crsa", key, name): t for key, turns in dialogues.items() for name, t in turns.items()}


def _stc3() -> dict[tuple[str, str, str], str]:
    with gzip.open(real_data("stc3") / "dialogues_cn.jsonl.gz", "rt", encoding="utf-8") as file:
        dialogues = [json.loads(line) for line in file]
    return {
        ("stc3", each["id"], str(number)): "\n".join(turn["utterances"])
        for each in dialogues
        for number, turn in enumerate(each["turns"])
    }
