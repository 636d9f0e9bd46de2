"""How a file is to be read where its content leaves a choice: asked on the import page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import streamlit as st

from core.clock.days import zone_names
from db.tabular.columns import FileColumn
from db.tabular.encodings import ENCODINGS
from db.tabular.file_choices import FileChoices
from db.tabular.tables import TableFacts
from pages.ui.kit.messages import _, escape_markdown, number

_LAST_LINE = 999_999
_SIDE_BY_SIDE = 3


def chosen(token: str) -> FileChoices:
    """What was chosen for an uploaded file; nothing at first."""
    values = {
        name: value
        for name in FileChoices.__dataclass_fields__
        if (value := st.session_state.get(_key(token, name)))
    }
    return FileChoices.of(values)


def choose_among(token: str, names: Collection[str]) -> None:
    """Only some of the choices that have a few words."""
    with st.container(horizontal=True):
        for name, label, options in _choices(()):
            if name in names:
                _ask(st, _key(token, name), label, options)


def choose(
    token: str, columns: Sequence[FileColumn], sheets: Sequence[str], *, is_asked: bool
) -> None:
    """The choices; opened where the file cannot be read without one."""
    with st.expander(_("How the file is read"), expanded=is_asked):
        side_by_side = st.columns(_SIDE_BY_SIDE)
        for place, (name, label, options) in enumerate(_choices(sheets)):
            _ask(side_by_side[place % _SIDE_BY_SIDE], _key(token, name), label, options)
        side_by_side[0].number_input(
            _("Line with the headings"),
            min_value=0,
            max_value=_LAST_LINE,
            help=_("0 looks for it."),
            key=_key(token, "heading_line"),
        )
        st.multiselect(
            _("Columns in which N/A, NULL, nan or 1E+5 is what a thing is really called"),
            [column.name for column in columns],
            key=_key(token, "literal"),
        )


def as_read(facts: TableFacts) -> str:
    """How the file was read without being told, as one line of Markdown."""
    parts = []
    if facts.encoding:
        encoding, share = ENCODINGS.get(facts.encoding, facts.encoding), facts.confidence
        told = _(
            "Read as {encoding}, {percent} % sure",
            percent=number(100 * share, 0),
            encoding=encoding,
        )
        parts.append(told)
    if facts.sheet:
        parts.append(_("Sheet: {name}", name=escape_markdown(facts.sheet)))
    if facts.heading_line > 1:
        parts.append(_("Headings in line {line}", line=number(facts.heading_line, 0)))
    return " · ".join(parts)


def _ask(where: Any, key: str, label: str, options: dict[str, str]) -> None:  # noqa: ANN401  st itself, too
    where.selectbox(label, list(options), format_func=options.__getitem__, key=key)


def _choices(sheets: Sequence[str]) -> list[tuple[str, str, dict[str, str]]]:
    """Choice, label, and what each option is called; a workbook has sheets, a text an encoding."""
    refused = {"": _("refused")}
    by_sheets = (
        ("sheet", _("Sheet"), {"": _("the first one to see")} | {name: name for name in sheets})
        if sheets
        else ("encoding", _("Encoding"), {"": _("told by the content")} | ENCODINGS)
    )
    zones = {"": _("that of each station")} | {name: name for name in zone_names()}
    dates = {"day-first": _("8 June"), "month-first": _("6 August")}
    signs = {"point": _("point is the decimal sign"), "comma": _("comma is it")}
    hours = {"first": _("the first one"), "second": _("the second one")}
    empty = {"keeps": _("keeps what is stored"), "clears": _("clears it")}
    return [
        ("empty", _("An empty cell"), empty),
        by_sheets,
        ("zone", _("Zone of times without one"), zones),
        ("dates", _("08/06/2026 means"), refused | dates),
        ("decimal", _("1.234 and 1,234 mean"), refused | signs),
        ("twice", _("An hour that comes twice"), refused | hours),
    ]


def _key(token: str, name: str) -> str:
    return f"choice_{token}_{name}"
