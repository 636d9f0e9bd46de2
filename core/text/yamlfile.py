"""YAML and JSON files with the line of everything in them.

Words are read as YAML 1.2 does: `yes`, `no`, `on` and `off` are texts, dates and 12:30 too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import InvalidInput

WORDS = {
    "tag:yaml.org,2002:bool": r"true|false",
    "tag:yaml.org,2002:null": r"~|null|",
    "tag:yaml.org,2002:int": r"[-+]?(?:0|[1-9][0-9]*)",
    "tag:yaml.org,2002:float": r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)"
    r"(?:[eE][-+]?[0-9]+)?",
}


@dataclass(frozen=True)
class Document:
    """A file's data, and the line where each path in it begins."""

    name: str
    data: Any
    lines: dict[str, int]

    def line(self, path: str) -> int:
        """The line of a path such as items[3].term, or of the nearest part that exists."""
        while path and path not in self.lines:
            path = re.sub(r"(\.?[^.\[]+|\[\d+\])$", "", path)
        return self.lines.get(path, 1)


def load_data(path: Path) -> Document:
    """Read one file, JSON or YAML by its name.

    Raises:
        InvalidInput: it cannot be read, is no YAML, repeats a key or refers to other parts.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput("The file {file} cannot be read.", file=path.name) from None
    return _from_json(path.name, text) if path.suffix == ".json" else _from_yaml(path.name, text)


def _from_json(name: str, text: str) -> Document:
    try:
        return Document(
            name, json.loads(text, object_pairs_hook=_once, parse_constant=_no_number), {}
        )
    except json.JSONDecodeError as error:
        raise _unusable(name, error.lineno, error.msg) from None
    except _Unclear as error:
        raise _unusable(name, 1, str(error)) from None
    except (ValueError, RecursionError):
        raise _unusable(name, 1, "it is no JSON") from None


class _Unclear(ValueError):
    """Of what stands there, something would be lost or made up."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Unclear(f"{next(key for key in keys if keys.count(key) > 1)} stands here twice")
    return data


def _no_number(word: str) -> None:
    raise _Unclear(f"{word} is no number")


def _from_yaml(name: str, text: str) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[str, int] = {}
        if node is not None:
            _locate(node, "", lines, name)
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _unusable(name, line, error.problem or "it is no YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _unusable(name, 1, "it is no YAML") from None
    finally:
        loader.dispose()
    return Document(name, data, lines)


class _Loader(yaml.SafeLoader):
    """The safe loader with YAML 1.2 words and without references."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own class attribute

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="references are not read", problem_mark=self.get_mark()
            )
        return super().compose_node(parent, index)


for tag, word in WORDS.items():
    _Loader.add_implicit_resolver(tag, re.compile(f"(?:{word})$"), None)


def _locate(node: yaml.Node, path: str, lines: dict[str, int], name: str) -> None:
    """Note the line of a node and of everything in it; repeated keys are refused."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, element in enumerate(node.value):
            _locate(element, f"{path}[{index}]", lines, name)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = f"{path}.{key.value}" if path else str(key.value)
            if inner in lines:
                raise _unusable(name, key.start_mark.line + 1, f"{key.value} stands here twice")
            _locate(value, inner, lines, name)
            lines[inner] = key.start_mark.line + 1


def _unusable(file: str, line: int, problem: str) -> InvalidInput:
    return InvalidInput("{file}, line {line}: {problem}.", file=file, line=line, problem=problem)
