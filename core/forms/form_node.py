"""Reading a form that may be damaged: values with their path, and what was repaired."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.checklist import Problem
from core.checklist.data_reading import as_number
from core.checklist.problems import FaultyData
from core.forms.carrying import FieldChange
from core.text.sentence import Sentence

_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_KEY, _LONGEST_TEXT = 60, 4000


class FormError(FaultyData):
    """A form that cannot be read as a checklist; `problems` names each fault with its path."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("The form has {count} problem(s): {details}", problems)


@dataclass(frozen=True)
class Imported:
    """A form as checklist data.

    Attributes:
        system: where the form comes from.
        content: our own checklist data.
        repairs: what was repaired or left out, each with its path in the form.
        answers: the answers of a completed evaluation, by item key.
        changes: what it makes of the stored version that it was read over.
        notes: what a person should know of the file, such as hidden rows that were read.
    """

    system: str
    content: dict[str, Any]
    repairs: tuple[Problem, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[FieldChange, ...] = ()
    notes: tuple[Sentence, ...] = ()


@dataclass
class Repairs:
    """What was repaired so far, and the keys that are taken."""

    problems: list[Problem] = field(default_factory=list)
    keys: set[str] = field(default_factory=lambda: {"form"})

    def add(self, path: str, sentence: str, **values: object) -> None:
        self.problems.append(Problem(path, "warning", sentence, values))


@dataclass(frozen=True)
class FormNode:
    """A value of a form and where it stands."""

    value: object
    path: str
    repairs: Repairs

    def at(self, name: str) -> FormNode:
        inner = self.value.get(name) if isinstance(self.value, Mapping) else None
        return FormNode(inner, f"{self.path}.{name}" if self.path else name, self.repairs)

    def has(self, name: str) -> bool:
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def repair(self, sentence: str, **values: object) -> None:
        self.repairs.add(self.path, sentence, **values)

    def each(self, name: str) -> list[FormNode]:
        """The mappings of a list; what is none is left out."""
        node = self.at(name)
        if node.value is None:
            return []
        if not isinstance(node.value, list):
            node.repair("A list is expected here; it was left out.")
            return []
        elements = [
            FormNode(v, f"{node.path}[{n}]", self.repairs) for n, v in enumerate(node.value)
        ]
        for element in elements:
            if not isinstance(element.value, Mapping):
                element.repair("A mapping is expected here; it was left out.")
        return [element for element in elements if isinstance(element.value, Mapping)]

    def text(self, *names: str) -> str:
        """The first text under one of the names; another name than the first is a repair."""
        for name in names:
            value = self.at(name).value
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                text = _clean(str(value))
                if text:
                    if name != names[0]:
                        self.at(name).repair("Read as {name}.", name=names[0])
                    return text
            elif value is not None:
                self.at(name).repair("A text is expected here; it was left out.")
        return ""

    def number(self, name: str) -> float | None:
        value = self.at(name).value
        number = as_number(value)
        if number is None and isinstance(value, str):
            number = _told_number(value)
        if value is not None and number is None:
            self.at(name).repair("A number is expected here; it was left out.")
        return number

    def flag(self, name: str) -> bool:
        value = self.at(name).value
        if isinstance(value, str) and value.casefold() in {"true", "false"}:
            self.at(name).repair("Read as true or false.")
            return value.casefold() == "true"
        if value is not None and not isinstance(value, bool):
            self.at(name).repair("true or false is expected here; it was left out.")
        return value is True

    def key(self, proposed: str, stem: str) -> str:
        """A key that is free: the proposed one if it can be one, else a new one."""
        taken = self.repairs.keys
        key = _NOT_IN_KEYS.sub("-", proposed).strip("-")[:_LONGEST_KEY]
        if not key or key in taken:
            base, number = key or stem, 1
            while f"{base}-{number}" in taken:
                number += 1
            key = f"{base}-{number}"
        if key != proposed:
            self.repair("It got the key {key}.", key=key)
        taken.add(key)
        return key


def key_of(title: str, stem: str) -> str:
    """A checklist's key from its title."""
    return _NOT_IN_KEYS.sub("-", title.lower()).strip("-")[:_LONGEST_KEY] or stem


def _told_number(text: str) -> float | None:
    try:
        return as_number(float(text))
    except ValueError:
        return None


def _clean(text: str) -> str:
    """Without signs that cannot be stored or shown."""
    visible = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
    return visible.strip()[:_LONGEST_TEXT]
