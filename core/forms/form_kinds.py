"""Telling forms apart and turning each into checklist data that parses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.checklist import ChecklistError, Problem, parse_checklist, to_data
from core.checklist.parse import from_form, is_form
from core.checklist.parse_items import ItemSource
from core.forms import connect, connect_result, genesys, google
from core.forms.carrying import carried_over, field_changes
from core.forms.form_node import FormError, FormNode, Imported, Repairs

_CLOUDFORMATION = "AWS::Connect::EvaluationForm"
_READERS: dict[str, Callable[[FormNode], dict[str, Any]]] = {
    "connect": connect.read,
    "connect_result": connect_result.read,
    "genesys": genesys.read,
    "google": google.read,
}


Stored = Callable[[str], Mapping[str, Any] | None]


def read_form(
    data: object,
    *,
    library: ItemSource | None = None,
    stored: Stored | None = None,
    clears: bool = False,
) -> Imported:
    """The checklist data of a form of a known system, or of our own format.

    Args:
        data: as read from the file.
        library: where `use: ID` finds its item.
        stored: the content of the checklist with a key, over which the form is read; nothing where
            there is none. What the form does not carry stays as it is there.
        clears: whether empty values empty what is stored.

    Raises:
        FormError: it is no form that can be read, or makes no checklist.
    """
    if not isinstance(data, Mapping):
        raise FormError([Problem("", "error", "A mapping is expected here.")])
    system, form, path = _told_apart(data)
    over = _Over(stored or (lambda _key: None), library, clears=clears)
    if system == "own":
        return over.read(system, form)
    repairs = Repairs()
    node = FormNode(form, path, repairs)
    content = _READERS[system](node)
    answers = connect_result.answers(node, content) if system == "connect_result" else {}
    read = replace(over, library=None).read(system, content)
    return replace(read, repairs=tuple(repairs.problems), answers=answers)


@dataclass(frozen=True)
class _Over:
    """Reads forms over what is stored."""

    stored: Stored
    library: ItemSource | None
    clears: bool

    def read(self, system: str, form: Mapping[str, Any]) -> Imported:
        form = from_form(form, None) if is_form(form) else form
        if not _has_rows(form):
            return Imported(system, _written_out(form, self.library))
        before = self.stored(str(form.get("key"))) or {}
        merged = carried_over(before, form, clears=self.clears)
        content = _written_out(merged, self.library)
        return Imported(system, content, changes=tuple(field_changes(before, content)))


def _has_rows(form: Mapping[str, Any]) -> bool:
    """Whether sections, items and answers are lists of mappings; else it makes no checklist."""
    sections = _rows(form, "sections")
    items = [item for section in sections or () for item in _rows(section, "items") or (None,)]
    return bool(sections) and all(
        item is not None and _rows(item, name) is not None
        for item in items
        for name in ("options", "ranges")
    )


def _rows(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]] | None:
    """The rows under a name; None where anything else stands there."""
    value = row.get(name)
    if value is None:
        return []
    is_list = isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
    return value if is_list else None


def _told_apart(data: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], str]:
    """The system, the form itself, and where it stands in the file."""
    path = ""
    for name in ("EvaluationForm", "form", "Properties"):
        inner = data.get(name)
        if isinstance(inner, Mapping) and "sections" not in data:
            path, data = f"{path}.{name}".strip("."), inner
    if isinstance(resources := data.get("Resources"), Mapping):
        path, data = _resource(resources)
    for system, marks in (
        ("connect_result", ("questions", "sections")),
        ("connect", ("Items",)),
        ("genesys", ("questionGroups",)),
        ("google", ("qaQuestions",)),
        ("own", ("sections",)),
    ):
        if all(mark in data for mark in marks):
            return system, data, path
    raise FormError([Problem(path, "error", "This is no form of a system that is known here.")])


def _resource(resources: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The first evaluation form of a CloudFormation template."""
    for name, resource in resources.items():
        if isinstance(resource, Mapping) and resource.get("Type") == _CLOUDFORMATION:
            inner = resource.get("Properties")
            if isinstance(inner, Mapping):
                return f"Resources.{name}.Properties", inner
    raise FormError([Problem("Resources", "error", "The template holds no evaluation form.")])


def _written_out(content: Mapping[str, Any], library: ItemSource | None) -> dict[str, Any]:
    """The content written out in full, with defaults and library items in place."""
    try:
        return to_data(parse_checklist(content, library=library))
    except ChecklistError as error:
        raise FormError(error.problems) from None
