"""Loading the shipped standards: every file is checked whole, every fault told with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from core.checklist import Checklist, ChecklistError, Problem, parse_checklist
from core.checklist.data_reading import Node
from core.checklist.model import Texts
from core.checklist.parse_items import ItemSource
from core.checklist.problems import LibraryError
from core.library.items import AnchorSets, LibraryItem, read_anchors, read_group, whole_texts
from core.text.yamlfile import Document, load_data

STANDARDS = Path(__file__).parents[1] / "standards"
Content = TypeVar("Content")


@dataclass(frozen=True)
class Library:
    """Every standard by id, in the order of the files; the groups' titles; the anchor sets."""

    by_id: Mapping[str, LibraryItem]
    groups: Mapping[str, Texts]
    anchors: AnchorSets

    def __iter__(self) -> Iterator[LibraryItem]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def item_data(self, item_id: str) -> dict[str, Any] | None:
        """An item as a checklist uses it, or None."""
        item = self.by_id.get(item_id)
        return item.checklist_data(self.anchors) if item else None


def load_library(folder: Path = STANDARDS) -> Library:
    """Read anchors.yaml, library/*.yaml and the reasons in unused.yaml.

    Raises:
        LibraryError: every fault, each with file, line and item.
        InvalidInput: a file is no YAML.
    """
    faults: list[Problem] = []
    anchors = _read(load_data(folder / "anchors.yaml"), read_anchors, faults)
    groups: dict[str, Texts] = {}
    items: dict[str, LibraryItem] = {}
    for path in sorted((folder / "library").glob("*.yaml")):
        document = load_data(path)
        group = _read(document, read_group, faults)
        groups[group.key] = group.title
        for number, item in enumerate(group.items):
            item_faults = _faults(f"items[{number}]", item, items, anchors)
            faults += [_located(document, fault) for fault in item_faults]
            items[item.id] = item
    reasons = load_data(folder / "unused.yaml")
    items = _read(reasons, lambda root: _with_reasons(root, items), faults)
    faults += _alias_faults(items)
    if faults:
        raise LibraryError(faults)
    return Library(items, groups, anchors)


def load_checklists(library: ItemSource, folder: Path = STANDARDS) -> tuple[Checklist, ...]:
    """Read checklists/*.yaml in the order of their names.

    Raises:
        LibraryError: every fault of every file, each with file, line and item.
        InvalidInput: a file is no YAML.
    """
    faults: list[Problem] = []
    checklists: list[Checklist] = []
    for path in sorted((folder / "checklists").glob("*.yaml")):
        try:
            checklists.append(load_checklist(path, library=library))
        except ChecklistError as error:
            faults += error.problems
    if faults:
        raise LibraryError(faults)
    return tuple(checklists)


def load_checklist(
    path: Path, *, library: ItemSource | None = None, preset: str | None = None
) -> Checklist:
    """Read one checklist file: our own format, another system's plain form, or a case holding one.

    Raises:
        ChecklistError: every fault, each with file, line and item.
        InvalidInput: the file is neither YAML nor JSON.
    """
    document = load_data(path)
    data = document.data
    if isinstance(data, Mapping) and isinstance(data.get("form"), Mapping):
        preset, data = preset or data.get("system"), data["form"]
        document = replace(document, data=data, lines={})
    try:
        return parse_checklist(data, library=library, preset=preset)
    except ChecklistError as error:
        raise ChecklistError([_located(document, problem) for problem in error.problems]) from None


def _read(document: Document, read: Callable[[Node], Content], faults: list[Problem]) -> Content:
    """What a file holds; its problems join the faults with file, line and item."""
    problems: list[Problem] = []
    content = read(Node(document.data, "", problems))
    faults += [_located(document, problem) for problem in problems]
    return content


def _located(document: Document, problem: Problem) -> Problem:
    location = f"{document.name}, line {document.line(problem.path)}"
    named = _named(document.data, problem.path)
    return replace(problem, path=f"{location}, {named}" if named else location)


def _named(data: object, path: str) -> str:
    """The path with the item it lies in called by its id, as in INF-04.term."""
    name, remainder = "", path
    inner = data
    for step in re.finditer(r"([^.\[\]]+)|\[(\d+)\]", path):
        inner = _inner(inner, step.group(1), step.group(2))
        if isinstance(inner, Mapping):
            item_id = next((inner[key] for key in ("id", "use", "key") if key in inner), None)
            if item_id is not None:
                name, remainder = str(item_id), path[step.end() :]
    return f"{name}{remainder}"


def _inner(holder: object, key: str | None, index: str | None) -> object:
    if key is not None and isinstance(holder, Mapping):
        return holder.get(key)
    if index is not None and isinstance(holder, list) and int(index) < len(holder):
        return holder[int(index)]
    return None


def _faults(
    path: str, item: LibraryItem, earlier: Mapping[str, LibraryItem], anchors: AnchorSets
) -> Iterator[Problem]:
    if item.id in earlier:
        yield Problem(path, "error", "The id is used twice.")
    if item.anchors is not None and item.anchors not in anchors:
        yield Problem(path, "error", "Its set of anchors is not in anchors.yaml.")


def _with_reasons(root: Node, items: Mapping[str, LibraryItem]) -> dict[str, LibraryItem]:
    """The items with the reasons why no checklist has them."""
    explained = dict(items)
    root.check_keys(items)
    for item_id in items:
        if root.has(item_id):
            explained[item_id] = replace(items[item_id], off=whole_texts(root, item_id))
    return explained


def _alias_faults(items: Mapping[str, LibraryItem]) -> Iterator[Problem]:
    for item in items.values():
        target = items.get(item.alias_of) if item.alias_of else item
        if target is None or (target is not item and target.alias_of):
            values = {"target": item.alias_of}
            yield Problem(item.id, "error", "{target} does not stand for itself.", values)
