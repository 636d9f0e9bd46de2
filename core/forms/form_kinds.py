"""Telling forms apart and turning each into checklist data that parses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.checklist import ChecklistError, Problem, parse_checklist, to_data
from core.checklist.parse_items import ItemSource
from core.forms import connect, connect_result, genesys, google
from core.forms.form_node import FormError, FormNode, Imported, Repairs

_CLOUDFORMATION = "AWS::Connect::EvaluationForm"
_READERS: dict[str, Callable[[FormNode], dict[str, Any]]] = {
    "connect": connect.read,
    "connect_result": connect_result.read,
    "genesys": genesys.read,
    "google": google.read,
}


def read_form(data: object, *, library: ItemSource | None = None) -> Imported:
    """The checklist data of a form of a known system, or of our own format.

    Raises:
        FormError: it is no form that can be read, or makes no checklist.
    """
    if not isinstance(data, Mapping):
        raise FormError([Problem("", "error", "A mapping is expected here.")])
    system, form, path = _told_apart(data)
    if system == "own":
        return Imported(system, _written_out(form, library))
    repairs = Repairs()
    node = FormNode(form, path, repairs)
    content = _READERS[system](node)
    answers = connect_result.answers(node, content) if system == "connect_result" else {}
    return Imported(system, _written_out(content, None), tuple(repairs.problems), answers)


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
