"""From choosing a kind to starting the import: template, upload, preview, columns."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import streamlit as st

from core.access import Identity
from core.errors import InvalidInput
from db.importing import import_job, uploaded_files
from db.importing.import_job import ImportTask, places_of
from db.importing.kind_registry import columns_of
from db.importing.preview import Preview, preview
from db.importing.templates import csv_template, xlsx_template
from db.importing.uploaded_files import Upload
from db.tabular.columns import FileColumn, Mapped, check_mapping, without_new
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unreadable
from pages.ui.importing import reading_choices
from pages.ui.importing.history import kind_names
from pages.ui.kit import wiring
from pages.ui.kit.messages import (
    _,
    errors_shown,
    escape_markdown,
    language,
    sentence,
    show_error,
    show_notes,
)
from pages.ui.kit.modules import entry
from pages.ui.kit.tables import show_table

_HERE = Path(__file__).parent
_ACCEPTED = {"rows": ".csv,.tsv,.txt,.jsonl,.json,.xlsx,.ods", "turns": ".csv,.tsv,.txt"}
_component = st.components.v2.component(
    "import_upload",
    html=(_HERE / "upload.html").read_text(encoding="utf-8"),
    css=(_HERE / "upload.css").read_text(encoding="utf-8"),
    js=entry("importing/upload.js"),
)


def upload(who: Identity, slot: str, label: str, accepted: str = "") -> Upload | None:
    """Take a file from the person; the last upload, also from before a reload.

    `accepted`: the endings that the browser offers, those of tables where none are given.
    """
    waiting = _waiting(who, slot)
    _component(
        key=f"upload_{slot}",
        data={
            "slot": slot,
            "accept": accepted or _ACCEPTED[slot],
            "file": {"name": waiting.name, "size": waiting.size} if waiting else None,
            "texts": {
                "label": label,
                "choose": _("Choose a file"),
                "drop": _("or drop it here"),
                "cancel": _("Cancel"),
                "sending": _("{name}: {percent} % sent"),
                "failed": _("The file did not arrive. Check the connection and try again."),
                "too_large": _("The file is larger than {limit}."),
            },
        },
        on_received_change=lambda: None,
    )
    return waiting


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SIDE_BY_SIDE = 3
_NONE = ""


def choose_kind() -> str:
    names = kind_names()
    kind = st.segmented_control(
        _("What do you import?"),
        list(names),
        format_func=names.__getitem__,
        default="stations",
        required=True,
        key="import_kind",
    )
    return str(kind)


def template(kind: str) -> None:
    """Empty files to fill in, and what belongs into each column."""
    now = wiring.now()
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, mime, make in (
            ("xlsx", _XLSX, partial(xlsx_template, kind, now, _)),
            ("csv", "text/csv", partial(csv_template, kind, now)),
        ):
            st.download_button(
                _("Template {format}", format=name.upper()),
                make,
                f"{kind}.{name}",
                mime,
                key=f"template_{kind}_{name}",
                icon=":material/download:",
                on_click="ignore",
            )
        with st.popover(_("Columns"), icon=":material/view_column:"):
            st.table(_explained(columns_of(kind, now)))


def files(who: Identity, kind: str) -> tuple[Upload | None, Upload | None]:
    """The uploaded file, and the one with turns if there is one."""
    limit = wiring.settings().max_import_mb
    rows = upload(who, "rows", _("CSV, JSONL, JSON, XLSX or ODS, up to {limit} MB", limit=limit))
    if kind != "interactions":
        return rows, None
    is_open = _waiting(who, "turns") is not None  # so that nobody overlooks a file that waits
    with st.expander(_("Turns in a file of their own"), expanded=is_open):
        st.caption(_("Only needed when the turns are not in the file or its second sheet."))
        turns = upload(who, "turns", _("CSV"))
        if turns and st.button(_("Remove"), key="remove_turns"):
            with wiring.transaction() as session:
                former = uploaded_files.discard(session, who, "turns")
            wiring.files().remove(former)
            st.rerun()
    return rows, turns


def start(who: Identity, kind: str, rows: Upload, turns: Upload | None) -> None:
    """Show what the file holds, let the columns be set right, and start the import."""
    choices = reading_choices.chosen(rows.token)
    file_preview = _preview(kind, rows, choices)
    if file_preview is None:
        return
    _show(file_preview)
    mapping = _mapping(kind, rows, file_preview)
    problem = _problem(kind, file_preview, mapping)
    strict = st.checkbox(
        _("Let nothing in if a single row is refused"),
        key="import_strict",
        value=False,
        help=_("Then an event that nobody knows refuses its row too; else it is kept unused."),
    )
    if note := problem or _limits(kind, mapping):
        st.caption(note)
    # Another tab may send another file: a click is for those that this one shows.
    tokens = "_".join(upload.token for upload in (rows, turns) if upload)
    with st.container(horizontal=True):
        pressed = st.button(
            _import_label(rows, turns),
            type="primary",
            icon=":material/upload:",
            disabled=bool(problem),
            key=f"start_import_{tokens}",
        )
        looks = st.button(
            _("Look what it would change"),
            icon=":material/preview:",
            disabled=bool(problem),
            key=f"look_at_import_{tokens}",
        )
    if pressed or looks:
        task = ImportTask(
            kind,
            places_of(mapping, file_preview.headings),
            strict=strict,
            language=language(),
            choices=choices.written(file_preview.facts.sheets),
            look=looks,
        )
        with errors_shown():
            begin(who, task, {"rows": rows} | ({"turns": turns} if turns else {}))
            st.rerun()


def _import_label(rows: Upload, turns: Upload | None) -> str:
    if turns is None:
        return _("Import {file}", file=escape_markdown(rows.name))
    return _(
        "Import {file} with the turns of {turns}",
        file=escape_markdown(rows.name),
        turns=escape_markdown(turns.name),
    )


def _preview(kind: str, rows: Upload, choices: FileChoices) -> Preview | None:
    """The first rows as they are read with the choices, which stand above; None with an error."""
    now = wiring.now()
    sheets: tuple[str, ...] = ()
    problem: Unreadable | None = None
    file_preview: Preview | None = None
    with wiring.files().local(rows.key) as path:
        with suppress(Unreadable):
            sheets = preview(path, kind, now).facts.sheets
        try:
            file_preview = preview(path, kind, now, choices)
        except Unreadable as error:
            problem = error
    columns = columns_of(kind, now)
    reading_choices.choose(rows.token, columns, sheets, is_asked=problem is not None)
    if problem:
        show_error(problem)
    return file_preview


def begin(who: Identity, task: ImportTask, uploads: dict[str, Upload]) -> None:
    """Make uploads a job and start it.

    Raises:
        InvalidInput: the person's last import still runs, or a file is gone.
    """
    with wiring.transaction() as session:
        job = import_job.begin(session, who=who, task=task, uploads=uploads, now=wiring.now())
    if job is None:
        raise InvalidInput("Your last import is still running.")
    import_job.start(job.id)


def _waiting(who: Identity, slot: str) -> Upload | None:
    """What waits in a slot; its file may be gone, as after an erasure."""
    with wiring.reading() as session:
        upload = uploaded_files.waiting(session, who, slot)
    return upload if upload and wiring.files().about(upload.key) else None


def _explained(columns: tuple[FileColumn, ...]) -> dict[str, list[str]]:
    return {
        _("Column"): [column.name for column in columns],
        _("Required"): ["●" if column.marked else "" for column in columns],
        _("What belongs there"): [_(column.hint) for column in columns],
    }


def _show(file_preview: Preview) -> None:
    st.markdown(f"**{_('The first rows')}**")
    if file_preview.rows:
        columns = {
            heading: [row[number] for row in file_preview.rows]
            for number, heading in enumerate(file_preview.headings)
        }
        show_table(columns)
        st.caption(_("Telephone, card and identity numbers and e-mail addresses are masked here."))
    else:
        st.caption(_("The file has no rows."))
    if line := reading_choices.as_read(file_preview.facts):
        st.caption(line)
    show_notes(file_preview.facts.notes)


def _mapping(kind: str, rows: Upload, file_preview: Preview) -> Mapped | None:
    """Which heading fills which column, as guessed by name and changed by the person."""
    if file_preview.mapping is None:
        return None
    headings = [heading for heading in dict.fromkeys(file_preview.headings) if heading]
    mapping: dict[str, str] = {}
    guessed = {name: heading for heading, name in file_preview.mapping.items()}
    columns = columns_of(kind, wiring.now())
    incomplete = any(column.marked and column.name not in guessed for column in columns)
    with st.expander(_("Which column of the file is which"), expanded=incomplete):
        side_by_side = st.columns(_SIDE_BY_SIDE)
        for number, column in enumerate(columns):
            heading = side_by_side[number % _SIDE_BY_SIDE].selectbox(
                f"{column.name} ●" if column.marked else column.name,
                [_NONE, *headings],
                index=1 + headings.index(guessed[column.name]) if column.name in guessed else 0,
                format_func=lambda heading: heading or "—",
                help=_(column.hint),
                key=f"column_{rows.token}_{kind}_{column.name}",
            )
            if heading:
                mapping.setdefault(heading, column.name)
        unused = [heading for heading in headings if heading not in mapping]
        if unused:
            st.caption(_("Not imported: {headings}", headings=escape_markdown(", ".join(unused))))
    return mapping


def _problem(kind: str, file_preview: Preview, mapping: Mapped | None) -> str:
    if mapping is None:
        return ""
    try:
        check_mapping(file_preview.headings, mapping, columns_of(kind, wiring.now()))
    except Unreadable as error:
        return sentence(error)
    return ""


def _limits(kind: str, mapping: Mapped | None) -> str:
    """A note that a table without some columns only changes stored rows."""
    lacking = without_new(columns_of(kind, wiring.now()), mapping) if mapping is not None else []
    if not lacking:
        return ""
    return _(
        "Only what is stored already can change; new rows are refused, they need: {columns}",
        columns=", ".join(lacking),
    )
