"""Checklists as files: read in any known format, written as YAML, workbook or for Connect."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from core.checklist import Checklist, to_data
from core.checklist.parse_items import ItemSource
from core.forms import Imported, read_form, to_connect
from core.text.yamlfile import WORDS, load_data
from db.checklists import workbook

_ARN = "arn:aws:connect:us-east-1:000000000000:instance/replace-with-your-instance"
_SUFFIXES = (".xlsx", ".json", ".yaml", ".yml")


def read_file(name: str, data: bytes, *, library: ItemSource | None = None) -> Imported:
    """The checklist of an uploaded file; its name tells workbook, JSON and YAML apart.

    Raises:
        FormError: it makes no checklist; every fault with its place.
        InvalidInput: it is neither a workbook nor JSON nor YAML.
    """
    if name.lower().endswith(".xlsx"):
        return read_form(workbook.read(data), library=library)
    suffix = next((ending for ending in _SUFFIXES if name.lower().endswith(ending)), ".yaml")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"checklist{suffix}"
        path.write_bytes(data)
        return read_form(load_data(path).data, library=library)


def as_yaml(checklist: Checklist) -> bytes:
    return yaml.dump(
        to_data(checklist), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100
    ).encode()


def as_workbook(checklist: Checklist) -> bytes:
    return workbook.write(to_data(checklist))


def as_connect(checklist: Checklist, language: str) -> bytes:
    """A form to create in Amazon Connect once its instance has been put in."""
    form: Mapping[str, Any] = to_connect(checklist, language=language, instance_arn=_ARN).data
    return json.dumps(form, ensure_ascii=False, indent=1).encode()


class _Dumper(yaml.SafeDumper):
    """The safe dumper, quoting every text that our loader would read as a number or word."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  our loader reads no references
        return True


for tag, word in WORDS.items():
    _Dumper.add_implicit_resolver(tag, re.compile(f"(?:{word})$"), None)
