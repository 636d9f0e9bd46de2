"""Reading untrusted data: every wrong value becomes a problem with its path, none a traceback."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.checklist.problems import Problem
from core.i18n import CONTENT_LANGUAGES

LARGEST = 1e9


@dataclass(frozen=True)
class Node:
    """A value, the path it stands at, and the list that collects what is wrong with it."""

    value: object
    path: str
    problems: list[Problem]

    def problem(self, sentence: str, **values: object) -> None:
        self.problems.append(Problem(self.path, "error", sentence, values))

    def at(self, name: str) -> Node:
        """The value under a key; None when it is absent or this is no mapping."""
        inner = self.value.get(name) if isinstance(self.value, Mapping) else None
        return Node(inner, f"{self.path}.{name}" if self.path else name, self.problems)

    def has(self, name: str) -> bool:
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def check_keys(self, names: Collection[str]) -> None:
        """Refuse what is no mapping, and keys that nothing would read."""
        if not isinstance(self.value, Mapping):
            self.problem("A mapping is expected here.")
            return
        for key in self.value:
            if key not in names:
                self.problem("The key {key} is unknown here.", key=_short(key))

    def each(self, name: str) -> list[Node]:
        """The elements of the list under a key."""
        node = self.at(name)
        if node.value is None:
            return []
        if isinstance(node.value, str) or not isinstance(node.value, Sequence):
            node.problem("A list is expected here.")
            return []
        return [
            Node(value, f"{node.path}[{index}]", self.problems)
            for index, value in enumerate(node.value)
        ]

    def as_text(self) -> str:
        """This value as a text."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            self.problem("A text is expected, not {value}.", value=_short(self.value))
            return ""
        return str(self.value).strip()

    def text(self, name: str, default: str = "") -> str:
        node = self.at(name)
        return default if node.value is None else node.as_text()

    def optional_text(self, name: str) -> str | None:
        return self.text(name) or None

    def key(self, name: str = "key") -> str:
        """A required short name without spaces."""
        key = self.text(name)
        if not key or len(key) > 80 or any(char.isspace() for char in key):
            self.at(name).problem("A key of 1 to 80 characters without spaces is needed.")
            return ""
        return key

    def optional_number(
        self, name: str, low: float = -LARGEST, high: float = LARGEST
    ) -> float | None:
        node = self.at(name)
        if node.value is None:
            return None
        number = as_number(node.value)
        if number is None or not low <= number <= high:
            node.problem(
                "A number from {low} to {high} is expected, not {value}.",
                low=f"{low:g}",
                high=f"{high:g}",
                value=_short(node.value),
            )
            return None
        return number

    def number(
        self, name: str, default: float, low: float = -LARGEST, high: float = LARGEST
    ) -> float:
        number = self.optional_number(name, low, high)
        return default if number is None else number

    def flag(self, name: str, *, default: bool) -> bool:
        node = self.at(name)
        if node.value is None:
            return default
        if not isinstance(node.value, bool):
            node.problem("true or false is expected, not {value}.", value=_short(node.value))
            return default
        return node.value

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        choice = self.text(name, default)
        if choice not in allowed:
            self.at(name).problem(
                "{value} is none of {allowed}.", value=_short(choice), allowed=", ".join(allowed)
            )
            return default
        return choice

    def texts(self, name: str) -> dict[str, str]:
        """A text in up to three languages; a bare string counts as English."""
        node = self.at(name)
        if node.value is None:
            return {}
        if isinstance(node.value, str):
            return {"en": node.value.strip()}
        node.check_keys(CONTENT_LANGUAGES)
        if not isinstance(node.value, Mapping):
            return {}
        return {language: text for language in CONTENT_LANGUAGES if (text := node.text(language))}

    def names(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        if isinstance(self.at(name).value, str):
            return (self.text(name),)
        return tuple(element.as_text() for element in self.each(name))


def as_number(value: object) -> float | None:
    """A finite number of sensible size, or None; booleans are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) if abs(value) <= LARGEST else None


def refuse_repeats(nodes: Iterable[tuple[Node, str]]) -> None:
    """Report each key that an earlier node of the same kind already has."""
    seen: set[str] = set()
    for node, key in nodes:
        if key in seen:
            node.problem("The key {key} is used twice.", key=key)
        seen.add(key)


def _short(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else value
    return text if len(text) <= 60 else text[:57] + "..."
