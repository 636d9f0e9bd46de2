"""Texts that people read, collected from the code, and the catalogues that translate them.

`python -m tests.support.house.texts` brings the catalogues up to date (make translations).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.i18n import DEFAULT, LANGUAGES
from tests.support.requirements import ROOT

TRANSLATED = sorted(set(LANGUAGES) - {DEFAULT})
_ROOMS = ("core", "db", "pages")
_ENGLISH_ONLY = (
    "__main__.py",
    "core/commands/",
    "core/prescore/dialogue_file.py",
    "db/cli/",
    "db/demo/",
    "db/migrations/",
    "db/bench/",
)
_SENTENCE = re.compile(r"(?!SELECT )[A-Za-z{].* .*[.?!]", re.DOTALL)
_MARKS = ("_", "N_", "translate")
Key = str | tuple[str, str]


def catalogue_path(language: str) -> Path:
    return ROOT / "core/locale" / f"{language}.po"


def catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def collected() -> Catalog:
    """Every text of the code, with the files it stands in."""
    texts: dict[Key, set[str]] = {}
    for room in _ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(part in name for part in _ENGLISH_ONLY):
                for key in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                    texts.setdefault(key, set()).add(name)
    template = Catalog()
    for key in sorted(texts, key=str):
        locations: list[Any] = [(name, None) for name in sorted(texts[key])]  # no line numbers
        template.add(key, locations=locations)
    return template


def update(language: str) -> None:
    """Add new texts untranslated, drop those that are gone; what is translated stays."""
    path = catalogue_path(language)
    path.parent.mkdir(exist_ok=True)
    found = catalogue(language) if path.exists() else _new_catalogue(language)
    found.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    found.obsolete.clear()
    found.msgid_bugs_address = found.last_translator = found.language_team = ""
    found.version, found.revision_date = "1", found.creation_date
    with path.open("wb") as file:
        write_po(file, found, width=100, sort_output=True)


def _new_catalogue(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Service quality portal",
        header_comment="# The portal's texts, by their English originals.",
        fuzzy=False,
    )


def _texts(tree: ast.Module) -> Iterator[Key]:
    """What is marked as a text, goes through `plural` or an error's `__init__`; full sentences.

    Core and db translate nothing: the sentences they hand over are their own keys.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    plurals = [call.args[:2] for call in calls if _called(call) == "plural"]
    yield from ((ast.literal_eval(one), ast.literal_eval(many)) for one, many in plurals)
    for call in calls:
        if _called(call) in _MARKS or _is_error(call):
            yield from _constants(call.args[0])
    known = {*_docstrings(tree), *(text for pair in plurals for text in pair)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in known and _is_sentence(node.value):
            yield str(node.value)


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and _SENTENCE.fullmatch(value) is not None


def _called(node: ast.Call) -> str | None:
    return node.func.id if isinstance(node.func, ast.Name) else None


def _is_error(node: ast.Call) -> bool:
    """Whether a class of error hands its sentence on, which need not end with a full stop."""
    called = node.func
    return isinstance(called, ast.Attribute) and called.attr == "__init__"


def _constants(node: ast.expr) -> Iterator[str]:
    """The texts of an argument such as ``"A" if few else "B"``."""
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    parts = node.values if isinstance(node, ast.BoolOp) else parts
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


if __name__ == "__main__":
    for language in TRANSLATED:
        update(language)
