"""A checklist from a file, and to a file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access import Identity
from core.checklist import Checklist, Problem
from core.checklist.problems import FaultyData
from core.errors import PortalError
from core.forms import Imported, to_connect
from db.checklists.files import as_connect, as_workbook, as_yaml
from db.importing.checklist_forms import FormFile, FormOutlook, look
from pages.ui.checklists import listing
from pages.ui.checklists.checklist_words import text_here
from pages.ui.checklists.library import library
from pages.ui.importing import outlook, reading_choices
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, escape_markdown, in_markdown, language, plural, show_notes

_SHOWN = 50
_FORM_FILE = "checklist_form"
_TYPES = ("yaml", "yml", "json", "xlsx", "ods")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def importer(who: Identity) -> None:
    """Read a file, show what was repaired and what would change, then begin a draft of it."""
    st.caption(
        _("Our own YAML, JSON or workbook, and forms of Amazon Connect, Genesys Cloud and Google.")
    )
    file = st.file_uploader(_("File"), type=_TYPES, key="import_file", max_upload_size=5)
    if file is None:
        return
    reading_choices.choose_among(_FORM_FILE, ("empty",))
    clears = reading_choices.chosen(_FORM_FILE).empty == "clears"
    form = FormFile(file.name, file.getvalue(), clears=clears)
    try:
        with wiring.reading() as session:
            seen = look(session, who=who, file=form, library=library())
    except FaultyData as error:
        st.error(_("Nothing was imported. These problems have to be solved in the file:"))
        _list(error.problems)
        return
    except PortalError as error:
        st.error(in_markdown(error.sentence, **error.values))
        return
    _show_imported(seen.imported)
    show_notes(seen.forecast.notes)
    if seen.number:
        _show_changes(seen)
    asks = bool(seen.forecast.losses())
    label = _("Begin a draft all the same") if asks else _("Begin a draft of it")
    if st.button(label, type="primary", key="import_begin"):
        listing.begin(who, seen.imported.content)


def _show_changes(seen: FormOutlook) -> None:
    """What the draft would change of the version that is stored."""
    st.caption(
        _(
            "Compared with version {number}. What the form leaves out stays as it is there.",
            number=seen.number,
        )
    )
    if seen.forecast.losses():
        outlook.question(seen.forecast)
    outlook.columns_table(seen.forecast, place=_("Item"))


def export_menu(checklist: Checklist, name: str) -> None:
    with st.popover(_("Export"), icon=":material/download:", key="export_menu"):
        for label, file, kind, make in (
            ("YAML", f"{name}.yaml", "application/yaml", partial(as_yaml, checklist)),
            ("XLSX", f"{name}.xlsx", _XLSX, partial(as_workbook, checklist)),
            (
                "Amazon Connect",
                f"{name}.connect.json",
                "application/json",
                partial(as_connect, checklist, language()),
            ),
        ):
            st.download_button(
                label, make, file, kind, key=f"export_{label}", on_click="ignore", type="tertiary"
            )
        losses = to_connect(checklist, language=language(), instance_arn="").losses
        if losses:
            title = plural(
                "{count} thing that Amazon Connect cannot express",
                "{count} things that Amazon Connect cannot express",
                len(losses),
            )
            with st.expander(title):
                _list(losses)


def _show_imported(imported: Imported) -> None:
    content = imported.content
    count = sum(len(section["items"]) for section in content["sections"])
    title = escape_markdown(text_here(content.get("title"), content["key"]))
    key = escape_markdown(content["key"])
    st.markdown(f"**{title}** · {plural('{count} item', '{count} items', count)} · {key}")
    if imported.repairs:
        count = len(imported.repairs)
        with st.expander(plural("{count} repair", "{count} repairs", count), expanded=True):
            _list(imported.repairs)
    if imported.answers:
        st.caption(_("The file holds a completed evaluation; only its form is taken over."))


def _list(problems: tuple[Problem, ...]) -> None:
    for problem in problems[:_SHOWN]:
        path = f"{escape_markdown(problem.path)}: " if problem.path else ""
        st.markdown(f"- {path}{escape_markdown(_(problem.sentence, **problem.values))}")
    if len(problems) > _SHOWN:
        st.caption(_("and {count} more", count=len(problems) - _SHOWN))
